// Writes the guard on a thread of its own, so that its flush overlaps with the making and the flush
// of the next commit. Not for deciding when that may be published (commit.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_GUARD_WRITER_H_
#define TOUCHSTONE_REGISTRY_LEDGER_GUARD_WRITER_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "registry/ledger/guard.h"

namespace touchstone::ledger {

class GuardWriter {
 public:
  // `on_failure` is called from the writer's thread, once, when a write failed: its outcome is
  // unknown, and nothing is written any more.
  GuardWriter(std::unique_ptr<Guard> guard, std::function<void(const absl::Status&)> on_failure);
  GuardWriter(const GuardWriter&) = delete;
  GuardWriter& operator=(const GuardWriter&) = delete;
  // Waits for what was started.
  ~GuardWriter();

  // Waits until the note that was started last is durable; or why it is not.
  absl::Status Wait();

  // Begins to write `checkpoint_note`, when the one before is durable. Called by one thread.
  void Start(std::string checkpoint_note);

 private:
  void Run();

  const std::unique_ptr<Guard> guard_;  // the writer thread's
  const std::function<void(const absl::Status&)> on_failure_;
  std::mutex mutex_;
  // To be written, or being written.
  std::optional<std::string> note_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::condition_variable changed_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_GUARD_WRITER_H_
