// What only those can ask of a claim who know whose its events are: the registry before it appends,
// and an auditor (docs/FORMAT.md, section 8). Beside what every passport's verifier asks
// (verifier/claim_fold.h): of which piece and for whom a release was, and how often one issuer has
// made or contested the claim.
#ifndef TOUCHSTONE_VERIFIER_KNOWN_CLAIMS_H_
#define TOUCHSTONE_VERIFIER_KNOWN_CLAIMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/passport_id.h"
#include "verifier/statement.h"

namespace touchstone {

// An event of a claim, for those who know whose it is.
struct KnownClaimEvent {
  IndexEvent event = IndexEvent::kClaim;
  Digest digest = {};
  uint64_t position = 0;
  PassportId passport;  // of a resolution, the one that is right
};
using ClaimEventsOf =
    absl::FunctionRef<absl::StatusOr<std::vector<KnownClaimEvent>>(const ClaimSubject& claim)>;
// For whom the entry of a release is.
struct ReleaseTerms {
  std::vector<std::string> successors;  // ParsedStatement::successors
  std::string successor_issuer;         // ParsedStatement::successor_issuer

  static ReleaseTerms Of(const ParsedStatement& release) {
    return {release.successors(), release.successor_issuer()};
  }
};
using ReleaseTermsOf =
    absl::FunctionRef<absl::StatusOr<ReleaseTerms>(const KnownClaimEvent& release)>;
// The issuer of record of a passport that has an entry.
using IssuerOf = absl::FunctionRef<absl::StatusOr<std::string>(const PassportId& passport)>;

// The number of each step among the events of its claim, if all that has happened to the claims so
// far allows the entry with `statement` to take `steps` (ClaimStepsOf). `issuer`: the issuer of
// record of the statement's passport. Errors: those of ClaimFold; kQuotaExceeded, too, where
// passports of that issuer have taken part in the claim too often; kWrongPredecessors, also for a
// release that names successors and not this passport, or another issuer; what the functions
// return.
absl::StatusOr<std::vector<uint32_t>> NumberClaimSteps(const ParsedStatement& statement,
                                                       absl::string_view issuer,
                                                       absl::Span<const ClaimStep> steps,
                                                       ClaimEventsOf events_of,
                                                       ReleaseTermsOf terms_of, IssuerOf issuer_of);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_KNOWN_CLAIMS_H_
