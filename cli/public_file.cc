#include "cli/public_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

absl::Status FileError(int error, absl::string_view doing, const std::string& path) {
  absl::Status status = absl::ErrnoToStatus(error, absl::StrCat("cannot ", doing, " ", path));
  // A path that leads nowhere useful is the user's to mend, not an internal fault.
  if (error == EISDIR || error == ENOTDIR) return absl::InvalidArgumentError(status.message());
  return status;
}

absl::Status WriteAll(int fd, absl::string_view contents, const std::string& path) {
  while (!contents.empty()) {
    const ssize_t written = write(fd, contents.data(), contents.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return FileError(errno, "write", path);
    }
    contents.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadPublicFile(const std::string& path, size_t bytes_max) {
  const bool standard_input = path == "-";
  const int fd = standard_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return FileError(errno, "read", path);
  std::string contents;
  absl::Status status;
  char buffer[64 * 1024];
  while (status.ok()) {
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count == 0) break;
    if (count < 0) {
      if (errno != EINTR) status = FileError(errno, "read", path);
    } else if (contents.size() + static_cast<size_t>(count) > bytes_max) {
      status = absl::InvalidArgumentError(absl::StrCat(path, " is larger than the ", bytes_max,
                                                       " bytes that such a file may have"));
    } else {
      contents.append(buffer, static_cast<size_t>(count));
    }
  }
  if (!standard_input) close(fd);
  if (!status.ok()) return status;
  return contents;
}

absl::Status WritePublicFile(const std::string& path, absl::string_view contents, bool replace) {
  if (path == "-") return WriteAll(STDOUT_FILENO, contents, "standard output");
  std::string temporary = absl::StrCat(path, ".XXXXXX");
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return FileError(errno, "write", path);
  absl::Status status = WriteAll(fd, contents, path);
  const mode_t mask = umask(0);
  umask(mask);
  if (status.ok() && fchmod(fd, 0666 & ~mask) != 0) status = FileError(errno, "write", path);
  if (status.ok() && fsync(fd) != 0) status = FileError(errno, "write", path);
  if (close(fd) != 0 && status.ok()) status = FileError(errno, "write", path);
  if (status.ok()) {
    // link() refuses to replace, rename() replaces in one step.
    const int moved =
        replace ? rename(temporary.c_str(), path.c_str()) : link(temporary.c_str(), path.c_str());
    if (moved != 0) {
      status = errno == EEXIST
                   ? absl::AlreadyExistsError(absl::StrCat(
                         path, " is there already and is not overwritten; choose another name"))
                   : FileError(errno, "write", path);
    }
  }
  if (!replace || !status.ok()) unlink(temporary.c_str());
  return status;
}

}  // namespace touchstone::cli
