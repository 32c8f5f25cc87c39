// Which nonces of signed requests were seen lately, so that a recorded request cannot be asked
// again. It remembers for as long as the clock window lets a request through, and no longer.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_NONCE_CACHE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_NONCE_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace touchstone::service {

// Thread-safe.
class NonceCache {
 public:
  enum class Answer {
    kFresh,   // not seen; remembered now
    kReplay,  // seen
    kFull,    // nothing is forgotten before its time: come back when some are old enough
  };

  // A nonce is forgotten `remember_ms` after it was seen.
  NonceCache(size_t capacity, uint64_t remember_ms);

  Answer See(absl::string_view nonce, uint64_t now_ms);

 private:
  const size_t capacity_;
  const uint64_t remember_ms_;
  absl::Mutex mutex_;
  absl::flat_hash_set<std::string> seen_ ABSL_GUARDED_BY(mutex_);
  // In the order of arrival; `first` is the time at which `second` was seen.
  std::deque<std::pair<uint64_t, std::string>> order_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_NONCE_CACHE_H_
