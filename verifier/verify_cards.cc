#include "verifier/verify_cards.h"

#include <utility>

#include "verifier/freshness.h"
#include "verifier/log_snapshot.h"
#include "verifier/passport_file.h"
#include "verifier/refusal.h"
#include "verifier/scanned_card.h"

namespace touchstone {
namespace {

absl::Status CheckOnlyCards(const v1::Passport& message) {
  if (!message.has_piece() && message.participants().empty() && message.claims().empty()) {
    return absl::OkStatus();
  }
  return Refuse(RefusalCode::kMalformed,
                "a cards file holds a checkpoint, an index root and the stewards' chain only");
}

struct CheckedCards {
  LogSnapshot log;
  StewardsState stewards;
};

absl::StatusOr<CheckedCards> CheckCardsFile(const TrustPolicy& policy, absl::string_view file) {
  const absl::StatusOr<v1::Passport> message = ReadPassportFile(ContainerType::kCards, file);
  if (!message.ok()) return message.status();
  if (absl::Status status = CheckOnlyCards(*message); !status.ok()) return status;
  absl::StatusOr<LogSnapshot> log = LogSnapshot::Verify(
      policy, message->checkpoint(), message->index_root(), message->retired_path());
  if (!log.ok()) return log.status();
  absl::StatusOr<StewardsState> stewards = CheckStewards(policy, *log, message->stewards());
  if (!stewards.ok()) return stewards.status();
  return CheckedCards{*std::move(log), *std::move(stewards)};
}

void SetReason(CardVerdict& verdict, const absl::Status& status) {
  verdict.outcome = OutcomeOf(status);
  verdict.reason = ReasonOf(status);
}

}  // namespace

absl::StatusOr<VerifiedCards> CheckCards(const TrustPolicy& policy, absl::string_view file,
                                         uint64_t now_ms) {
  const absl::StatusOr<CheckedCards> checked = CheckCardsFile(policy, file);
  if (!checked.ok()) return checked.status();
  return VerifiedCards{EvidenceOf(policy, checked->log, checked->stewards),
                       FreshnessOf(policy, checked->log, checked->stewards, now_ms),
                       checked->stewards.card_keys(),
                       checked->stewards.boards().back(),
                       checked->stewards.closing(),
                       checked->stewards.continues()};
}

CardVerdict VerifyCard(const TrustPolicy& policy, absl::string_view card,
                       absl::string_view cards_file, uint64_t now_ms) {
  CardVerdict verdict;
  const absl::StatusOr<ScannedCard> scanned = ScannedCard::Parse(card);
  if (!scanned.ok()) {
    SetReason(verdict, scanned.status());
    return verdict;
  }
  verdict.text = scanned->token().text();
  if (cards_file.empty()) {
    SetReason(verdict, Refuse(RefusalCode::kUnknownCardKey,
                              "there is no cards file to tell which card keys are enrolled; get "
                              "one from the registry once, and keep it"));
    return verdict;
  }
  const absl::StatusOr<CheckedCards> checked = CheckCardsFile(policy, cards_file);
  if (!checked.ok()) {
    SetReason(verdict, InContext("cards file", checked.status()));
    return verdict;
  }
  const absl::StatusOr<const CardKey*> key = scanned->CheckIssued(checked->stewards);
  if (!key.ok()) {
    SetReason(verdict, key.status());
    return verdict;
  }
  verdict.outcome = Outcome::kVerified;
  verdict.card_key_label = (*key)->label;
  verdict.card_key_id = (*key)->key_id;
  verdict.log = EvidenceOf(policy, checked->log, checked->stewards);
  verdict.freshness = FreshnessOf(policy, checked->log, checked->stewards, now_ms);
  return verdict;
}

}  // namespace touchstone
