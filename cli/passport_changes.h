// What has changed between two verified states of one passport. Not for getting hold of them
// (cli/passport_source.h).
#ifndef TOUCHSTONE_CLI_PASSPORT_CHANGES_H_
#define TOUCHSTONE_CLI_PASSPORT_CHANGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "verifier/claim.h"
#include "verifier/claim_fold.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// Of a claim that the piece had made. Other pieces' entries change it: a contest, a resolution.
struct ClaimChange {
  ClaimSubject claim;
  ClaimStanding before = ClaimStanding::kNone;
  ClaimStanding now = ClaimStanding::kNone;
  uint32_t new_events = 0;  // by any piece
};

struct PassportChanges {
  std::vector<TimelineEntry> added;
  // Numbers of entries that both have and that are doubted only now: a key was revoked since.
  std::vector<uint32_t> newly_doubted;
  // Claims that stand otherwise, or of which something was said, ascending. New ones that the piece
  // alone bears are not among them: an added entry made them.
  std::vector<ClaimChange> claims;
  bool holding_changed = false;
  bool became_final = false;  // the log was closed

  bool any() const {
    return !added.empty() || !newly_doubted.empty() || !claims.empty() || holding_changed ||
           became_final;
  }
};

// Both are of the same passport. DataLoss if `after` does not begin with the entries of `before`:
// then one of them comes from another history.
absl::StatusOr<PassportChanges> ChangesBetween(const VerifiedRecord& before,
                                               const VerifiedRecord& after);

// For reading, and as a JSON object.
std::string ChangesToText(const PassportChanges& changes, const VerifiedRecord& before,
                          const VerifiedRecord& after);
std::string ChangesToJson(const PassportChanges& changes, const VerifiedRecord& before,
                          const VerifiedRecord& after);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PASSPORT_CHANGES_H_
