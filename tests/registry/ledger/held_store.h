// A store of which a test can hold the commits back, to make what is submitted meanwhile wait and
// then go into one commit.
#ifndef TOUCHSTONE_TESTS_REGISTRY_LEDGER_HELD_STORE_H_
#define TOUCHSTONE_TESTS_REGISTRY_LEDGER_HELD_STORE_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "registry/storage/memory_store.h"

namespace touchstone::ledger {

class HeldStore final : public storage::Store {
 public:
  void Hold() { Set(held_, true); }
  void Release() { Set(held_, false); }
  // Waits until a commit has arrived and is being held.
  void AwaitHeldCommit() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_; });
  }

  absl::Status Commit(const storage::WriteBatch& batch) override {
    {
      std::unique_lock lock(mutex_);
      waiting_ = held_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !held_; });
      waiting_ = false;
    }
    return base_.Commit(batch);
  }
  absl::StatusOr<std::string> Get(absl::string_view key) const override { return base_.Get(key); }
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const override {
    return base_.MultiGet(keys);
  }
  absl::StatusOr<storage::ScanEnd> Scan(const storage::KeyRange& range, uint64_t max_items,
                                        Visitor visit) const override {
    return base_.Scan(range, max_items, visit);
  }
  std::unique_ptr<const storage::Snapshot> NewSnapshot() const override {
    return base_.NewSnapshot();
  }
  absl::StatusOr<uint64_t> ApproximateSizeBytes() const override {
    return base_.ApproximateSizeBytes();
  }
  absl::Status Close() override { return base_.Close(); }

 private:
  void Set(bool& flag, bool value) {
    const std::lock_guard lock(mutex_);
    flag = value;
    changed_.notify_all();
  }

  storage::MemoryStore base_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_TESTS_REGISTRY_LEDGER_HELD_STORE_H_
