// What RocksDB reports, as a status that an operator can act on. Internal to registry/storage.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_ERROR_H_
#define TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_ERROR_H_

#include <rocksdb/listener.h>
#include <rocksdb/status.h>

#include <mutex>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone::storage {

// `doing` completes "while ...", with the path. OK stays OK. A missing key is not for here.
//   kDataLoss: a checksum or a consistency check failed.
//   kFailedPrecondition: another process holds the database.   Others: as DiskError().
absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view doing);

// Remembers the first thing that went wrong with writing, in a commit or behind it (a table that
// could not be written), and keeps RocksDB from recovering by itself: after an error nobody knows
// what is on the disk, and only a start from there finds out.
class FailureListener final : public rocksdb::EventListener {
 public:
  explicit FailureListener(std::string directory) : directory_(std::move(directory)) {}

  // Keeps `failure` if it is the first.
  void Record(const absl::Status& failure) ABSL_LOCKS_EXCLUDED(mutex_);

  // The first failure; OK when there was none.
  absl::Status failure() const ABSL_LOCKS_EXCLUDED(mutex_);

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;

 private:
  const std::string directory_;
  mutable std::mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_ERROR_H_
