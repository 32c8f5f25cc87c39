#include "verifier/tlog_tiles.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "verifier/big_endian.h"
#include "verifier/decimal.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr uint32_t kLevelMax = 63;
constexpr uint32_t kFullWidth = limits::kTileHashes;
constexpr size_t kEntryBytesMax = 0xFFFF;  // what the u16 before each entry can say
// 2^63 - 1 has 19 digits: 7 groups of three.
constexpr size_t kIndexGroupsMax = 7;

absl::Status Malformed(absl::string_view message) {
  return Refuse(RefusalCode::kMalformed, message);
}

// Takes what stands before the first `separator` off the front of `text`, and the separator too;
// the whole text if there is none.
absl::string_view TakeUntil(absl::string_view& text, char separator) {
  const size_t end = text.find(separator);
  const absl::string_view taken = text.substr(0, end);
  text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  return taken;
}

// Exactly three digits.
absl::StatusOr<uint64_t> ParseGroup(absl::string_view digits) {
  if (digits.size() != 3) return Malformed("a tile's index is not in groups of three digits");
  uint64_t value = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return Malformed("a tile's index holds something but digits");
    value = value * 10 + static_cast<uint64_t>(digit - '0');
  }
  return value;
}

// "x001/x234/067"; anything that formats differently is caught by the caller.
absl::StatusOr<uint64_t> ParseIndex(absl::string_view text) {
  uint64_t index = 0;
  for (size_t groups = 0; groups < kIndexGroupsMax; ++groups) {
    const bool is_last = !absl::ConsumePrefix(&text, "x");
    const absl::StatusOr<uint64_t> group = ParseGroup(is_last ? text : TakeUntil(text, '/'));
    if (!group.ok()) return group.status();
    if (index > (limits::kTreeSizeMax - *group) / 1000) break;
    index = index * 1000 + *group;
    if (is_last) return index;
  }
  return Malformed("a tile's index is too large");
}

}  // namespace

std::string FormatTilePath(const TileName& name) {
  std::string index = absl::StrFormat("%03d", name.index % 1000);
  for (uint64_t rest = name.index / 1000; rest > 0; rest /= 1000) {
    index = absl::StrFormat("x%03d/%s", rest % 1000, index);
  }
  return absl::StrCat("tile/", name.level.has_value() ? absl::StrCat(*name.level) : "entries", "/",
                      index, name.width < kFullWidth ? absl::StrCat(".p/", name.width) : "");
}

absl::StatusOr<TileName> ParseTilePath(absl::string_view path) {
  const absl::string_view whole = path;
  TileName name;
  if (!absl::ConsumePrefix(&path, "tile/")) return Malformed("a tile's path starts with tile/");
  if (const absl::string_view level = TakeUntil(path, '/'); level != "entries") {
    const absl::StatusOr<uint64_t> number = ParseDecimal(level, kLevelMax);
    if (!number.ok()) return InContext("a tile's level", number.status());
    name.level = static_cast<uint32_t>(*number);
  }
  if (const size_t partial = path.find(".p/"); partial != absl::string_view::npos) {
    const absl::StatusOr<uint64_t> width = ParseDecimal(path.substr(partial + 3), kFullWidth - 1);
    if (!width.ok()) return InContext("a tile's width", width.status());
    if (*width == 0) return Malformed("a tile's width is 0");
    name.width = static_cast<uint32_t>(*width);
    path = path.substr(0, partial);
  }
  const absl::StatusOr<uint64_t> index = ParseIndex(path);
  if (!index.ok()) return index.status();
  name.index = *index;
  if (FormatTilePath(name) != whole) return Malformed("a tile's index has leading zero groups");
  return name;
}

uint32_t PartialTileWidth(uint64_t tree_size, uint32_t level) {
  // 256^8 exceeds every size.
  if (level >= 8) return 0;
  return static_cast<uint32_t>((tree_size >> (8 * level)) % kFullWidth);
}

absl::StatusOr<std::vector<Digest>> DecodeTile(absl::string_view bytes, uint32_t width) {
  if (width == 0 || width > kFullWidth || bytes.size() != width * kDigestBytes) {
    return Malformed(absl::StrCat("a tile of width ", width, " has ", bytes.size(), " bytes"));
  }
  std::vector<Digest> hashes;
  hashes.reserve(width);
  for (; !bytes.empty(); bytes.remove_prefix(kDigestBytes)) {
    const absl::StatusOr<Digest> hash = DigestFromBytes(bytes.substr(0, kDigestBytes));
    if (!hash.ok()) return hash.status();
    hashes.push_back(*hash);
  }
  return hashes;
}

absl::StatusOr<std::string> EncodeEntryBundle(absl::Span<const absl::string_view> entries) {
  if (entries.empty() || entries.size() > kFullWidth) {
    return Malformed(absl::StrCat("an entry bundle of ", entries.size(), " entries"));
  }
  std::string bytes;
  for (const absl::string_view entry : entries) {
    if (entry.size() > kEntryBytesMax) {
      return Malformed(absl::StrCat("an entry of ", entry.size(), " bytes in an entry bundle"));
    }
    AppendBigEndian<uint16_t>(bytes, static_cast<uint16_t>(entry.size()));
    bytes.append(entry.data(), entry.size());
  }
  return bytes;
}

absl::StatusOr<std::vector<absl::string_view>> DecodeEntryBundle(absl::string_view bytes,
                                                                 uint32_t width) {
  if (width == 0 || width > kFullWidth) {
    return Malformed(absl::StrCat("an entry bundle of width ", width));
  }
  std::vector<absl::string_view> entries;
  for (uint32_t i = 0; i < width; ++i) {
    if (bytes.size() < sizeof(uint16_t)) {
      return Malformed(absl::StrCat("an entry bundle ends before entry ", i, " of ", width));
    }
    const size_t length = LoadBigEndian<uint16_t>(bytes);
    bytes.remove_prefix(sizeof(uint16_t));
    if (bytes.size() < length) {
      return Malformed(absl::StrCat("an entry bundle ends inside entry ", i, " of ", width));
    }
    entries.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (!bytes.empty()) {
    return Malformed(
        absl::StrCat("an entry bundle has ", bytes.size(), " bytes after its last ", "entry"));
  }
  return entries;
}

}  // namespace touchstone
