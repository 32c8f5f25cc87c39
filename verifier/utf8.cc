#include "verifier/utf8.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

struct Decoded {
  size_t length = 0;  // 0 if there is no valid sequence here
  uint32_t code_point = 0;
};

// The first character of `bytes`, which is not empty (RFC 3629 section 4).
Decoded DecodeFirst(absl::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return {1, lead};
  size_t length;
  uint32_t code_point;
  uint32_t smallest;  // what a shorter form could have held is overlong
  if (lead >= 0xC0 && lead < 0xE0) {
    length = 2, code_point = lead & 0x1F, smallest = 0x80;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    length = 3, code_point = lead & 0x0F, smallest = 0x800;
  } else if (lead >= 0xF0 && lead < 0xF8) {
    length = 4, code_point = lead & 0x07, smallest = 0x10000;
  } else {
    return {};
  }
  if (bytes.size() < length) return {};
  for (size_t i = 1; i < length; ++i) {
    const auto continuation = static_cast<unsigned char>(bytes[i]);
    if ((continuation & 0xC0) != 0x80) return {};
    code_point = code_point << 6 | (continuation & 0x3F);
  }
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < smallest || code_point > 0x10FFFF || is_surrogate) return {};
  return {length, code_point};
}

// The property White_Space of Unicode 15 (PropList.txt).
bool IsWhiteSpace(uint32_t code_point) {
  return (code_point >= 0x09 && code_point <= 0x0D) || code_point == 0x20 || code_point == 0x85 ||
         code_point == 0xA0 || code_point == 0x1680 ||
         (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x2028 ||
         code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F ||
         code_point == 0x3000;
}

}  // namespace

absl::Status ValidateUtf8(absl::string_view bytes) {
  size_t offset = 0;
  while (offset < bytes.size()) {
    const Decoded character = DecodeFirst(bytes.substr(offset));
    if (character.length == 0) {
      return Refuse(RefusalCode::kMalformed, absl::StrCat("not UTF-8 at byte ", offset));
    }
    offset += character.length;
  }
  return absl::OkStatus();
}

bool ContainsUnicodeSpace(absl::string_view text) {
  while (!text.empty()) {
    const Decoded character = DecodeFirst(text);
    if (character.length == 0) return false;
    if (IsWhiteSpace(character.code_point)) return true;
    text.remove_prefix(character.length);
  }
  return false;
}

}  // namespace touchstone
