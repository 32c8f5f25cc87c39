// A disk of a few megabytes (a tmpfs), to be filled or made read-only. It lies in a mount namespace
// of the test's own process, so nobody else sees it and nothing stays of it, however the test ends.
#ifndef TOUCHSTONE_TESTS_END_TO_END_SMALL_DISK_H_
#define TOUCHSTONE_TESTS_END_TO_END_SMALL_DISK_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace touchstone::end_to_end {

class SmallDisk {
 public:
  // Mounts one of `bytes` at the directory `path`, which exists. To be called before the process
  // has a second thread. Errors: why this machine does not let us.
  static absl::StatusOr<std::unique_ptr<SmallDisk>> Mount(const std::string& path, size_t bytes);
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk();

  std::string File(const std::string& name) const { return path_ + "/" + name; }

  // Fills the disk up to so many bytes, with a file that Free() removes.
  void FillUpTo(size_t bytes_left) const;
  void Free() const;

  // From here on nothing can be written. Nothing may be open for writing there.
  absl::Status MakeReadOnly() const;
  absl::Status MakeWritable() const;

 private:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

}  // namespace touchstone::end_to_end

#endif  // TOUCHSTONE_TESTS_END_TO_END_SMALL_DISK_H_
