// Keeps a second process from using a data directory: an exclusive lock on a file in it, held as
// long as this object lives, and let go by the kernel when the process ends in whatever way. It
// says nothing about copies of the directory elsewhere: those would share the guard file, which is
// locked as well.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_DIRECTORY_LOCK_H_
#define TOUCHSTONE_REGISTRY_STORAGE_DIRECTORY_LOCK_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "registry/storage/file_descriptor.h"

namespace touchstone::storage {

class DirectoryLock {
 public:
  // The lock file's name within the directory. It stays there after use: if it were removed, two
  // processes could hold locks on two different files of one name.
  static constexpr char kFileName[] = "LOCK.touchstone";

  // Takes the lock at once or not at all.
  //   kFailedPrecondition: it is held; the message names the holder's process id, if it is known.
  //   kNotFound: there is no such directory.   kPermissionDenied: it cannot be written to.
  //   kResourceExhausted, kUnavailable: the disk is full, failed.
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Acquire(const std::string& directory);

  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(FileDescriptor file) : file_(std::move(file)) {}

  FileDescriptor file_;  // closing it lets go of the lock
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_DIRECTORY_LOCK_H_
