#include "cli/qr_code.h"

#include <qrencode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

// More than any QR code holds (7,089 digits).
constexpr size_t kTextBytesMax = 7089;

enum Mode : size_t { kNumeric, kAlphanumeric, kByte };
constexpr size_t kModes = 3;

struct Segment {
  Mode mode;
  size_t begin;
  size_t size;
};

// The widths of a segment's character count depend on the version (ISO/IEC 18004, table 3).
struct VersionRange {
  int first;
  int last;
  std::array<uint32_t, kModes> count_bits;
};
constexpr std::array<VersionRange, 3> kVersionRanges = {{
    {1, 9, {10, 9, 8}},
    {10, 26, {12, 11, 16}},
    {27, 40, {14, 13, 16}},
}};
constexpr uint32_t kModeIndicatorBits = 4;

bool Encodable(char c, Mode mode) {
  const auto byte = static_cast<unsigned char>(c);
  switch (mode) {
    case kNumeric:
      return absl::ascii_isdigit(byte);
    case kAlphanumeric:
      return absl::ascii_isdigit(byte) || absl::ascii_isupper(byte) ||
             absl::string_view(" $%*+-./:").find(c) != absl::string_view::npos;
    case kByte:
      return true;
  }
  return false;
}

// In sixths of a bit: a digit takes 10/3 bits, an alphanumeric character 11/2, a byte 8.
constexpr std::array<uint32_t, kModes> kCharacterSixths = {20, 33, 48};

// The split with the fewest bits, for versions of one range: the shortest way through a graph with
// a node for each character and mode. Rounding up a segment's last digits may cost some bits more.
std::vector<Segment> Split(absl::string_view text, const VersionRange& range) {
  constexpr uint32_t kUnreachable = UINT32_MAX / 2;
  std::vector<std::array<Mode, kModes>> came_from(text.size());
  std::array<uint32_t, kModes> cost;  // of the text so far, ending in each mode
  for (size_t mode = 0; mode < kModes; ++mode) {
    cost[mode] = 6 * (kModeIndicatorBits + range.count_bits[mode]);
  }
  for (size_t i = 0; i < text.size(); ++i) {
    std::array<uint32_t, kModes> next;
    for (const Mode mode : {kNumeric, kAlphanumeric, kByte}) {
      next[mode] = kUnreachable;
      if (!Encodable(text[i], mode)) continue;
      for (const Mode before : {kNumeric, kAlphanumeric, kByte}) {
        // A new segment begins on a whole bit.
        uint32_t sum = cost[before];
        if (before != mode) {
          sum = (sum + 5) / 6 * 6 + 6 * (kModeIndicatorBits + range.count_bits[mode]);
          if (i == 0) continue;
        }
        sum += kCharacterSixths[mode];
        if (sum < next[mode]) {
          next[mode] = sum;
          came_from[i][mode] = before;
        }
      }
    }
    // Ways that end where nothing goes on must not wrap around.
    for (uint32_t& one : next) one = std::min(one, kUnreachable);
    cost = next;
  }
  Mode mode = kNumeric;
  for (const Mode other : {kAlphanumeric, kByte}) {
    if (cost[other] < cost[mode]) mode = other;
  }
  std::vector<Segment> segments;
  for (size_t i = text.size(); i-- > 0; mode = came_from[i][mode]) {
    if (segments.empty() || segments.back().mode != mode) segments.push_back({mode, i, 0});
    segments.back().begin = i;
    ++segments.back().size;
  }
  std::reverse(segments.begin(), segments.end());
  return segments;
}

QRencodeMode LibraryMode(Mode mode) {
  switch (mode) {
    case kNumeric:
      return QR_MODE_NUM;
    case kAlphanumeric:
      return QR_MODE_AN;
    case kByte:
      return QR_MODE_8;
  }
  return QR_MODE_8;
}

struct FreeInput {
  void operator()(QRinput* input) const { QRinput_free(input); }
};
struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

// Null if the segments do not fit any version.
std::unique_ptr<QRcode, FreeCode> EncodeSegments(absl::string_view text,
                                                 const std::vector<Segment>& segments) {
  const std::unique_ptr<QRinput, FreeInput> input(QRinput_new2(0, QR_ECLEVEL_M));
  if (input == nullptr) return nullptr;
  for (const Segment& segment : segments) {
    const auto* data = reinterpret_cast<const unsigned char*>(text.data() + segment.begin);
    if (QRinput_append(input.get(), LibraryMode(segment.mode), static_cast<int>(segment.size),
                       data) != 0) {
      return nullptr;
    }
  }
  return std::unique_ptr<QRcode, FreeCode>(QRcode_encodeInput(input.get()));
}

}  // namespace

absl::StatusOr<QrCode> QrCode::Encode(absl::string_view text) {
  if (text.empty()) return absl::InvalidArgumentError("there is no text to put into a QR code");
  std::unique_ptr<QRcode, FreeCode> smallest;
  if (text.size() <= kTextBytesMax) {
    for (const VersionRange& range : kVersionRanges) {
      std::unique_ptr<QRcode, FreeCode> code = EncodeSegments(text, Split(text, range));
      if (code != nullptr && (smallest == nullptr || code->width < smallest->width)) {
        smallest = std::move(code);
      }
    }
  }
  if (smallest == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("a text of ", text.size(), " bytes does not fit into a QR code"));
  }
  const auto modules = static_cast<size_t>(smallest->width) * static_cast<size_t>(smallest->width);
  std::vector<bool> dark(modules);
  for (size_t i = 0; i < modules; ++i) dark[i] = (smallest->data[i] & 1) != 0;
  return QrCode(smallest->width, std::move(dark));
}

}  // namespace touchstone::cli
