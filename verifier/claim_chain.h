// The check of claims of docs/FORMAT.md, section 7: that the piece alone bears what it claims, and
// that the file shows every event of every claim that it makes. Not for which claims those are
// (verifier/chain_fold.h).
#ifndef TOUCHSTONE_VERIFIER_CLAIM_CHAIN_H_
#define TOUCHSTONE_VERIFIER_CLAIM_CHAIN_H_

#include <google/protobuf/repeated_field.h>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/chain_fold.h"
#include "verifier/log_snapshot.h"

namespace touchstone {

// `made`: the claims that the piece's entries make, ascending. Errors: kWrongClaims (the file holds
// others, more or fewer, or one that begins with another entry); kBadIndexProof; kUnknownRules (a
// later event of a claim, which no event of this version of the rules can have made).
absl::Status CheckClaims(LogSnapshot& log, absl::Span<const MadeClaim> made,
                         const google::protobuf::RepeatedPtrField<v1::ClaimChain>& chains);

// OK if the file shows every event of `chain` and no piece holds it: it has none. (`chain.kind` was
// checked.) Errors: kWrongClaims (somebody holds it); kBadIndexProof; kMalformed.
absl::Status CheckUnclaimed(const LogSnapshot& log, const v1::ClaimChain& chain);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CLAIM_CHAIN_H_
