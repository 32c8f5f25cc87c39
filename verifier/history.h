// Puts a checked passport into the words of a verdict: who stands behind which entry, and what
// happened when. Not for checking anything.
#ifndef TOUCHSTONE_VERIFIER_HISTORY_H_
#define TOUCHSTONE_VERIFIER_HISTORY_H_

#include <vector>

#include "verifier/chain.h"
#include "verifier/chain_fold.h"
#include "verifier/verdict.h"

namespace touchstone {

// Ascending by participant id. `folded` is of `chain`.
std::vector<Signer> SignersOf(const CheckedChain& chain, const FoldedPassport& folded);

// `signers` is what SignersOf gave.
std::vector<TimelineEntry> TimelineOf(const CheckedChain& chain, const FoldedPassport& folded,
                                      const std::vector<Signer>& signers);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_HISTORY_H_
