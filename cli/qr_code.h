// Text as a QR code (ISO/IEC 18004) in the fewest modules: what is encoded, not how it is drawn
// (cli/qr_picture.h).
#ifndef TOUCHSTONE_CLI_QR_CODE_H_
#define TOUCHSTONE_CLI_QR_CODE_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// Modules of light around a code that a reader needs.
inline constexpr int kQrQuietZone = 4;

class QrCode {
 public:
  // Error correction level M (about 15 % of the code may be unreadable). The text is split into
  // numeric, alphanumeric and byte segments so that it takes the fewest bits. InvalidArgument for
  // an empty text and for one that no QR code can hold.
  static absl::StatusOr<QrCode> Encode(absl::string_view text);

  int version() const { return (size_ - 17) / 4; }  // 1 to 40
  int size() const { return size_; }                // modules a side, without quiet zone

  // Whether the module is dark; outside the code, and so in the quiet zone, nothing is.
  bool dark(int x, int y) const {
    return x >= 0 && y >= 0 && x < size_ && y < size_ &&
           dark_[static_cast<size_t>(y) * static_cast<size_t>(size_) + static_cast<size_t>(x)];
  }

 private:
  QrCode(int size, std::vector<bool> dark) : size_(size), dark_(std::move(dark)) {}

  int size_;
  std::vector<bool> dark_;  // row by row
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_QR_CODE_H_
