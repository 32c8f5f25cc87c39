// Which claims a command is about: those that a new statement makes and must contest or take over,
// and those of a passport that somebody names in words. Not for the rules (verifier/claim_fold.h).
#ifndef TOUCHSTONE_CLI_CLAIM_SELECTION_H_
#define TOUCHSTONE_CLI_CLAIM_SELECTION_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/context.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/claim.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// The options of every command that makes claims.
struct NewClaimOptions {
  bool contest = false;
  std::vector<std::string> predecessors;  // passports: ids or files
};
void AddNewClaimOptions(CLI::App* command, NewClaimOptions* options);

// Fills in what the registration or laboratory report in `statement` contests (with --contest,
// those of its claims that the registry has under another passport and, where no predecessor is
// named, those that were let go) and which entries of the named
// predecessors released what it claims. `passport`: of the piece, where it is registered. Errors:
// those of the look-ups; InvalidArgument for a predecessor that has released none of the claims.
absl::Status FillNewClaims(Context& context, const NewClaimOptions& options,
                           const VerifiedRecord* passport, v1::Statement* statement);

// Fills in a reference to `claim`.
void AddReference(const ClaimSubject& claim, v1::ClaimReference* reference);

// Those of the piece's claims with that standing that one of `texts` names: "GIA 2141438167" is
// both the inscription and the report with it, "report GIA 2141438167" the one, "all" every one
// that is no GTIN. Ascending. InvalidArgument for a text that names none, saying what there is.
absl::StatusOr<std::vector<ClaimSubject>> SelectClaims(const VerifiedRecord& record,
                                                       ClaimStanding standing,
                                                       const std::vector<std::string>& texts);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLAIM_SELECTION_H_
