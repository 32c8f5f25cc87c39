// A bounded map that forgets what was not used for longest. For values that can be had again
// (tiles, folded passports, signatures that held), never for the only copy of anything.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_LRU_CACHE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_LRU_CACHE_H_

#include <array>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"

namespace touchstone::ledger {

// Safe to use from any thread. `Value` is copied out: make it a shared_ptr if that is not cheap.
template <typename Key, typename Value>
class LruCache {
 public:
  // Holds at most about `capacity` values (at least one in each of its parts).
  explicit LruCache(size_t capacity)
      : shard_capacity_(capacity < 2 * kShards ? 1 : capacity / kShards) {}

  std::optional<Value> Find(const Key& key) {
    Shard& shard = ShardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.places.find(key);
    if (found == shard.places.end()) return std::nullopt;
    shard.newest_first.splice(shard.newest_first.begin(), shard.newest_first, found->second);
    return found->second->second;
  }

  // Replaces what is there under `key`.
  void Put(const Key& key, Value value) {
    Shard& shard = ShardOf(key);
    std::optional<Value> forgotten;  // destroyed after the lock is let go
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.places.find(key);
    if (found != shard.places.end()) {
      std::swap(found->second->second, value);
      shard.newest_first.splice(shard.newest_first.begin(), shard.newest_first, found->second);
      forgotten = std::move(value);
      return;
    }
    shard.newest_first.emplace_front(key, std::move(value));
    shard.places.emplace(key, shard.newest_first.begin());
    if (shard.places.size() <= shard_capacity_) return;
    forgotten = std::move(shard.newest_first.back().second);
    shard.places.erase(shard.newest_first.back().first);
    shard.newest_first.pop_back();
  }

 private:
  // So that threads seldom wait for each other.
  static constexpr size_t kShards = 16;

  struct Shard {
    std::mutex mutex;
    std::list<std::pair<Key, Value>> newest_first ABSL_GUARDED_BY(mutex);
    absl::flat_hash_map<Key, typename std::list<std::pair<Key, Value>>::iterator> places
        ABSL_GUARDED_BY(mutex);
  };

  // The map uses the low bits of the same hash; the high ones are still evenly spread in a shard.
  Shard& ShardOf(const Key& key) { return shards_[(absl::HashOf(key) >> 40) % kShards]; }

  const size_t shard_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_LRU_CACHE_H_
