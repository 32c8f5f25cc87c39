#include "cli/import/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

constexpr size_t kPortionBytes = size_t{64} << 10;

}  // namespace

ByteSource BytesOf(std::string text) {
  return [text = std::move(text),
          offset = size_t{0}](absl::Span<char> into) mutable -> absl::StatusOr<size_t> {
    const size_t size = std::min(into.size(), text.size() - offset);
    std::memcpy(into.data(), text.data() + offset, size);
    offset += size;
    return size;
  };
}

absl::StatusOr<ByteSource> OpenByteSource(const std::string& path, uint64_t& size) {
  // Shared, because std::function copies what it holds.
  const std::shared_ptr<int> descriptor(
      new int(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)), [](int* opened) {
        if (*opened >= 0) close(*opened);
        delete opened;
      });
  if (*descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  struct stat status;
  if (fstat(*descriptor, &status) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot look at ", path));
  }
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is not a regular file; an import reads its file more than once"));
  }
  size = static_cast<uint64_t>(status.st_size);
  if (size > kImportFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(path, " has ", size, " bytes; at most ",
                                                   kImportFileBytesMax, " are read: split it"));
  }
  return ByteSource([descriptor, path](absl::Span<char> into) -> absl::StatusOr<size_t> {
    while (true) {
      const ssize_t got = read(*descriptor, into.data(), into.size());
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
    }
  });
}

ByteStream::ByteStream(ByteSource source)
    : source_(std::move(source)), buffer_(kPortionBytes, '\0') {}

bool ByteStream::Fill() {
  if (ended_) return false;
  before_buffer_ += filled_;
  next_ = 0;
  filled_ = 0;
  const absl::StatusOr<size_t> got = source_(absl::MakeSpan(buffer_));
  if (!got.ok()) status_ = got.status();
  ended_ = !got.ok() || *got == 0 || before_buffer_ + *got > kImportFileBytesMax;
  if (ended_) return false;
  filled_ = *got;
  return true;
}

}  // namespace touchstone::cli
