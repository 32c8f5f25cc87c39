// Owns an open file descriptor: closes it when it goes out of scope. Nothing else; reading and
// writing are done with the system's own calls.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_FILE_DESCRIPTOR_H_
#define TOUCHSTONE_REGISTRY_STORAGE_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace touchstone::storage {

class FileDescriptor {
 public:
  // Takes what open() returned; a negative number is kept and not closed.
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);  // `other` closes what this one held
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_FILE_DESCRIPTOR_H_
