// What a camera reads off a passport card: a link with a token in it, or the token alone. Not for
// the token's bytes (verifier/card_token.h) or the link's syntax (verifier/digital_link.h).
#ifndef TOUCHSTONE_VERIFIER_SCANNED_CARD_H_
#define TOUCHSTONE_VERIFIER_SCANNED_CARD_H_

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/card_token.h"
#include "verifier/stewards_state.h"

namespace touchstone {

class ScannedCard {
 public:
  // Errors: those of DigitalLink::Parse and CardToken::Parse; kWrongCard if the link names another
  // piece than the token.
  static absl::StatusOr<ScannedCard> Parse(absl::string_view scanned);

  const CardToken& token() const { return token_; }

  // The enrolled card key that signed the token. Errors: kUnknownCardKey, kBadSignature. Valid
  // while `stewards` is.
  absl::StatusOr<const CardKey*> CheckIssued(const StewardsState& stewards) const;

 private:
  explicit ScannedCard(CardToken token) : token_(std::move(token)) {}
  CardToken token_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SCANNED_CARD_H_
