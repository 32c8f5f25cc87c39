// A few threads on which passports and pages are put together, and a short queue before them. gRPC
// has two threads for all callbacks of this machine: a read that waits for the disk on one of them
// would hold up every submission. And since the queue is bounded, a flood of readers is turned
// away instead of growing.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_READ_POOL_H_
#define TOUCHSTONE_REGISTRY_SERVICE_READ_POOL_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace touchstone::service {

class ReadPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  // Both at least 1.
  ReadPool(size_t threads, size_t waiting_max);

  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  // Runs what is queued, then ends the threads.
  ~ReadPool();

  // Queues `task`, or answers false where the queue is full.
  bool TryRun(Task task);

 private:
  void Work();
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !tasks_.empty(); }

  const size_t waiting_max_;
  absl::Mutex mutex_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_READ_POOL_H_
