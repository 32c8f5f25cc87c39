// The Store on RocksDB, in a directory on the local disk. RocksDB itself is seen in
// rocksdb_store.cc only.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_STORE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/store.h"

namespace touchstone::storage {

enum class OpenMode {
  kCreateNew,     // the directory must not exist or be empty; its parent must exist
  kOpenExisting,  // a store must be there
};

struct RocksDbOptions {
  std::string directory;
  OpenMode mode = OpenMode::kOpenExisting;

  // Bounds on memory: blocks, indexes and filters that were read; and commits not yet sorted into
  // tables, of which up to kWriteBuffers lie in memory at a time.
  size_t block_cache_bytes = size_t{128} << 20;
  size_t write_buffer_bytes = size_t{32} << 20;
};

class RocksDbStore final : public Store {
 public:
  static constexpr int kWriteBuffers = 4;

  // Opens the store and replays what was committed since its tables were written.
  //   kNotFound: kOpenExisting, and there is none.   kAlreadyExists: kCreateNew, and the directory
  //   is not empty. kFailedPrecondition: another process has it open; or it was made by a version
  //   that this one does not know. kDataLoss: it is damaged. A batch that was being written during
  //   a crash is no damage. kInvalidArgument: the options make no sense. kResourceExhausted,
  //   kPermissionDenied, kUnavailable: the disk is full, read-only, failed.
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
  class Engine;

  explicit RocksDbStore(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_STORE_H_
