// The Store on RocksDB, in a directory on the local disk. RocksDB itself is seen in
// rocksdb_store.cc only.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_STORE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_STORE_H_

#include <cstddef>
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

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Snapshot;
}  // namespace rocksdb

namespace touchstone::storage {

class FailureListener;

enum class OpenMode {
  kCreateNew,     // the directory must not exist or be empty; its parent must exist
  kOpenExisting,  // a store must be there
};

struct RocksDbOptions {
  std::string directory;
  OpenMode mode = OpenMode::kOpenExisting;

  // Bounds on memory: what was read (blocks, indexes and filters), and what was committed and is
  // not in tables yet, of which kWriteBuffers times this much may lie in memory.
  size_t block_cache_bytes = size_t{128} << 20;
  size_t write_buffer_bytes = size_t{32} << 20;
};

class RocksDbStore final : public Store {
 public:
  static constexpr int kWriteBuffers = 4;

  // Opens the store and replays what was committed and is not in tables yet.
  //   kNotFound: kOpenExisting, and there is none.
  //   kAlreadyExists: kCreateNew, and the directory is not empty.
  //   kFailedPrecondition: another process has it open; or its format is not known here.
  //   kDataLoss: it is damaged. A commit that was cut short by a crash is no damage.
  //   kInvalidArgument: the options make no sense.
  //   kResourceExhausted, kPermissionDenied, kUnavailable: the disk is full, read-only, failed.
  static absl::StatusOr<std::unique_ptr<RocksDbStore>> Open(const RocksDbOptions& options);

  RocksDbStore(const RocksDbStore&) = delete;
  RocksDbStore& operator=(const RocksDbStore&) = delete;
  ~RocksDbStore() override;

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
  class RocksDbSnapshot;

  explicit RocksDbStore(std::string directory);

  absl::Status OpenDatabase(const RocksDbOptions& options);
  absl::Status CloseDatabase();
  absl::Status CheckOpen() const;

  // Reading at a snapshot of RocksDB's, or (null) the newest state.
  absl::StatusOr<std::string> GetAt(const rocksdb::Snapshot* snapshot, absl::string_view key) const;
  std::vector<absl::StatusOr<std::string>> MultiGetAt(
      const rocksdb::Snapshot* snapshot, absl::Span<const absl::string_view> keys) const;
  absl::StatusOr<ScanEnd> ScanAt(const rocksdb::Snapshot* snapshot, const KeyRange& range,
                                 uint64_t max_items, Visitor visit) const;

  absl::Status Write(const WriteBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(commit_mutex_);

  // "<verb> the database in '<directory>'", for messages.
  std::string Doing(absl::string_view verb) const;

  rocksdb::ColumnFamilyHandle* data() const { return handles_.back(); }

  const std::string directory_;
  const std::shared_ptr<FailureListener> failures_;
  std::unique_ptr<rocksdb::DB> database_;  // null: closed
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::mutex commit_mutex_;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_STORE_H_
