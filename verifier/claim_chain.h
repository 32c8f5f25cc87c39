// The check of claims of docs/FORMAT.md, section 7: that the file shows every event of every claim
// that the piece ever made, and what has become of each. Not for the grammar of events
// (verifier/claim_fold.h), nor for what the entries do to claims (verifier/chain_fold.h).
#ifndef TOUCHSTONE_VERIFIER_CLAIM_CHAIN_H_
#define TOUCHSTONE_VERIFIER_CLAIM_CHAIN_H_

#include <google/protobuf/repeated_field.h>

#include <vector>

#include "absl/status/statusor.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/chain.h"
#include "verifier/chain_fold.h"
#include "verifier/log_snapshot.h"
#include "verifier/verdict.h"

namespace touchstone {

// `folded` is of `piece`. Returns the claims, ascending. Errors: kWrongClaims (the file holds
// others, more or fewer; an event is missing, too many or out of order); kBadIndexProof; those of
// ClaimFold; kWrongPredecessors; kUnknownRules (an event of a kind that claims do not have here).
absl::StatusOr<std::vector<ClaimStatus>> CheckClaims(
    const LogSnapshot& log, const CheckedChain& piece, const FoldedPassport& folded,
    const google::protobuf::RepeatedPtrField<v1::ClaimChain>& chains);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CLAIM_CHAIN_H_
