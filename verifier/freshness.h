// What a snapshot of the log says about itself in a verdict: by whom it is signed, and how old it
// is. Not for whether it is to be believed (verifier/log_snapshot.h).
#ifndef TOUCHSTONE_VERIFIER_FRESHNESS_H_
#define TOUCHSTONE_VERIFIER_FRESHNESS_H_

#include <cstdint>

#include "verifier/log_snapshot.h"
#include "verifier/policy.h"
#include "verifier/stewards_state.h"
#include "verifier/verdict.h"

namespace touchstone {

LogEvidence EvidenceOf(const TrustPolicy& policy, const LogSnapshot& log,
                       const StewardsState& stewards);

// `now_ms` is since 1970-01-01T00:00:00Z.
Freshness FreshnessOf(const TrustPolicy& policy, const LogSnapshot& log,
                      const StewardsState& stewards, uint64_t now_ms);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_FRESHNESS_H_
