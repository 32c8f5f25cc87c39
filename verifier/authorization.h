// Whether a statement may be said: by exactly these signers, at this position of the log, in this
// state of its subject (docs/FORMAT.md, "Who may say what"). The registry asks before it appends,
// the verifier asks again about everything that was appended: the same functions. Not for whether
// the signatures are genuine (verifier/envelope_signature.h), nor for what other pieces have done
// to the claims (verifier/claim_fold.h).
#ifndef TOUCHSTONE_VERIFIER_AUTHORIZATION_H_
#define TOUCHSTONE_VERIFIER_AUTHORIZATION_H_

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "verifier/digest.h"
#include "verifier/participant_state.h"
#include "verifier/passport_state.h"
#include "verifier/public_key.h"
#include "verifier/statement.h"
#include "verifier/stewards_state.h"

namespace touchstone {

// The participant for whom the key with that id is, or ever was, enrolled; nullptr if there is
// none. What it points to must live as long as the results here are used.
using ParticipantByKey = absl::FunctionRef<const ParticipantState*(const Digest& key_id)>;

// `signers` below are the key ids of the envelope's signatures, strictly ascending, each signature
// checked (before or after) against the key that SigningKey() finds. `position` is the entry's.
//
// Errors of all three, as far as they apply: kWrongOrigin (the statement is for another log);
// kLogClosed; kNoSuchSubject; kSubjectExists; kUnknownSigner; kKeyNotYetEnrolled; kKeyRevoked;
// kWrongRole; kMissingSignature; kSurplusSignature.

// The genesis, at position 0, by `threshold` of the keys that it names itself.
absl::Status AuthorizeGenesis(const ParsedStatement& genesis, absl::Span<const Digest> signers);

// Later entries of the stewards' chain.
absl::Status AuthorizeStewardsEvent(const ParsedStatement& statement,
                                    absl::Span<const Digest> signers, const StewardsState& stewards,
                                    uint64_t position);

// Entries of a participant's chain. `before` is the participant's state; nullptr if there is none
// yet. Errors besides: kKeyInUse, kNoSuchKey, kInvalidField (compromised_from in the future).
absl::Status AuthorizeParticipantEvent(const ParsedStatement& statement,
                                       absl::Span<const Digest> signers,
                                       const StewardsState& stewards,
                                       const ParticipantState* before,
                                       ParticipantByKey participant_by_key, uint64_t position);

// A participant who vouches for an entry of a passport: who signed it, and not as an owner. The
// participants whose chains a passport file holds are exactly these. (A key that has a seat is an
// owner's, even if it is enrolled for a participant too.)
struct VouchingParticipant {
  const ParticipantState* participant = nullptr;
  // In which of its roles. For a laboratory report: kLaboratory is "issued by", kIssuer "as
  // provided".
  Role role = Role::kIssuer;
  Digest key_id = {};
  bool doubted = false;  // KeyStanding::kDoubted
};

// Where and when an entry stands.
struct EntryMoment {
  uint64_t position = 0;
  uint64_t time_ms = 0;
};

// Entries of a passport's chain. `before` is the passport's state; nullptr if there is none yet.
// Returns the participant that the event calls for; nothing where only owners sign
// (verifier/seats.h). Errors besides: kForeignGtin, kWrongClaimStep, those of
// verifier/life_rules.h.
absl::StatusOr<std::optional<VouchingParticipant>> AuthorizePassportEvent(
    const ParsedStatement& statement, absl::Span<const Digest> signers,
    const StewardsState& stewards, const PassportState* before, ParticipantByKey participant_by_key,
    const EntryMoment& moment);

// The key that a signature under `key_id` on `statement` must verify with: one that the statement
// itself names, the holder's, the pledgee's or the next owner's of whom the passport's state knows,
// a steward's, or a participant's. Nothing if it is none of them: then the functions above refuse
// the statement, and say why. Whether the key counts is theirs to say. `stewards` is nullptr for
// the genesis; `passport` where there is no state yet.
std::optional<PublicKey> SigningKey(const Digest& key_id, const ParsedStatement& statement,
                                    const StewardsState* stewards, const PassportState* passport,
                                    ParticipantByKey participant_by_key);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_AUTHORIZATION_H_
