#include "verifier/base64.h"

#include <sodium.h>

#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;

}  // namespace

std::string Base64Encode(absl::string_view bytes) {
  // The length that libsodium gives and writes counts the terminating zero.
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();
  return text;
}

absl::StatusOr<std::string> Base64Decode(absl::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  size_t length = 0;
  // libsodium refuses missing padding and set bits behind the last byte by itself, but takes some
  // bytes beyond ASCII for letters. Writing it again leaves one text for each byte string.
  const bool is_decoded =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &length, nullptr, kVariant) == 0;
  bytes.resize(is_decoded ? length : 0);
  if (!is_decoded || Base64Encode(bytes) != text) {
    return Refuse(RefusalCode::kMalformed,
                  "not base64 (RFC 4648 section 4, with its padding and nothing else)");
  }
  return bytes;
}

}  // namespace touchstone
