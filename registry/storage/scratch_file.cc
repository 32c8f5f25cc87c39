#include "registry/storage/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "registry/storage/disk_error.h"

namespace touchstone::storage {
namespace {

off_t OffsetOf(uint32_t page) { return off_t{page} * off_t{ScratchPages::kPageBytes}; }

}  // namespace

absl::StatusOr<std::unique_ptr<ScratchFile>> ScratchFile::Create(const std::string& path) {
  FileDescriptor file(
      open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) return DiskError(errno, absl::StrCat("making the scratch file '", path, "'"));
  return absl::WrapUnique(new ScratchFile(path, std::move(file)));
}

absl::Status ScratchFile::Write(uint32_t page, absl::string_view bytes) {
  off_t offset = OffsetOf(page);
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file_.get(), bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return DiskError(errno, absl::StrCat("writing the scratch file '", path_, "'"));
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += written;
  }
  return absl::OkStatus();
}

absl::Status ScratchFile::Read(uint32_t page, absl::Span<char> bytes) const {
  off_t offset = OffsetOf(page);
  while (!bytes.empty()) {
    const ssize_t read = pread(file_.get(), bytes.data(), bytes.size(), offset);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return DiskError(errno, absl::StrCat("reading the scratch file '", path_, "'"));
    if (read == 0) {
      return absl::DataLossError(
          absl::StrCat("the scratch file '", path_, "' ends before page ", page, " does"));
    }
    bytes.remove_prefix(static_cast<size_t>(read));
    offset += read;
  }
  return absl::OkStatus();
}

}  // namespace touchstone::storage
