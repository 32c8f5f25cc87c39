// Pictures of outside origin (PNG, JPEG, PGM) as grey pixels, within bounds of time and memory
// whatever the file says. Not for showing or changing pictures.
#ifndef TOUCHSTONE_CLI_GREY_PICTURE_H_
#define TOUCHSTONE_CLI_GREY_PICTURE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

inline constexpr size_t kPictureFileBytesMax = size_t{64} << 20;
// Of PNG and PGM; larger JPEG pictures (of phones) are read at half the size or less.
inline constexpr uint64_t kPicturePixelsMax = 40'000'000;
inline constexpr uint64_t kJpegPixelsMax = 220'000'000;

struct GreyPicture {
  uint32_t width = 0;
  uint32_t height = 0;
  std::vector<uint8_t> pixels;  // row by row, 0 black to 255 white
};

// Errors (InvalidArgument): not one of the three formats, damaged, or larger than the limits.
// Transparent parts become white.
absl::StatusOr<GreyPicture> DecodePicture(absl::string_view file);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_GREY_PICTURE_H_
