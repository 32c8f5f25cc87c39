// A few threads on which passports and pages are put together, and a short queue before them. gRPC
// has two threads for all callbacks of this machine: a read that waits for the disk on one of them
// would hold up every submission. And since the queue is bounded, a flood of readers is turned
// away instead of growing.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_READ_POOL_H_
#define TOUCHSTONE_REGISTRY_SERVICE_READ_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"

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

  const size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Task> tasks_;  // these two under mutex_
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_READ_POOL_H_
