#include "registry/ledger/directory.h"

#include <mutex>
#include <utility>

namespace touchstone::ledger {

std::shared_ptr<const StewardsRecord> Directory::Stewards() const {
  const std::lock_guard lock(mutex_);
  return stewards_;
}

std::shared_ptr<const ParticipantRecord> Directory::Find(absl::string_view participant_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = participants_.find(participant_id);
  return found == participants_.end() ? nullptr : found->second;
}

std::shared_ptr<const ParticipantRecord> Directory::FindByKey(const Digest& key_id) const {
  const std::lock_guard lock(mutex_);
  const auto id = ids_by_key_.find(key_id);
  return id == ids_by_key_.end() ? nullptr : participants_.find(id->second)->second;
}

std::vector<std::shared_ptr<const ParticipantRecord>> Directory::After(absl::string_view after,
                                                                       size_t limit) const {
  std::vector<std::shared_ptr<const ParticipantRecord>> found;
  const std::lock_guard lock(mutex_);
  auto next = after.empty() ? participants_.begin() : participants_.upper_bound(after);
  for (; next != participants_.end() && found.size() < limit; ++next) {
    found.push_back(next->second);
  }
  return found;
}

void Directory::Set(std::shared_ptr<const StewardsRecord> stewards) {
  const std::lock_guard lock(mutex_);
  stewards_.swap(stewards);
}

void Directory::Set(std::shared_ptr<const ParticipantRecord> participant) {
  const std::string& id = participant->state.id();
  const std::lock_guard lock(mutex_);
  for (const ParticipantKey& key : participant->state.keys()) ids_by_key_.emplace(key.key_id, id);
  participants_[id].swap(participant);
}

}  // namespace touchstone::ledger
