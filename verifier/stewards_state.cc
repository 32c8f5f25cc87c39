#include "verifier/stewards_state.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {

StewardsState StewardsState::FromGenesis(const ParsedStatement& genesis, const EntryPlace& place) {
  const v1::Genesis& event = genesis.message().genesis();
  StewardsState state;
  state.log_origin_ = genesis.log_origin();
  state.operator_name_ = event.operator_name();
  state.continues_ = event.continues();
  state.notice_period_ms_ =
      event.notice_period_ms() == 0 ? limits::kNoticePeriodMsDefault : event.notice_period_ms();
  state.AddBoard(genesis, event.threshold(), place.position);
  state.head_.Append(place);
  return state;
}

void StewardsState::Apply(const ParsedStatement& statement, const EntryPlace& place) {
  head_.Append(place);
  if (statement.event() == EventKind::kCardKeyEnrolled) {
    const PublicKey& key = statement.named_keys().front();
    card_keys_.push_back(
        CardKey{key, key.KeyId(), statement.message().card_key_enrolled().label(), place, {}});
  } else if (statement.event() == EventKind::kCardKeyRevoked) {
    const v1::CardKeyRevoked& revoked = statement.message().card_key_revoked();
    for (CardKey& key : card_keys_) {
      if (DigestBytes(key.key_id) != revoked.key_id()) continue;
      key.revoked = CardKey::Revocation{place, revoked.good_before()};
    }
  } else if (statement.event() == EventKind::kStewardsChanged) {
    AddBoard(statement, statement.message().stewards_changed().threshold(), place.position);
  } else if (statement.event() == EventKind::kLogClosed) {
    const v1::LogClosed& closed = statement.message().log_closed();
    closing_ = LogClosing{place, closed.reason(), closed.continued_at()};
  }
}

void StewardsState::AddBoard(const ParsedStatement& statement, uint32_t threshold,
                             uint64_t position) {
  Board board{position, threshold, {}};
  for (const PublicKey& key : statement.named_keys()) {
    board.stewards.push_back(Steward{key.KeyId(), key});
  }
  boards_.push_back(std::move(board));
}

const PublicKey* StewardsState::Board::Find(const Digest& key_id) const {
  for (const Steward& steward : stewards) {
    if (steward.key_id == key_id) return &steward.key;
  }
  return nullptr;
}

const StewardsState::Board& StewardsState::BoardAt(uint64_t position) const {
  size_t i = boards_.size() - 1;
  while (i > 0 && boards_[i].since >= position) --i;
  return boards_[i];
}

const PublicKey* StewardsState::FindSteward(const Digest& key_id) const {
  for (const Board& board : boards_) {
    if (const PublicKey* const key = board.Find(key_id)) return key;
  }
  return nullptr;
}

absl::Status StewardsState::CheckOpenAt(uint64_t position) const {
  if (!closing_ || position <= closing_->place.position) return absl::OkStatus();
  return Refuse(RefusalCode::kLogClosed,
                absl::StrCat("position ", position, " lies behind the closing of the log at ",
                             closing_->place.position));
}

}  // namespace touchstone
