// A Store over another one that fails a commit on demand, in both ways in which a disk can fail:
// the batch is lost, or it is there although an error was reported. For tests of whatever sits on a
// store.
//
// After the fault it behaves as store.h says: every later commit is refused. "Restarting the
// process" is making a new FaultyStore over the same store.

#ifndef TOUCHSTONE_TESTS_REGISTRY_STORAGE_FAULTY_STORE_H_
#define TOUCHSTONE_TESTS_REGISTRY_STORAGE_FAULTY_STORE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/store.h"

namespace touchstone::storage {

enum class Fault {
  kFailed,              // nothing of the batch is kept
  kFailedButPersisted,  // all of it is
};

class FaultyStore final : public Store {
 public:
  // `base` must outlive this.
  explicit FaultyStore(Store* base) : base_(base) {}

  // Fails the n-th commit from now on (1: the next one) with `error`. Only the newest call counts.
  void FailCommit(uint64_t n, Fault fault,
                  absl::Status error = absl::UnavailableError("injected disk failure"))
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Commits that were asked for since this was made, refused ones included.
  uint64_t commits() const ABSL_LOCKS_EXCLUDED(mutex_);

  absl::StatusOr<std::string> Get(absl::string_view key) const override;
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const override;
  absl::StatusOr<ScanEnd> Scan(const KeyRange& range, uint64_t max_items,
                               Visitor visit) const override;
  absl::Status Commit(const WriteBatch& batch) override;
  std::unique_ptr<const Snapshot> NewSnapshot() const override;
  absl::StatusOr<uint64_t> ApproximateSizeBytes() const override;
  absl::Status Close() override;

 private:
  Store* const base_;
  mutable std::mutex mutex_;
  uint64_t commits_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t failing_commit_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: none
  Fault fault_ ABSL_GUARDED_BY(mutex_) = Fault::kFailed;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_TESTS_REGISTRY_STORAGE_FAULTY_STORE_H_
