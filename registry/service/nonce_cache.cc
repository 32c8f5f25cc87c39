#include "registry/service/nonce_cache.h"

namespace touchstone::service {

NonceCache::NonceCache(size_t capacity, uint64_t remember_ms)
    : capacity_(capacity), remember_ms_(remember_ms) {}

NonceCache::Answer NonceCache::See(absl::string_view nonce, uint64_t now_ms) {
  absl::MutexLock lock(&mutex_);
  // A clock that was set back forgets later, never earlier.
  while (!order_.empty() && order_.front().first + remember_ms_ < now_ms) {
    seen_.erase(order_.front().second);
    order_.pop_front();
  }
  if (seen_.contains(nonce)) return Answer::kReplay;
  if (seen_.size() >= capacity_) return Answer::kFull;
  seen_.insert(std::string(nonce));
  order_.emplace_back(now_ms, std::string(nonce));
  return Answer::kFresh;
}

}  // namespace touchstone::service
