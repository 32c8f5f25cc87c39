// Whether calls may reach the ledger (not before it has recovered, and not once it is stopping),
// and how many are with it. The one thing that the RPCs share with whoever starts and ends the
// server.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_SERVING_STATE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_SERVING_STATE_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "registry/ledger/ledger.h"

namespace touchstone::service {

// Thread-safe.
class ServingState {
 public:
  // From here on calls go to `ledger`, which lives until none is open any more.
  void Open(ledger::Ledger& ledger) {
    absl::MutexLock lock(&mutex_);
    ledger_ = &ledger;
  }

  // New calls are answered that the registry is not serving.
  void Close() {
    absl::MutexLock lock(&mutex_);
    ledger_ = nullptr;
  }

  // Until every call that has entered has left, or the time is over.
  void AwaitNoCalls(absl::Duration limit) {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(this, &ServingState::NoCalls), limit);
  }

  // The ledger, for a call that says Leave() when it has ended. Null while the registry is starting
  // or stopping; then there is nothing to leave.
  ledger::Ledger* Enter() {
    absl::MutexLock lock(&mutex_);
    if (ledger_ != nullptr) ++calls_;
    return ledger_;
  }
  void Leave() {
    absl::MutexLock lock(&mutex_);
    --calls_;
  }

 private:
  bool NoCalls() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return calls_ == 0; }

  absl::Mutex mutex_;
  ledger::Ledger* ledger_ ABSL_GUARDED_BY(mutex_) = nullptr;
  uint64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_SERVING_STATE_H_
