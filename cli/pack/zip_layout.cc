#include "cli/pack/zip_layout.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

// APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 (directory)
// and 4.3.16 (end record).
constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr uint32_t kDescriptorSignature = 0x08074b50;
constexpr uint32_t kDirectorySignature = 0x02014b50;
constexpr uint32_t kEndSignature = 0x06054b50;
constexpr size_t kLocalBytes = 30;
constexpr size_t kDirectoryBytes = 46;
constexpr size_t kEndBytes = 22;
constexpr uint16_t kHasDescriptor = 1 << 3;

absl::Status Malformed(absl::string_view what) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("the archive ", what));
}

// Numbers at offsets that were checked before.
uint16_t Number16(absl::string_view bytes, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[at + i]); };
  return static_cast<uint16_t>(byte(0) | byte(1) << 8);
}
uint32_t Number32(absl::string_view bytes, size_t at) {
  return Number16(bytes, at) | static_cast<uint32_t>(Number16(bytes, at + 2)) << 16;
}

struct Listed {
  absl::string_view name;
  uint32_t crc = 0;
  uint32_t packed_bytes = 0;
  uint32_t bytes = 0;
  uint32_t begin = 0;  // of its local header
};

struct Directory {
  size_t begin = 0;
  std::vector<Listed> members;
};

absl::StatusOr<Directory> ReadDirectory(absl::string_view zip) {
  if (zip.size() < kEndBytes || Number32(zip, zip.size() - kEndBytes) != kEndSignature ||
      Number16(zip, zip.size() - 2) != 0) {
    return Malformed("does not end with its end record: it has a comment, or something behind it");
  }
  const size_t end = zip.size() - kEndBytes;
  const size_t count = Number16(zip, end + 10);
  Directory directory;
  directory.begin = Number32(zip, end + 16);
  if (directory.begin + uint64_t{Number32(zip, end + 12)} != end || Number32(zip, end + 4) != 0 ||
      Number16(zip, end + 8) != count) {
    return Malformed("has something before its members or behind its directory");
  }
  size_t at = directory.begin;
  while (at + kDirectoryBytes <= end && Number32(zip, at) == kDirectorySignature) {
    const size_t name_bytes = Number16(zip, at + 28);
    const size_t comment_bytes = Number16(zip, at + 32);
    const size_t next = at + kDirectoryBytes + name_bytes + Number16(zip, at + 30);
    if (next > end || comment_bytes != 0) return Malformed("has a comment in its directory");
    directory.members.push_back({.name = zip.substr(at + kDirectoryBytes, name_bytes),
                                 .crc = Number32(zip, at + 16),
                                 .packed_bytes = Number32(zip, at + 20),
                                 .bytes = Number32(zip, at + 24),
                                 .begin = Number32(zip, at + 42)});
    at = next;
  }
  if (at != end || directory.members.size() != count) {
    return Malformed("has a directory that holds something else than members");
  }
  return directory;
}

// Its three numbers behind the contents, with or without a signature; how many bytes they take.
std::optional<size_t> DescriptorBytes(absl::string_view zip, size_t at, const Listed& member) {
  for (const size_t signature_bytes : {size_t{4}, size_t{0}}) {
    if (at + signature_bytes + 12 > zip.size()) continue;
    if (signature_bytes != 0 && Number32(zip, at) != kDescriptorSignature) continue;
    const size_t numbers = at + signature_bytes;
    if (Number32(zip, numbers) == member.crc && Number32(zip, numbers + 4) == member.packed_bytes &&
        Number32(zip, numbers + 8) == member.bytes) {
      return signature_bytes + 12;
    }
  }
  return std::nullopt;
}

// Where the member ends that begins at `member.begin`.
absl::StatusOr<size_t> EndOf(absl::string_view zip, const Listed& member) {
  const size_t begin = member.begin;
  const auto wrong = [&member] {
    return Malformed(absl::StrCat("has \"", member.name, "\" otherwise than its directory says"));
  };
  if (begin + kLocalBytes > zip.size() || Number32(zip, begin) != kLocalSignature) return wrong();
  const size_t name_bytes = Number16(zip, begin + 26);
  const uint64_t contents = begin + kLocalBytes + name_bytes + Number16(zip, begin + 28);
  const uint64_t end = contents + member.packed_bytes;
  if (end > zip.size() || zip.substr(begin + kLocalBytes, name_bytes) != member.name)
    return wrong();
  if ((Number16(zip, begin + 6) & kHasDescriptor) != 0) {
    const std::optional<size_t> bytes = DescriptorBytes(zip, end, member);
    return bytes.has_value() ? absl::StatusOr<size_t>(end + *bytes) : wrong();
  }
  if (Number32(zip, begin + 18) != member.packed_bytes) return wrong();
  return end;
}

}  // namespace

absl::Status CheckZipLayout(absl::string_view zip) {
  absl::StatusOr<Directory> directory = ReadDirectory(zip);
  if (!directory.ok()) return directory.status();
  std::vector<Listed>& members = directory->members;
  std::sort(members.begin(), members.end(),
            [](const Listed& a, const Listed& b) { return a.begin < b.begin; });
  size_t at = 0;
  for (const Listed& member : members) {
    if (member.begin != at) {
      return Malformed(
          absl::StrCat("has something before \"", member.name, "\" that is no member"));
    }
    const absl::StatusOr<size_t> end = EndOf(zip, member);
    if (!end.ok()) return end.status();
    at = *end;
  }
  if (at == directory->begin) return absl::OkStatus();
  return Malformed("has something between its members and its directory");
}

}  // namespace touchstone::cli
