#include "verifier/scanned_card.h"

#include <string>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/digital_link.h"
#include "verifier/refusal.h"
#include "verifier/time_text.h"

namespace touchstone {
namespace {

bool NamesSamePiece(const DigitalLink& link, const CardText& text) {
  if (const auto* id = std::get_if<PassportId>(&link.key())) return *id == text.passport_id;
  return std::get<GtinSerial>(link.key()).serial == text.serial;
}

}  // namespace

absl::StatusOr<ScannedCard> ScannedCard::Parse(absl::string_view scanned) {
  // A token's alphabet has no colon.
  if (!absl::StrContains(scanned, ":")) {
    absl::StatusOr<CardToken> token = CardToken::Parse(scanned);
    if (!token.ok()) return token.status();
    return ScannedCard(*std::move(token));
  }
  const absl::StatusOr<DigitalLink> link = DigitalLink::Parse(scanned);
  if (!link.ok()) return link.status();
  absl::StatusOr<CardToken> token = CardToken::Parse(link->token());
  if (!token.ok()) return token.status();
  if (!NamesSamePiece(*link, token->text())) {
    return Refuse(RefusalCode::kWrongCard, "the link names another piece than the token behind it");
  }
  return ScannedCard(*std::move(token));
}

namespace {

// ISO 8601 dates compare as their text does.
absl::Status CheckNotRevoked(const CardKey& key, uint16_t day) {
  if (!key.revoked || FormatCardDay(day) < key.revoked->good_before) return absl::OkStatus();
  return Refuse(RefusalCode::kKeyRevoked,
                absl::StrCat("the key that signed the card was revoked at position ",
                             key.revoked->place.position,
                             "; whoever has it can make such cards. Ask the registry for the "
                             "piece's passport"));
}

}  // namespace

absl::StatusOr<const CardKey*> ScannedCard::CheckIssued(const StewardsState& stewards) const {
  absl::Status status = Refuse(
      RefusalCode::kUnknownCardKey,
      absl::StrCat("none of the ", stewards.card_keys().size(),
                   " card keys that are enrolled as of this checkpoint is the one named on the "
                   "card; a newer checkpoint may have it"));
  for (const CardKey& key : stewards.card_keys()) {
    // Eight bytes of the id stand on the card: another key may share them.
    if (CardKeyIdOf(key.key) != token_.text().card_key_id) continue;
    status = token_.Verify(stewards.log_origin(), {key.key});
    if (status.ok()) status = CheckNotRevoked(key, token_.text().day);
    if (status.ok()) return &key;
  }
  return status;
}

}  // namespace touchstone
