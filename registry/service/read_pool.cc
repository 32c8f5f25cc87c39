#include "registry/service/read_pool.h"

#include <utility>

namespace touchstone::service {

ReadPool::ReadPool(size_t threads, size_t waiting_max) : waiting_max_(waiting_max) {
  threads_.reserve(threads);
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

ReadPool::~ReadPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool ReadPool::TryRun(Task task) {
  absl::MutexLock lock(&mutex_);
  if (tasks_.size() >= waiting_max_) return false;
  tasks_.push_back(std::move(task));
  return true;
}

void ReadPool::Work() {
  for (;;) {
    Task task;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &ReadPool::HasWork));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace touchstone::service
