#include "tests/registry/storage/flush_interception.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

namespace touchstone::storage {
namespace {

// Recursive: a callback may itself flush something.
std::recursive_mutex& Mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

FlushInterception::Callback& Current() {
  static FlushInterception::Callback callback;
  return callback;
}

int Ask(int fd) {
  const std::lock_guard<std::recursive_mutex> lock(Mutex());
  if (!Current()) return 0;
  std::error_code ignored;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored);
  return Current()(path.string());
}

int Flush(int fd, long system_call) {
  const int error_number = Ask(fd);
  if (error_number != 0) {
    errno = error_number;
    return -1;
  }
  return static_cast<int>(syscall(system_call, fd));
}

}  // namespace

FlushInterception::FlushInterception(Callback on_flush) {
  const std::lock_guard<std::recursive_mutex> lock(Mutex());
  Current() = std::move(on_flush);
}

FlushInterception::~FlushInterception() {
  const std::lock_guard<std::recursive_mutex> lock(Mutex());
  Current() = nullptr;
}

}  // namespace touchstone::storage

// A program's own definitions come before the C library's, for its shared libraries as well.
extern "C" int fsync(int fd) { return touchstone::storage::Flush(fd, SYS_fsync); }
extern "C" int fdatasync(int fd) { return touchstone::storage::Flush(fd, SYS_fdatasync); }
