// Which watchers wait for which keys of the index, so that a commit wakes those whom it concerns
// and nobody else, however many watch. Not for what they are told (watcher.h).

#ifndef TOUCHSTONE_REGISTRY_SERVICE_AWAITED_KEYS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_AWAITED_KEYS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/functional/function_ref.h"
#include "verifier/digest.h"

namespace touchstone::service {

// One passport of one watcher's.
struct WatchedPassport {
  uint64_t watcher = 0;
  uint32_t passport = 0;  // its index in the watcher's request

  friend auto operator<=>(const WatchedPassport&, const WatchedPassport&) = default;
};

// Not thread-safe.
class AwaitedKeys {
 public:
  // At most `keys_max` in all, each counted for each who awaits it.
  explicit AwaitedKeys(size_t keys_max) : keys_max_(keys_max) {}

  // Whoever waits for that passport waits for these keys from here on, and for no others. False,
  // and then for none, where there is no room for them.
  bool Set(const WatchedPassport& who, std::vector<Digest> keys);

  void Remove(uint64_t watcher);

  void ForEach(const Digest& key, absl::FunctionRef<void(const WatchedPassport&)> visit) const;

  size_t size() const { return by_key_.size(); }

 private:
  struct Waiting {
    Digest key;
    WatchedPassport who;
    friend auto operator<=>(const Waiting&, const Waiting&) = default;
  };

  void Forget(const WatchedPassport& who, const std::vector<Digest>& keys);

  const size_t keys_max_;
  absl::btree_set<Waiting> by_key_;
  absl::btree_map<WatchedPassport, std::vector<Digest>> keys_of_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_AWAITED_KEYS_H_
