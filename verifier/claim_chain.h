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
    LogSnapshot& log, const CheckedChain& piece, const FoldedPassport& folded,
    const google::protobuf::RepeatedPtrField<v1::ClaimChain>& chains);

// OK if the file shows every event of the claim in `chain`, and after them no piece holds it: there
// are none, or the last released it. `claim` is what `chain` says that it is about; also a passport
// by its id (kPassportEntry), which must have no entries. Errors: kWrongClaims (a piece holds it);
// those of CheckClaims.
absl::Status CheckUnclaimed(LogSnapshot& log, const ClaimSubject& claim,
                            const v1::ClaimChain& chain);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CLAIM_CHAIN_H_
