// The check of a proof of ownership (docs/FORMAT.md, section 14): that whoever answered a question
// has the key that holds the piece, as of the passport's checkpoint. Offline, from nothing but its
// arguments. Not for whether anybody is honest: a key can be lent, and a piece be elsewhere.
#ifndef TOUCHSTONE_VERIFIER_VERIFY_OWNERSHIP_PROOF_H_
#define TOUCHSTONE_VERIFIER_VERIFY_OWNERSHIP_PROOF_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/event_rules.h"
#include "verifier/ownership_proof.h"
#include "verifier/policy.h"
#include "verifier/verdict.h"

namespace touchstone {

// As what the key holds the piece.
enum class HolderKind {
  kOwner,      // it was claimed by this key, or handed on to it
  kConsignee,  // a dealer, who sells it for its owner
  kClaimKey,   // sold and not claimed: store and printer may have seen the code of this key
};

// "owner", "consignee", "claim_key".
absl::string_view HolderKindName(HolderKind kind);

struct ProvenOwnership {
  OwnershipChallenge challenge;
  HolderKind holder = HolderKind::kOwner;
  VerifiedRecord record;  // since when, as of which checkpoint, what lies on the piece
};

// What keeps the piece from being handed on, as of the checkpoint; empty if nothing does.
std::vector<Restraint> RestraintsOn(const HoldingStatus& status);

// `passport` is the bytes of a .passport file; `challenge` and `proof` are texts
// (verifier/ownership_proof.h): the question that the caller asked, and what it was given for an
// answer. Checks in the order of docs/FORMAT.md, and stops at the first failure. Every error
// carries a refusal code: those of parsing both and of CheckPassport; kMissingSignature and
// kSurplusSignature; kWrongChallenge, kWrongOrigin, kWrongPassport, kChallengeExpired,
// kChallengeInFuture, kNotTheHolder, kBadSignature.
absl::StatusOr<ProvenOwnership> CheckOwnershipProof(const TrustPolicy& policy,
                                                    absl::string_view passport,
                                                    absl::string_view challenge,
                                                    absl::string_view proof, uint64_t now_ms);

struct OwnershipVerdict {
  static OwnershipVerdict From(absl::StatusOr<ProvenOwnership> checked);

  Outcome outcome = Outcome::kRefused;
  std::optional<RefusalReason> reason;       // unless verified
  std::optional<ProvenOwnership> ownership;  // if verified
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERIFY_OWNERSHIP_PROOF_H_
