// Who must sign a statement about a passport, as far as that is a matter of keys and not of roles:
// whoever holds the piece, whoever comes to, and whether a participant vouches beside them or alone
// (docs/FORMAT.md, section 9). In which role the participant may is verifier/vouching_role.h.
#ifndef TOUCHSTONE_VERIFIER_SEATS_H_
#define TOUCHSTONE_VERIFIER_SEATS_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/digest.h"
#include "verifier/passport_state.h"
#include "verifier/statement.h"

namespace touchstone {

struct Seat {
  Digest key_id = {};
  absl::string_view whose;  // "the present owner", for people
};

struct Seats {
  std::vector<Seat> keys;  // each must have signed
  bool voucher = false;    // and one participant more
  bool by_holder = false;  // whether the holder's key is among `keys`
};

// `before` is the passport's state; nullptr for a registration. `signers`: who has signed, since
// some things may be said by the holder, or by a participant. Where the state before lacks what the
// event needs (verifier/life_rules.h refuses that), its seat is missing.
Seats SeatsOf(const ParsedStatement& statement, const PassportState* before,
              absl::Span<const Digest> signers);

// The key of the participant who vouches for an authorized statement: the signer who has no seat.
// Nothing where only owners sign.
std::optional<Digest> VoucherKeyOf(const ParsedStatement& statement, const PassportState* before,
                                   absl::Span<const Digest> signers);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SEATS_H_
