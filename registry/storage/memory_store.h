// A Store that lives in memory and is gone with the process: for tests and for models of the
// ledger, never for a registry. Apart from durability it keeps every promise of store.h.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_MEMORY_STORE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_MEMORY_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/store.h"

namespace touchstone::storage {

class MemoryStore final : public Store {
 public:
  MemoryStore() = default;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

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
  class MemorySnapshot;

  // What a key held from a commit on (by that commit's number); nullopt: deleted then.
  using Versions = std::map<uint64_t, std::optional<std::string>>;

  absl::Status CheckOpen() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::string> GetAt(uint64_t commit, absl::string_view key) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<absl::StatusOr<std::string>> MultiGetAt(
      uint64_t commit, absl::Span<const absl::string_view> keys) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Apply(const WriteBatch::Change& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // What a reader at `commit` sees; null: nothing.
  static const std::string* VisibleAt(const Versions& versions, uint64_t commit);

  // The standard library's, here and in all of registry/storage: the thread sanitizer does not see
  // into Debian's Abseil and takes what its mutex guards for unguarded.
  mutable std::shared_mutex mutex_;
  std::map<std::string, Versions, std::less<>> keys_ ABSL_GUARDED_BY(mutex_);
  uint64_t newest_commit_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable std::multiset<uint64_t> snapshots_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_MEMORY_STORE_H_
