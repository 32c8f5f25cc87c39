#include "registry/storage/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "registry/storage/disk_error.h"
#include "registry/storage/file_descriptor.h"

namespace touchstone::storage {
namespace {

// What the holder wrote into its lock file, in words. It writes after it has locked, so the number
// can be missing for a moment; and it counts in the holder's own pid namespace.
std::string DescribeHolder(int fd) {
  char text[24];
  const ssize_t length = pread(fd, text, sizeof(text), 0);
  int pid = 0;
  if (length > 0 && absl::SimpleAtoi(absl::string_view(text, static_cast<size_t>(length)), &pid) &&
      pid > 0) {
    return absl::StrCat("process ", pid);
  }
  return "another process";
}

// Only for the message that a second process gives, so a failure here (a full disk) is none of the
// lock.
void WriteHolder(int fd) {
  const std::string text = absl::StrCat(getpid(), "\n");
  if (ftruncate(fd, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(fd, text.data(), text.size(), 0);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Acquire(
    const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/", kFileName);
  const std::string doing = absl::StrCat("locking the data directory with '", path, "'");
  FileDescriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file.valid()) return DiskError(errno, doing);
  // flock() and not fcntl(F_SETLK): the latter is lost when any descriptor of the file is closed,
  // and does not keep out a second holder within the process.
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return DiskError(errno, doing);
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory '", directory, "' is in use by ", DescribeHolder(file.get()),
        "; stop it first, or name another data directory"));
  }
  WriteHolder(file.get());
  return absl::WrapUnique(new DirectoryLock(std::move(file)));
}

}  // namespace touchstone::storage
