#include "registry/ledger/commit_queue.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/limits.h"

namespace touchstone::ledger {

absl::Status CommitQueue::Push(Queued& item) {
  const size_t bytes = item.bytes();
  const std::lock_guard lock(mutex_);
  if (closed_) return absl::UnavailableError("the registry is stopping; try again later");
  if (items_.size() >= limits::kQueueEntriesMax || bytes_ + bytes > limits::kQueueBytesMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat(items_.size(), " submissions are waiting already; try again later"));
  }
  bytes_ += bytes;
  items_.push_back(std::move(item));
  if (items_.size() == 1) changed_.notify_one();
  return absl::OkStatus();
}

std::vector<Queued> CommitQueue::Take() {
  std::vector<Queued> taken;
  size_t taken_bytes = 0;
  std::unique_lock lock(mutex_);
  while (items_.empty() && !closed_) changed_.wait(lock);
  while (!items_.empty() && taken.size() < limits::kCommitEntriesMax &&
         taken_bytes + items_.front().bytes() <= limits::kCommitBytesMax) {
    taken_bytes += items_.front().bytes();
    taken.push_back(std::move(items_.front()));
    items_.pop_front();
  }
  bytes_ -= taken_bytes;
  return taken;
}

void CommitQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

std::vector<Queued> CommitQueue::Abandon() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
  std::vector<Queued> abandoned(std::move_iterator(items_.begin()),
                                std::move_iterator(items_.end()));
  items_.clear();
  bytes_ = 0;
  return abandoned;
}

}  // namespace touchstone::ledger
