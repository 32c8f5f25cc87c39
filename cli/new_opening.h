// Makes openings of confidential documents, with salts from the system's randomness, and puts them
// where nobody else reads them. Not for reading them (cli/opening_file.h).
#ifndef TOUCHSTONE_CLI_NEW_OPENING_H_
#define TOUCHSTONE_CLI_NEW_OPENING_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/opening_file.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/passport_id.h"

namespace touchstone::cli {

// "receipt.pdf.opening": where commands look for it, and put it, unless they are told.
std::string OpeningPathOf(const std::string& document_path);

// Of `document` with a fresh salt.
DocumentOpening NewOpening(const std::optional<PassportId>& passport, v1::Commitment::Kind kind,
                           absl::string_view document, absl::string_view name,
                           absl::string_view media_type);

// A new file of mode 0600, on disk when this returns OK. AlreadyExists if something is there.
absl::Status SaveOpening(const std::string& path, const DocumentOpening& opening);

// The file at `path` if it is there: then it must be the opening of that document, of that kind and
// piece; else `made`, saved there. So a command that is run again goes on with the same salt.
absl::StatusOr<DocumentOpening> KeptOrSaved(const std::string& path, absl::string_view document,
                                            const DocumentOpening& made);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_NEW_OPENING_H_
