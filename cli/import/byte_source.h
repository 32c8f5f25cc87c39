// Where an import's bytes come from, in portions: a file, or memory in tests. Not for small files,
// which cli/public_file.h reads whole.
#ifndef TOUCHSTONE_CLI_IMPORT_BYTE_SOURCE_H_
#define TOUCHSTONE_CLI_IMPORT_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace touchstone::cli {

inline constexpr uint64_t kImportFileBytesMax = uint64_t{64} << 30;

// Fills the front of the span and says how much of it; 0 only at the end.
using ByteSource = std::function<absl::StatusOr<size_t>(absl::Span<char>)>;

ByteSource BytesOf(std::string text);

// A regular file of at most kImportFileBytesMax (a second pass must find the same bytes, so no
// pipe). Errors: NotFound, PermissionDenied, InvalidArgument; later, while reading, what the disk
// says. `size` is set to the file's.
absl::StatusOr<ByteSource> OpenByteSource(const std::string& path, uint64_t& size);

// One byte after the other, with a look at the next.
class ByteStream {
 public:
  explicit ByteStream(ByteSource source);

  // The next byte, 0 to 255, or kEnd. After an error, kEnd; status() has it.
  static constexpr int kEnd = -1;
  int Peek() {
    if (next_ == filled_ && !Fill()) return kEnd;
    return static_cast<unsigned char>(buffer_[next_]);
  }
  int Take() {
    const int byte = Peek();
    if (byte != kEnd) ++next_;
    return byte;
  }

  // What of the bytes to come is in memory already: at least one, unless this is the end.
  absl::string_view Ahead() {
    if (Peek() == kEnd) return "";
    return absl::string_view(buffer_).substr(next_, filled_ - next_);
  }

  const absl::Status& status() const { return status_; }
  uint64_t bytes_taken() const { return before_buffer_ + next_; }

 private:
  bool Fill();

  ByteSource source_;
  std::string buffer_;
  size_t next_ = 0;
  size_t filled_ = 0;
  uint64_t before_buffer_ = 0;
  bool ended_ = false;
  absl::Status status_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_BYTE_SOURCE_H_
