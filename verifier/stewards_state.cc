#include "verifier/stewards_state.h"

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {

StewardsState StewardsState::FromGenesis(const ParsedStatement& genesis, const EntryPlace& place) {
  const v1::Genesis& event = genesis.message().genesis();
  StewardsState state;
  state.log_origin_ = genesis.log_origin();
  state.operator_name_ = event.operator_name();
  state.continues_ = event.continues();
  state.threshold_ = event.threshold();
  for (const PublicKey& key : genesis.named_keys()) {
    state.stewards_.push_back(Steward{key.KeyId(), key});
  }
  state.head_.Append(place);
  return state;
}

void StewardsState::Apply(const ParsedStatement& statement, const EntryPlace& place) {
  head_.Append(place);
  if (statement.event() == EventKind::kCardKeyEnrolled) {
    const PublicKey& key = statement.named_keys().front();
    card_keys_.push_back(
        CardKey{key, key.KeyId(), statement.message().card_key_enrolled().label(), place});
  } else if (statement.event() == EventKind::kLogClosed) {
    const v1::LogClosed& closed = statement.message().log_closed();
    closing_ = LogClosing{place, closed.reason(), closed.continued_at()};
  }
}

const PublicKey* StewardsState::FindSteward(const Digest& key_id) const {
  for (const Steward& steward : stewards_) {
    if (steward.key_id == key_id) return &steward.key;
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
