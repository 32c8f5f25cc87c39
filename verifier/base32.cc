#include "verifier/base32.h"

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr absl::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

}  // namespace

std::string Base32Encode(absl::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 8 + 4) / 5);
  unsigned pending = 0;
  unsigned pending_bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8) | static_cast<unsigned char>(byte);
    pending_bits += 8;
    while (pending_bits >= 5) {
      pending_bits -= 5;
      text.push_back(kAlphabet[pending >> pending_bits]);
      pending &= (1u << pending_bits) - 1;
    }
  }
  if (pending_bits > 0) text.push_back(kAlphabet[pending << (5 - pending_bits)]);
  return text;
}

absl::StatusOr<std::string> Base32Decode(absl::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 5 / 8);
  unsigned pending = 0;
  unsigned pending_bits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t value = kAlphabet.find(text[i]);
    if (value == absl::string_view::npos) {
      return Refuse(RefusalCode::kMalformed,
                    absl::StrCat("character ", i + 1, " is not base 32: A-Z and 2-7"));
    }
    pending = (pending << 5) | static_cast<unsigned>(value);
    pending_bits += 5;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes.push_back(static_cast<char>(static_cast<unsigned char>(pending >> pending_bits)));
      pending &= (1u << pending_bits) - 1;
    }
  }
  // Five bits left over would be a symbol that no byte needed.
  if (pending_bits >= 5 || pending != 0) {
    return Refuse(RefusalCode::kMalformed, "no bytes have this base 32 text: its end is not right");
  }
  return bytes;
}

}  // namespace touchstone
