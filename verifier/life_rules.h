// Whether a passport's state allows what a statement says: the phase it is in, what lies on it, and
// what the statement refers to (docs/FORMAT.md, section 9). Not for who signs it
// (verifier/seats.h, verifier/vouching_role.h) and not for claims (verifier/claim_fold.h).
#ifndef TOUCHSTONE_VERIFIER_LIFE_RULES_H_
#define TOUCHSTONE_VERIFIER_LIFE_RULES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "verifier/passport_state.h"
#include "verifier/statement.h"

namespace touchstone {

// Errors: kStaleBuildsOn (whose message ends in the digest of the newest ownership entry, in hex),
// kWrongPhase, kFrozen, kQuotaExceeded, kKeyReused, kWrongState, kNoSuchEntry, kTooEarly,
// kOfferExpired, kNoEntitlement, kWrongSpecification. `time_ms`: the entry's.
absl::Status CheckLife(const ParsedStatement& statement, const PassportState& before,
                       uint64_t time_ms, uint64_t notice_period_ms);

// How much room there is for an entry: what the holder says alone, ownership events apart, is a
// record, or he would have all the room.
Room RoomOf(const ParsedStatement& statement, bool by_holder_alone);

// Whether `participant`, or the holder where it is empty, has room for one more entry of that kind.
// kQuotaExceeded.
absl::Status CheckSignersRoom(const ParsedStatement& statement, const PassportState& before,
                              absl::string_view participant);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_LIFE_RULES_H_
