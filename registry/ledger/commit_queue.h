// What waits for a commit: bounded in count and bytes, in the order in which it came. Not for
// judging it.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_COMMIT_QUEUE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_COMMIT_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/submission.h"

namespace touchstone::ledger {

struct Queued {
  // Null: no statement, but an index root is wanted.
  std::unique_ptr<const Submission> submission;
  Answer answer;

  size_t bytes() const { return submission == nullptr ? 0 : submission->envelope().bytes().size(); }
};

class CommitQueue {
 public:
  // Moves from `item` if it takes it. kResourceExhausted: it is full (limits::kQueueEntriesMax,
  // limits::kQueueBytesMax). kUnavailable: it was closed. `item` then is as it was.
  absl::Status Push(Queued& item);

  // Waits until there is something, and takes what there is, at most limits::kCommitEntriesMax
  // items of at most limits::kCommitBytesMax together. Nothing, once the queue is closed and empty.
  // Called by one thread.
  std::vector<Queued> Take();

  // Takes nothing more in; what is there can still be taken out.
  void Close();
  // The same, but empties it.
  std::vector<Queued> Abandon();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Queued> items_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_COMMIT_QUEUE_H_
