#include "cli/qr_scan.h"

#include <zbar.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/grey_picture.h"
#include "cli/public_file.h"

namespace touchstone::cli {
namespace {

// Below this a module may be a single pixel; above it, noise looks like modules.
constexpr uint32_t kSmallSide = 500;
constexpr uint32_t kLargeSide = 2000;

struct DestroyScanner {
  void operator()(zbar::zbar_image_scanner_t* scanner) const {
    zbar::zbar_image_scanner_destroy(scanner);
  }
};
struct DestroyImage {
  void operator()(zbar::zbar_image_t* image) const { zbar::zbar_image_destroy(image); }
};

// Three pixels for each, with a light border: for codes that were cut out without a quiet zone.
GreyPicture Enlarged(const GreyPicture& picture) {
  constexpr uint32_t kFactor = 3;
  constexpr uint32_t kBorder = 24;
  GreyPicture out;
  out.width = kFactor * picture.width + 2 * kBorder;
  out.height = kFactor * picture.height + 2 * kBorder;
  out.pixels.assign(size_t{out.width} * out.height, 255);
  for (uint32_t y = 0; y < kFactor * picture.height; ++y) {
    for (uint32_t x = 0; x < kFactor * picture.width; ++x) {
      out.pixels[size_t{y + kBorder} * out.width + x + kBorder] =
          picture.pixels[size_t{y / kFactor} * picture.width + x / kFactor];
    }
  }
  return out;
}

// The mean of each square of four.
GreyPicture Halved(const GreyPicture& picture) {
  GreyPicture out;
  out.width = picture.width / 2;
  out.height = picture.height / 2;
  out.pixels.resize(size_t{out.width} * out.height);
  for (uint32_t y = 0; y < out.height; ++y) {
    for (uint32_t x = 0; x < out.width; ++x) {
      const uint8_t* upper = &picture.pixels[size_t{2 * y} * picture.width + 2 * x];
      const uint8_t* lower = upper + picture.width;
      out.pixels[size_t{y} * out.width + x] =
          static_cast<uint8_t>((upper[0] + upper[1] + lower[0] + lower[1] + 2) / 4);
    }
  }
  return out;
}

std::vector<std::string> Scan(const GreyPicture& picture) {
  std::vector<std::string> texts;
  const std::unique_ptr<zbar::zbar_image_scanner_t, DestroyScanner> scanner(
      zbar::zbar_image_scanner_create());
  const std::unique_ptr<zbar::zbar_image_t, DestroyImage> image(zbar::zbar_image_create());
  if (scanner == nullptr || image == nullptr) return texts;
  // Nothing but QR codes; their bytes as they are, without a guess at their encoding; and codes
  // that are light on dark, as terminals show them.
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_BINARY, 1);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_TEST_INVERTED,
                                      1);
  zbar::zbar_image_set_format(image.get(), zbar_fourcc('Y', '8', '0', '0'));
  zbar::zbar_image_set_size(image.get(), picture.width, picture.height);
  zbar::zbar_image_set_data(image.get(), picture.pixels.data(), picture.pixels.size(), nullptr);
  if (zbar::zbar_scan_image(scanner.get(), image.get()) <= 0) return texts;
  for (const zbar::zbar_symbol_t* symbol = zbar::zbar_image_first_symbol(image.get());
       symbol != nullptr; symbol = zbar::zbar_symbol_next(symbol)) {
    std::string text(zbar::zbar_symbol_get_data(symbol), zbar::zbar_symbol_get_data_length(symbol));
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ScanQrCodes(absl::string_view picture_file) {
  absl::StatusOr<GreyPicture> picture = DecodePicture(picture_file);
  if (!picture.ok()) return picture.status();
  std::vector<std::string> texts = Scan(*picture);
  if (texts.empty() && std::max(picture->width, picture->height) < kSmallSide) {
    texts = Scan(Enlarged(*picture));
  }
  while (texts.empty() && std::max(picture->width, picture->height) > kLargeSide) {
    picture = Halved(*picture);
    texts = Scan(*picture);
  }
  if (texts.empty()) {
    return absl::NotFoundError(
        "no QR code can be read in this picture; take it straight on, sharp, and with a light "
        "border "
        "around the code");
  }
  return texts;
}

absl::StatusOr<std::vector<std::string>> ReadQrArgument(const std::string& argument) {
  if (absl::StartsWithIgnoreCase(argument, "https://") ||
      absl::StartsWithIgnoreCase(argument, "http://")) {
    if (argument.size() > kQrTextBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat("the QR code's text has ", argument.size(),
                                                     " bytes; at most ", kQrTextBytesMax));
    }
    return std::vector<std::string>{argument};
  }
  absl::StatusOr<std::string> file = ReadPublicFile(argument, kPictureFileBytesMax);
  if (!file.ok()) return file.status();
  absl::StatusOr<std::vector<std::string>> texts = ScanQrCodes(*file);
  if (texts.ok()) return texts;
  return absl::Status(texts.status().code(),
                      absl::StrCat(argument, ": ", texts.status().message()));
}

}  // namespace touchstone::cli
