// Compares what was observed of an object with what its record says. Reported, never a refusal: a
// genuine record can be shown with another object. Not for whether the record is genuine.
#ifndef TOUCHSTONE_VERIFIER_OBJECT_MATCH_H_
#define TOUCHSTONE_VERIFIER_OBJECT_MATCH_H_

#include <vector>

#include "absl/types/span.h"
#include "verifier/chain.h"
#include "verifier/observed.h"
#include "verifier/stewards_state.h"
#include "verifier/verdict.h"

namespace touchstone {

// One comparison for each thing observed, in the order of Observed. `chain` is the piece's, whose
// first entry is its registration; `specification` what it is now; `claims` what has become of what
// it claimed; `stewards` tells the card keys.
std::vector<Comparison> CompareObject(const Observed& observed, const CheckedChain& chain,
                                      const Specification& specification,
                                      absl::Span<const ClaimStatus> claims,
                                      const StewardsState& stewards);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_OBJECT_MATCH_H_
