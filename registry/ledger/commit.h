// The commit: the one place where the log grows. Its order, numbered in commit.cc, is what
// everything that the registry promises rests on. What may be appended is judged in commit_draft.h.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_COMMIT_H_
#define TOUCHSTONE_REGISTRY_LEDGER_COMMIT_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/ledger/checkpoint_signer.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/commit_draft.h"
#include "registry/ledger/commit_queue.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/guard.h"
#include "registry/ledger/guard_writer.h"
#include "registry/ledger/published.h"
#include "registry/ledger/served_views.h"
#include "registry/ledger/tip.h"
#include "registry/ledger/view.h"
#include "registry/storage/store.h"

namespace touchstone::ledger {

// The checkpoint of what `tip` holds, signed.
struct SignedTip {
  Checkpoint checkpoint;
  std::string note;
  LogVersion log;
};
absl::StatusOr<SignedTip> SignTip(const Tip& tip, const CheckpointSigner& signer);

// Takes from a queue, on a thread of its own, until that is closed and empty.
class Committer {
 public:
  struct Parts {
    storage::Store& store;  // for writing
    const Shared& shared;   // for reading
    Directory& directory;
    Tip& tip;
    const CheckpointSigner& signer;
    const Clock& clock;
    CommitQueue& queue;
    ServedViews& views;
    std::function<void(const absl::Status&)> on_fatal;
  };

  // Starts. All parts must outlive it.
  Committer(const Parts& parts, std::unique_ptr<Guard> guard);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  // The queue must be closed: waits until everything in it is answered and the guard is written.
  ~Committer();

  // Ends everything: what is queued is answered, and the program is told, once.
  void Fail(const absl::Status& status);

 private:
  // Who waits for which entry of the commit; `in_draft` counts from the draft's first.
  struct Waiting {
    size_t in_draft;
    Answer answer;
  };

  void Run();
  void Commit(std::vector<Queued> taken);
  // Who takes no part, and why. Answered when what it was judged by is published.
  struct Refused {
    absl::Status reason;
    Answer answer;
  };

  // Step 2. Answers those that take no part and were judged by what is published already; the
  // others are `waiting` or `refused`. True if there is something to commit.
  bool Judge(std::vector<Queued>& taken, CommitDraft& draft, uint64_t now_ms,
             std::vector<Waiting>& waiting, std::vector<Refused>& refused);
  // Steps 3 to 6 up to publishing: the state that is now published, or what is to be answered.
  absl::StatusOr<std::shared_ptr<const View>> MakeDurable(CommitDraft& draft, uint64_t now_ms);
  absl::StatusOr<SignedTip> SealAndSign(CommitDraft& draft, uint64_t now_ms);
  void AnswerAll(const CommitDraft& draft, const View& view, std::vector<Waiting>& waiting);

  bool failed() const;

  const Parts parts_;
  mutable std::mutex mutex_;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  GuardWriter guard_writer_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_COMMIT_H_
