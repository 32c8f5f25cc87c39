#include "cli/grey_picture.h"

#include <png.h>

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/jpeg_picture.h"

namespace touchstone::cli {
namespace {

absl::Status CheckSize(uint64_t width, uint64_t height) {
  if (width == 0 || height == 0) return absl::InvalidArgumentError("the picture is empty");
  if (width > kPicturePixelsMax || height > kPicturePixelsMax / width) {
    return absl::InvalidArgumentError(absl::StrCat("the picture has ", width, " × ", height,
                                                   " pixels; at most ", kPicturePixelsMax,
                                                   " are read: make it smaller"));
  }
  return absl::OkStatus();
}

// libpng's simplified interface catches its own errors, and this one frees what it holds.
class PngReader {
 public:
  PngReader() { image_.version = PNG_IMAGE_VERSION; }
  ~PngReader() { png_image_free(&image_); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  absl::StatusOr<GreyPicture> Read(absl::string_view file) {
    if (png_image_begin_read_from_memory(&image_, file.data(), file.size()) == 0) return Damaged();
    if (absl::Status status = CheckSize(image_.width, image_.height); !status.ok()) return status;
    image_.format = PNG_FORMAT_GRAY;
    GreyPicture picture;
    picture.width = image_.width;
    picture.height = image_.height;
    picture.pixels.resize(PNG_IMAGE_SIZE(image_));
    const png_color white = {255, 255, 255};
    if (png_image_finish_read(&image_, &white, picture.pixels.data(), 0, nullptr) == 0) {
      return Damaged();
    }
    return picture;
  }

 private:
  absl::Status Damaged() const {
    return absl::InvalidArgumentError(absl::StrCat("the PNG picture is damaged: ", image_.message));
  }

  png_image image_ = {};
};

// Netpbm's binary grey format with one byte a pixel: "P5", width, height, 255, with blanks and
// comments between, one blank, the pixels.
absl::StatusOr<GreyPicture> ReadPgm(absl::string_view file) {
  const absl::Status damaged =
      absl::InvalidArgumentError("the PGM picture is damaged, or not binary with values up to 255");
  file.remove_prefix(2);
  uint64_t numbers[3] = {0, 0, 0};
  for (uint64_t& number : numbers) {
    while (!file.empty() &&
           (absl::ascii_isspace(static_cast<unsigned char>(file[0])) || file[0] == '#')) {
      file.remove_prefix(file[0] == '#' ? std::min(file.find('\n'), file.size()) : 1);
    }
    if (file.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(file[0]))) return damaged;
    while (!file.empty() && absl::ascii_isdigit(static_cast<unsigned char>(file[0]))) {
      number = 10 * number + static_cast<uint64_t>(file[0] - '0');
      if (number > kPicturePixelsMax) return CheckSize(number, 1);
      file.remove_prefix(1);
    }
  }
  if (file.empty() || !absl::ascii_isspace(static_cast<unsigned char>(file[0]))) return damaged;
  file.remove_prefix(1);
  const uint64_t width = numbers[0];
  const uint64_t height = numbers[1];
  if (absl::Status status = CheckSize(width, height); !status.ok()) return status;
  if (numbers[2] != 255 || file.size() < width * height) return damaged;
  GreyPicture picture;
  picture.width = static_cast<uint32_t>(width);
  picture.height = static_cast<uint32_t>(height);
  picture.pixels.assign(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(width * height));
  return picture;
}

}  // namespace

absl::StatusOr<GreyPicture> DecodePicture(absl::string_view file) {
  if (file.size() > kPictureFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("the picture's file has ", file.size(),
                                                   " bytes; at most ", kPictureFileBytesMax,
                                                   " are read"));
  }
  if (absl::StartsWith(file, "\x89PNG")) return PngReader().Read(file);
  if (absl::StartsWith(file, "\xFF\xD8\xFF")) return DecodeJpeg(file);
  if (absl::StartsWith(file, "P5")) return ReadPgm(file);
  return absl::InvalidArgumentError("not a picture that can be read here: PNG, JPEG or PGM");
}

}  // namespace touchstone::cli
