// The opening of a confidential document: the salt with which anybody who has the document checks,
// offline, that it is the one that a passport commits to (docs/FORMAT.md, section 16). Its bytes,
// and checking documents with it. Not for making one (cli/new_opening.h): this file is part of
// touchstone-verify too.
//
// The salt is no key. Who may read the document has it; without the document it only lets guesses
// be tried, for which reason it is kept as the document is.
#ifndef TOUCHSTONE_CLI_OPENING_FILE_H_
#define TOUCHSTONE_CLI_OPENING_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"

namespace touchstone::cli {

inline constexpr size_t kOpeningBytesMax = 4096;

struct DocumentOpening {
  std::optional<PassportId> passport;  // nothing: it was made before the passport was
  std::string kind;                    // of v1::Commitment, "RECEIPT"
  Digest document_sha256 = {};         // the commitment that is in the log
  std::string salt;                    // 32 bytes
  std::string name;                    // of the document, for people; may be empty
  std::string media_type;              // may be empty
  uint64_t size = 0;                   // of the document, bytes
};

// JSON, ended by a line end.
std::string FormatOpening(const DocumentOpening& opening);

// Whether it says that it is an opening, one that cannot be parsed too.
bool IsOpening(absl::string_view text);

// Reads what FormatOpening writes, in any order and spacing. InvalidArgument, with line and column:
// what is no opening, a member that is missing, doubled or unknown. kUnknownVersion for one of a
// later version.
absl::StatusOr<DocumentOpening> ParseOpening(absl::string_view text);

// The same of a file; errors name it.
absl::StatusOr<DocumentOpening> ReadOpeningFile(const std::string& path);

// kWrongDocument unless the opening is that of this document: its size and commitment are the ones
// that it says.
absl::Status CheckOpens(const DocumentOpening& opening, absl::string_view document);

// SHA-256 of a public document; with a salt, the commitment to a confidential one.
Digest DocumentDigest(absl::string_view salt, absl::string_view document);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_OPENING_FILE_H_
