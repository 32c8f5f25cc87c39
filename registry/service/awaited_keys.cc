#include "registry/service/awaited_keys.h"

#include <utility>

namespace touchstone::service {

void AwaitedKeys::Forget(const WatchedPassport& who, const std::vector<Digest>& keys) {
  for (const Digest& key : keys) by_key_.erase(Waiting{key, who});
}

bool AwaitedKeys::Set(const WatchedPassport& who, std::vector<Digest> keys) {
  std::vector<Digest>& kept = keys_of_[who];
  Forget(who, kept);
  kept.clear();
  if (by_key_.size() + keys.size() > keys_max_) {
    keys_of_.erase(who);
    return false;
  }
  for (const Digest& key : keys) by_key_.insert(Waiting{key, who});
  kept = std::move(keys);
  return true;
}

void AwaitedKeys::Remove(uint64_t watcher) {
  const auto first = keys_of_.lower_bound(WatchedPassport{watcher, 0});
  auto end = first;
  for (; end != keys_of_.end() && end->first.watcher == watcher; ++end) {
    Forget(end->first, end->second);
  }
  keys_of_.erase(first, end);
}

void AwaitedKeys::ForEach(const Digest& key,
                          absl::FunctionRef<void(const WatchedPassport&)> visit) const {
  auto waiting = by_key_.lower_bound(Waiting{key, WatchedPassport{}});
  for (; waiting != by_key_.end() && waiting->key == key; ++waiting) visit(waiting->who);
}

}  // namespace touchstone::service
