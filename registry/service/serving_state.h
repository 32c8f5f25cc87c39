// Whether calls may reach the ledger (not before it has recovered, and not once it is stopping),
// and how many are with it. The one thing that the RPCs share with whoever starts and ends the
// server.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_SERVING_STATE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_SERVING_STATE_H_

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "absl/time/time.h"
#include "registry/ledger/ledger.h"

namespace touchstone::service {

// Thread-safe.
class ServingState {
 public:
  // From here on calls go to `ledger`, which lives until none is open any more.
  void Open(ledger::Ledger& ledger) {
    std::lock_guard<std::mutex> lock(mutex_);
    ledger_ = &ledger;
  }

  // New calls are answered that the registry is not serving.
  void Close() {
    std::lock_guard<std::mutex> lock(mutex_);
    ledger_ = nullptr;
  }

  // Until every call that has entered has left, or the time is over.
  void AwaitNoCalls(absl::Duration limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    no_calls_.wait_for(lock, absl::ToChronoNanoseconds(limit), [this] { return calls_ == 0; });
  }

  // The same without a limit.
  void AwaitNoCalls() {
    std::unique_lock<std::mutex> lock(mutex_);
    no_calls_.wait(lock, [this] { return calls_ == 0; });
  }

  // The ledger, for a call that says Leave() when it has ended. Null while the registry is starting
  // or stopping; then there is nothing to leave.
  ledger::Ledger* Enter() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (ledger_ != nullptr) ++calls_;
    return ledger_;
  }
  void Leave() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--calls_ == 0) no_calls_.notify_all();
  }

 private:
  // Not absl::Mutex, here and wherever each call comes by: Debian's keeps a graph of all locks.
  std::mutex mutex_;
  std::condition_variable no_calls_;
  ledger::Ledger* ledger_ = nullptr;  // these two under mutex_
  uint64_t calls_ = 0;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_SERVING_STATE_H_
