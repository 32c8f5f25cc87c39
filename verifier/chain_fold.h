// Folds checked chains into states, asking of every entry whether its signatures are genuine and
// whether it was allowed (docs/FORMAT.md, sections 7.4 and 9). Not for whether the chains are whole
// (verifier/chain.h).
#ifndef TOUCHSTONE_VERIFIER_CHAIN_FOLD_H_
#define TOUCHSTONE_VERIFIER_CHAIN_FOLD_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "verifier/authorization.h"
#include "verifier/chain.h"
#include "verifier/claim.h"
#include "verifier/participant_state.h"
#include "verifier/passport_state.h"
#include "verifier/policy.h"
#include "verifier/stewards_state.h"

namespace touchstone {

// Errors of all, naming the entry: those of verifier/authorization.h; kBadSignature.

// Errors besides: kNoGenesis; kWrongGenesis (the first entry is not at position 0, has not the
// digest that the policy names, or not the time that its statement says); kWrongOrigin.
absl::StatusOr<StewardsState> FoldStewards(const TrustPolicy& policy, const CheckedChain& chain);

// `others` finds the participants that were folded before.
absl::StatusOr<ParticipantState> FoldParticipant(const StewardsState& stewards,
                                                 const CheckedChain& chain,
                                                 ParticipantByKey others);

// What entry `number` of the passport does to a claim.
struct TakenStep {
  ClaimStep step;
  uint32_t number = 0;
};

struct FoldedPassport {
  PassportState state;
  // For each entry, by number: who vouches for it; nothing where only owners signed. The pointers
  // are those of `participant_by_key`.
  std::vector<std::optional<VouchingParticipant>> vouching;
  std::vector<TakenStep> steps;  // ascending by claim, then by number; of each claim in the state
};

absl::StatusOr<FoldedPassport> FoldPassport(const StewardsState& stewards,
                                            const CheckedChain& chain,
                                            ParticipantByKey participant_by_key);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CHAIN_FOLD_H_
