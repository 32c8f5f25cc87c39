#include "verifier/signing/private_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

absl::Status Failed(absl::string_view what, const std::string& path, int error) {
  const std::string message = absl::StrCat("cannot ", what, " ", path);
  if (error == EEXIST) {
    return absl::AlreadyExistsError(absl::StrCat(
        path, " exists and is never overwritten; choose another name or move it away"));
  }
  return absl::ErrnoToStatus(error, message);
}

class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status WriteAll(int descriptor, const SecretBytes& contents, const std::string& path) {
  absl::Span<const uint8_t> rest = contents.Expose();
  while (!rest.empty()) {
    const ssize_t written = write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", path, errno);
    rest.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(descriptor) != 0) return Failed("sync", path, errno);
  return absl::OkStatus();
}

// Gives the finished file its name, unless something has it already.
absl::Status GiveName(const std::string& temporary, const std::string& path) {
  if (renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
    return absl::OkStatus();
  }
  if (errno != EINVAL && errno != ENOSYS) return Failed("create", path, errno);
  // File systems that cannot rename without replacing can still refuse a second name.
  if (link(temporary.c_str(), path.c_str()) != 0) return Failed("create", path, errno);
  unlink(temporary.c_str());
  return absl::OkStatus();
}

}  // namespace

absl::Status CreatePrivateFile(const std::string& path, const SecretBytes& contents) {
  absl::StatusOr<SecretBytes> random = SecretBytes::Random(8);
  if (!random.ok()) return random.status();
  const std::string temporary = absl::StrCat(path, ".", HexEncode(random->ExposeText()), ".new");
  {
    const OpenFile file(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.get() < 0) return Failed("create", path, errno);
    absl::Status status = absl::OkStatus();
    // open() masks the mode with the umask, which may take even the owner's rights.
    if (fchmod(file.get(), 0600) != 0) status = Failed("set the mode of", path, errno);
    if (status.ok()) status = WriteAll(file.get(), contents, path);
    if (status.ok()) status = GiveName(temporary, path);
    if (!status.ok()) {
      unlink(temporary.c_str());
      return status;
    }
  }
  const OpenFile directory(open(DirectoryOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || fsync(directory.get()) != 0) {
    const int error = errno;
    unlink(path.c_str());
    return Failed("sync the directory of", path, error);
  }
  return absl::OkStatus();
}

absl::StatusOr<SecretBytes> ReadPrivateFile(const std::string& path, size_t bytes_max) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  const OpenFile file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (file.get() < 0) return Failed("open", path, errno);
  struct stat status;
  if (fstat(file.get(), &status) != 0) return Failed("look at", path, errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not a regular file"));
  }
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat(path, " belongs to another user (uid ", status.st_uid,
                     "), who can change it at will; make a copy that is yours"));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::PermissionDeniedError(absl::StrCat(
        path, " holds a secret and others than its owner may use it; run: chmod 600 ", path));
  }
  const absl::Status too_long = absl::InvalidArgumentError(
      absl::StrCat(path, " is longer than ", bytes_max, " bytes; is it the right file?"));
  if (status.st_size < 0 || static_cast<uint64_t>(status.st_size) > bytes_max) return too_long;

  // One byte more than allowed, so that a file that grows meanwhile is noticed.
  absl::StatusOr<SecretBytes> contents = SecretBytes::Allocate(bytes_max + 1);
  if (!contents.ok()) return contents;
  size_t size = 0;
  while (size < contents->size()) {
    absl::Span<uint8_t> rest = contents->ExposeMutable().subspan(size);
    const ssize_t got = read(file.get(), rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path, errno);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > bytes_max) return too_long;
  contents->Truncate(size);
  return contents;
}

}  // namespace touchstone
