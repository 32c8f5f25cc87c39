// In which of its roles a participant vouches for an entry of a passport, if it may at all
// (docs/FORMAT.md, "Who may say what"). A part of verifier/authorization.h, which also asks for the
// other signatures and for the passport's state.
#ifndef TOUCHSTONE_VERIFIER_VOUCHING_ROLE_H_
#define TOUCHSTONE_VERIFIER_VOUCHING_ROLE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "verifier/authorization.h"
#include "verifier/digest.h"
#include "verifier/participant_state.h"
#include "verifier/passport_state.h"
#include "verifier/statement.h"

namespace touchstone {

// A participant by a key that counts, with the details in force.
struct Standing {
  const ParticipantState* participant = nullptr;
  const ParticipantDetails* details = nullptr;
  bool doubted = false;
};

// The participant whose key `key_id` is, if the key counts at `position`. Errors: kUnknownSigner;
// kKeyNotYetEnrolled; kKeyRevoked.
absl::StatusOr<Standing> StandingOf(const Digest& key_id, ParticipantByKey participant_by_key,
                                    uint64_t position);

// The role in which the participant of `standing` may say this, beside the holder's signature or
// without it. `before` is the passport's state, which is there for everything but a registration.
// Errors: kWrongRole; kForeignGtin.
absl::StatusOr<Role> VouchingRole(const ParsedStatement& statement, const PassportState* before,
                                  const Standing& standing, bool beside_holder);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VOUCHING_ROLE_H_
