// A store whose commits wait while its gate is shut, so that tests can hold submissions in flight
// for as long as they like.
#ifndef TOUCHSTONE_TESTS_REGISTRY_SERVICE_GATED_STORE_H_
#define TOUCHSTONE_TESTS_REGISTRY_SERVICE_GATED_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "registry/storage/store.h"

namespace touchstone::storage {

class GatedStore final : public Store {
 public:
  // `base` must outlive this. The gate is open.
  explicit GatedStore(Store& base) : base_(base) {}

  void Shut() {
    absl::MutexLock lock(&mutex_);
    open_ = false;
  }
  void Open() {
    absl::MutexLock lock(&mutex_);
    open_ = true;
  }
  // Until a commit stands before the gate.
  void AwaitCommit() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&waiting_));
  }

  absl::StatusOr<std::string> Get(absl::string_view key) const override { return base_.Get(key); }
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const override {
    return base_.MultiGet(keys);
  }
  absl::StatusOr<ScanEnd> Scan(const KeyRange& range, uint64_t max_items,
                               Visitor visit) const override {
    return base_.Scan(range, max_items, visit);
  }
  absl::Status Commit(const WriteBatch& batch) override {
    {
      absl::MutexLock lock(&mutex_);
      waiting_ = !open_;
      mutex_.Await(absl::Condition(&open_));
      waiting_ = false;
    }
    return base_.Commit(batch);
  }
  std::unique_ptr<const Snapshot> NewSnapshot() const override { return base_.NewSnapshot(); }
  absl::StatusOr<uint64_t> ApproximateSizeBytes() const override {
    return base_.ApproximateSizeBytes();
  }
  absl::Status Close() override { return base_.Close(); }

 private:
  Store& base_;
  absl::Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = true;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_TESTS_REGISTRY_SERVICE_GATED_STORE_H_
