// Claim codes on their way to the customer and back: the page that is printed at the sale, and the
// code as whoever claims the piece types it. Files are private, and nothing here puts a code on a
// command line, into a message or into a log. What a code is: verifier/signing/claim_code.h.
#ifndef TOUCHSTONE_CLI_CLAIM_CODE_PAGE_H_
#define TOUCHSTONE_CLI_CLAIM_CODE_PAGE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/passport_id.h"
#include "verifier/signing/claim_code.h"

namespace touchstone::cli {

// A fresh code, on a page in a new file of mode 0600 that is on disk when this returns. Errors:
// AlreadyExists, and those of CreatePrivateFile.
absl::StatusOr<ClaimCode> CreateClaimCodePage(const std::string& path, absl::string_view title,
                                              const PassportId& id);

// The code of a page that is there already. Errors: those of ReadPrivateFile and ClaimCode::Parse;
// InvalidArgument, naming the path, where the page is of another piece or of none.
absl::StatusOr<ClaimCode> ReadClaimCodePage(const std::string& path, const PassportId& id);

// Whether it is such a page, or a code and nothing else.
bool IsClaimCodePage(absl::string_view text);

// The code as the customer has it: in such a page or a file with nothing but the code, on standard
// input (`path` is "-"), or, if `path` is empty, typed at the terminal, unseen, in up to three
// tries. Errors: as above; FailedPrecondition (no terminal); Cancelled.
absl::StatusOr<ClaimCode> GetClaimCode(const std::string& path, const PassportId& id);

// Shows the code at the terminal from which the program was started, and nowhere else.
// FailedPrecondition if there is none.
absl::Status CheckCanShowClaimCode();
absl::Status ShowClaimCode(const ClaimCode& code);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLAIM_CODE_PAGE_H_
