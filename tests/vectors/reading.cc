#include "tests/vectors/reading.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

[[noreturn]] void Stop(absl::string_view what) {
  std::fprintf(stderr, "format_vectors: %s\n", std::string(what).c_str());
  std::abort();
}

uint64_t TakeVarint(absl::string_view& bytes) {
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (bytes.empty()) Stop("a varint is cut off");
    const auto byte = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
}

const WireField& FieldOf(const WireMessage& schema, uint64_t number) {
  for (const WireField& field : schema.fields) {
    if (field.number == number) return field;
  }
  Stop(absl::StrCat("no field ", number));
}

std::string NumberMeaning(const WireField& field, uint64_t value) {
  for (size_t i = 0; i < field.enum_values.size(); ++i) {
    if (static_cast<uint64_t>(field.enum_values[i]) == value) {
      return std::string(field.enum_names[i]);
    }
  }
  return absl::StrCat(value);
}

void Append(const WireMessage& schema, absl::string_view bytes, const Known& known, size_t indent,
            std::vector<Row>& rows) {
  while (!bytes.empty()) {
    const absl::string_view start = bytes;
    const uint64_t tag = TakeVarint(bytes);
    const WireField& field = FieldOf(schema, tag >> 3);
    const auto read = [&start, &bytes] { return start.substr(0, start.size() - bytes.size()); };
    std::string name = absl::StrCat(std::string(indent, ' '), field.name);
    const std::string tag_hex = HexEncode(read());
    const absl::string_view after_tag = bytes;
    const uint64_t value = TakeVarint(bytes);
    if ((tag & 7) == 0) {
      const std::string hex = HexEncode(after_tag.substr(0, after_tag.size() - bytes.size()));
      rows.push_back({name, absl::StrCat(tag_hex, " ", hex), NumberMeaning(field, value)});
      continue;
    }
    const std::string head = HexEncode(read());
    const absl::string_view inner = bytes.substr(0, value);
    bytes.remove_prefix(value);
    if (field.kind == WireKind::kMessage) {
      rows.push_back({name, head, absl::StrCat(value, " bytes")});
      Append(*field.message, inner, known, indent + 2, rows);
      continue;
    }
    if (const auto found = known.find(std::string(inner)); found != known.end()) {
      rows.push_back({name, absl::StrCat(head, " ..."), found->second});
      continue;
    }
    const bool is_text = field.kind == WireKind::kString;
    rows.push_back({name, absl::StrCat(head, " ", HexEncode(inner)),
                    is_text ? absl::StrCat("\"", inner, "\"") : ""});
  }
}

}  // namespace

std::vector<Row> ReadingOf(const WireMessage& schema, absl::string_view bytes, const Known& known) {
  std::vector<Row> rows;
  Append(schema, bytes, known, 0, rows);
  return rows;
}

std::vector<Row> ReadingOf(const std::vector<Part>& parts, absl::string_view whole,
                           const Known& known) {
  std::vector<Row> rows;
  std::string together;
  for (const Part& part : parts) {
    together += part.bytes;
    const auto found = known.find(part.bytes);
    rows.push_back({part.name, found == known.end() ? HexEncode(part.bytes) : "...",
                    found == known.end() ? part.meaning : found->second});
  }
  if (together != whole) Stop("the parts of an example are not the whole");
  return rows;
}

}  // namespace touchstone
