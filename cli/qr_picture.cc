#include "cli/qr_picture.h"

#include <png.h>

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

// Bright white on black, whatever the terminal's own colours are.
constexpr absl::string_view kCodeColours = "\033[38;5;231;48;5;16m";
constexpr absl::string_view kLightModule = "\033[48;5;231m  ";
constexpr absl::string_view kDarkModule = "\033[48;5;16m  ";
constexpr absl::string_view kColoursBack = "\033[0m";

// Blanks on coloured ground: solid even where there are no block characters.
std::string DrawColouredBlanks(const QrCode& code) {
  std::string out;
  for (int y = -kQrQuietZone; y < code.size() + kQrQuietZone; ++y) {
    for (int x = -kQrQuietZone; x < code.size() + kQrQuietZone; ++x) {
      absl::StrAppend(&out, code.dark(x, y) ? kDarkModule : kLightModule);
    }
    absl::StrAppend(&out, kColoursBack, "\n");
  }
  return out;
}

}  // namespace

std::string DrawQrForTerminal(const QrCode& code, const Terminal& terminal, Background background) {
  if (terminal.color && !terminal.unicode) return DrawColouredBlanks(code);
  // A block shows the foreground's colour: light, unless the terminal writes dark on light.
  const bool blocks_are_light = terminal.color || background == Background::kDark;
  const int first = -kQrQuietZone;
  const int end = code.size() + kQrQuietZone;
  const auto block = [&](int x, int y) {
    // The odd row below the last one belongs to no code: leave it empty.
    return y < end && code.dark(x, y) != blocks_are_light;
  };
  std::string out;
  for (int y = first; y < end; y += terminal.unicode ? 2 : 1) {
    if (terminal.color) absl::StrAppend(&out, kCodeColours);
    for (int x = first; x < end; ++x) {
      const bool upper = block(x, y);
      if (!terminal.unicode) {
        out += upper ? "##" : "  ";
        continue;
      }
      const bool lower = block(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    if (terminal.color) absl::StrAppend(&out, kColoursBack);
    out.push_back('\n');
  }
  return out;
}

absl::StatusOr<std::string> DrawQrAsPng(const QrCode& code, int scale) {
  if (scale < 1 || scale > kQrScaleMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a module of the QR code has 1 to ", kQrScaleMax, " pixels, not ", scale));
  }
  const int side = (code.size() + 2 * kQrQuietZone) * scale;
  std::vector<uint8_t> grey(static_cast<size_t>(side) * static_cast<size_t>(side));
  size_t i = 0;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      grey[i++] = code.dark(x / scale - kQrQuietZone, y / scale - kQrQuietZone) ? 0x00 : 0xFF;
    }
  }
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(side);
  image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_GRAY;
  // First how long it will be, then the picture itself.
  png_alloc_size_t size = 0;
  std::string png;
  bool written = png_image_write_to_memory(&image, nullptr, &size, 0, grey.data(), 0, nullptr) != 0;
  if (written) {
    png.resize(size);
    written = png_image_write_to_memory(&image, png.data(), &size, 0, grey.data(), 0, nullptr) != 0;
  }
  if (!written) {
    return absl::ResourceExhaustedError(absl::StrCat("libpng made no picture: ", image.message));
  }
  png.resize(size);
  return png;
}

std::string DrawQrAsSvg(const QrCode& code) {
  const int side = code.size() + 2 * kQrQuietZone;
  std::string out =
      absl::StrCat("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", side, " ", side,
                   "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h", side, "v",
                   side, "H0z\"/>", "<path d=\"");
  // Runs of dark modules as rectangles one module high.
  for (int y = 0; y < code.size(); ++y) {
    for (int x = 0; x < code.size(); ++x) {
      if (!code.dark(x, y)) continue;
      const int begin = x;
      while (code.dark(x, y)) ++x;
      absl::StrAppend(&out, "M", begin + kQrQuietZone, " ", y + kQrQuietZone, "h", x - begin,
                      "v1h-", x - begin, "z");
    }
  }
  return absl::StrCat(out, "\"/></svg>\n");
}

}  // namespace touchstone::cli
