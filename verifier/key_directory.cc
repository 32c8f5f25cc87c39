#include "verifier/key_directory.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {

absl::Status KeyDirectory::Add(ParticipantState participant) {
  const ParticipantState& added = participants_.emplace_back(std::move(participant));
  for (const ParticipantKey& key : added.keys()) {
    const auto [held, is_new] = by_key_.emplace(key.key_id, &added);
    if (!is_new) {
      return Refuse(RefusalCode::kKeyInUse,
                    absl::StrCat("key ", DigestToHex(key.key_id), " stands in the chains of \"",
                                 held->second->id(), "\" and of \"", added.id(), "\""));
    }
  }
  return absl::OkStatus();
}

const ParticipantState* KeyDirectory::Find(const Digest& key_id) const {
  const auto found = by_key_.find(key_id);
  return found == by_key_.end() ? nullptr : found->second;
}

}  // namespace touchstone
