// What RocksDB tells about itself (openings, flushes, compactions, errors), in a file LOG beside
// its data, bounded in size. Internal to registry/storage.
//
// It takes the place of RocksDB's own log file, which ends the process when a line is to be written
// after one could not be: on a full disk, just when there is something to report.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_LOG_H_
#define TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_LOG_H_

#include <rocksdb/env.h>

#include <cstdarg>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/storage/file_descriptor.h"

namespace touchstone::storage {

class RocksDbLog final : public rocksdb::Logger {
 public:
  // The file and the one before it (LOG.old) have at most this many bytes each.
  static constexpr size_t kFileBytesMax = size_t{4} << 20;

  // Goes on at the end of <directory>/LOG. Errors: as DiskError().
  static absl::StatusOr<std::shared_ptr<RocksDbLog>> Open(const std::string& directory);

  // Adds a line; what the disk does not take is left out.
  using rocksdb::Logger::Logv;
  void Logv(const char* format, std::va_list arguments) override ABSL_LOCKS_EXCLUDED(mutex_);

  size_t GetLogFileSize() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  RocksDbLog(std::string path, FileDescriptor file, size_t bytes)
      : path_(std::move(path)), file_(std::move(file)), bytes_(bytes) {}

  void StartNewFile() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  mutable std::mutex mutex_;
  FileDescriptor file_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_LOG_H_
