#include "cli/card_issue.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/card_token.h"
#include "verifier/container.h"
#include "verifier/digital_link.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/verify_cards.h"

namespace touchstone::cli {
namespace {

// The first LAB_REPORT inscription, otherwise the first SERIAL one (docs/FORMAT.md, section 12).
std::string CardInscription(const v1::Piece& piece) {
  for (const v1::Inscription::Kind kind : {v1::Inscription::LAB_REPORT, v1::Inscription::SERIAL}) {
    for (const v1::Inscription& inscription : piece.inscriptions()) {
      if (inscription.kind() == kind) return inscription.text();
    }
  }
  return "";
}

absl::StatusOr<uint16_t> CardDay(absl::CivilDay day) {
  const absl::civil_diff_t days = day - absl::CivilDay(2020, 1, 1);
  if (days < 0 || days > UINT16_MAX) {
    return absl::InvalidArgumentError(
        "cards are issued on days from 2020-01-01 to 2199-06-06 only");
  }
  return static_cast<uint16_t>(days);
}

absl::StatusOr<DigitalLink::Key> LinkKey(const VerifiedRecord& record) {
  if (record.piece.gtin14().empty()) return record.passport_id;
  absl::StatusOr<Gtin> gtin = Gtin::Parse14(record.piece.gtin14());
  if (!gtin.ok()) return gtin.status();
  return GtinSerial{*std::move(gtin), record.piece.serial()};
}

}  // namespace

std::string DefaultResolver(absl::string_view log_origin) {
  const absl::string_view host = log_origin.substr(0, log_origin.find('/'));
  return absl::StrCat("https://", host);
}

absl::StatusOr<std::string> CardsOfPassport(const HeldPassport& passport) {
  const absl::StatusOr<absl::string_view> message =
      OpenContainer(ContainerType::kPassport, passport.file);
  if (!message.ok()) return message.status();
  v1::Passport whole;
  if (!whole.ParseFromString(std::string(message->data(), message->size()))) {
    return absl::InternalError("a verified passport file became unreadable");
  }
  v1::Passport cards;
  *cards.mutable_checkpoint() = whole.checkpoint();
  *cards.mutable_index_root() = whole.index_root();
  *cards.mutable_stewards() = whole.stewards();
  return SealContainer(ContainerType::kCards, cards.SerializeAsString());
}

absl::StatusOr<std::string> IssueCardLink(const TrustPolicy& policy, const HeldPassport& passport,
                                          const SecretKey& card_key, absl::CivilDay day,
                                          absl::string_view resolver, uint64_t now_ms) {
  const VerifiedRecord& record = passport.record;
  const absl::StatusOr<uint16_t> card_day = CardDay(day);
  if (!card_day.ok()) return card_day.status();
  const CardText text = {
      .card_key_id = CardKeyIdOf(card_key.public_key()),
      .passport_id = record.passport_id,
      .registration = record.registration,
      .day = *card_day,
      .serial = record.piece.serial(),
      .inscription = CutForCard(CardInscription(record.piece), limits::kCardInscriptionBytesMax),
      .title = CutForCard(record.piece.title(), limits::kCardTitleBytesMax)};
  const absl::StatusOr<std::string> body = EncodeCardBody(text);
  if (!body.ok()) return body.status();
  const absl::StatusOr<CardToken> token =
      CardToken::Assemble(*body, card_key.Sign(CardSignedBytes(policy.origin(), *body)));
  if (!token.ok()) return token.status();
  const absl::StatusOr<DigitalLink::Key> key = LinkKey(record);
  if (!key.ok()) return key.status();
  const absl::StatusOr<DigitalLink> link = DigitalLink::Create(resolver, *key, token->Format());
  if (!link.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--resolver '", resolver, "': ", link.status().message()));
  }

  // What a customer's verifier will do, before anything is printed.
  const absl::StatusOr<std::string> cards = CardsOfPassport(passport);
  if (!cards.ok()) return cards.status();
  const CardVerdict verdict = VerifyCard(policy, link->Format(), *cards, now_ms);
  if (verdict.outcome == Outcome::kVerified) return link->Format();
  if (verdict.reason.has_value() && verdict.reason->code == RefusalCode::kUnknownCardKey) {
    return absl::PermissionDeniedError(
        "the card key is not enrolled in this log as of the passport; enrol it (touchstone card "
        "enrol, signed by the stewards), then fetch the passport anew (touchstone get)");
  }
  return absl::InternalError(absl::StrCat(
      "the card does not verify: ", verdict.reason.has_value() ? verdict.reason->detail : ""));
}

}  // namespace touchstone::cli
