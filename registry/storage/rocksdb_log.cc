#include "registry/storage/rocksdb_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "registry/storage/disk_error.h"
#include "registry/storage/file_descriptor.h"

namespace touchstone::storage {
namespace {

// Longer lines are cut off.
constexpr size_t kLineBytesMax = 4096;

constexpr int kOpenFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW;

}  // namespace

absl::StatusOr<std::shared_ptr<RocksDbLog>> RocksDbLog::Open(const std::string& directory) {
  std::string path = absl::StrCat(directory, "/LOG");
  FileDescriptor file(open(path.c_str(), kOpenFlags, 0600));
  struct stat properties;
  if (!file.valid() || fstat(file.get(), &properties) != 0) {
    return DiskError(errno, absl::StrCat("opening the database's log '", path, "'"));
  }
  return std::shared_ptr<RocksDbLog>(
      new RocksDbLog(std::move(path), std::move(file), static_cast<size_t>(properties.st_size)));
}

void RocksDbLog::Logv(const char* format, std::va_list arguments) {
  char text[kLineBytesMax];
  const int length = std::vsnprintf(text, sizeof(text), format, arguments);
  if (length < 0) return;
  const absl::string_view kept(text, std::min(static_cast<size_t>(length), sizeof(text) - 1));
  const std::string line = absl::StrCat(
      absl::FormatTime(absl::RFC3339_full, absl::Now(), absl::UTCTimeZone()), " ", kept, "\n");
  const std::lock_guard<std::mutex> lock(mutex_);
  if (bytes_ + line.size() > kFileBytesMax) StartNewFile();
  const ssize_t written = write(file_.get(), line.data(), line.size());
  if (written > 0) bytes_ += static_cast<size_t>(written);
}

void RocksDbLog::StartNewFile() {
  // When the old file cannot be kept, it is overwritten: the bound comes first.
  std::rename(path_.c_str(), absl::StrCat(path_, ".old").c_str());
  file_ = FileDescriptor(open(path_.c_str(), kOpenFlags | O_TRUNC, 0600));
  bytes_ = 0;
}

size_t RocksDbLog::GetLogFileSize() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return bytes_;
}

}  // namespace touchstone::storage
