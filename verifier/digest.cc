#include "verifier/digest.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "verifier/base64.h"
#include "verifier/hex.h"
#include "verifier/refusal.h"

namespace touchstone {

absl::string_view DigestBytes(const Digest& digest) {
  return absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size());
}

absl::StatusOr<Digest> DigestFromBytes(absl::string_view bytes) {
  if (bytes.size() != kDigestBytes) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("a digest has ", kDigestBytes, " bytes, not ", bytes.size()));
  }
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

std::string DigestToHex(const Digest& digest) { return HexEncode(DigestBytes(digest)); }

absl::StatusOr<Digest> DigestFromHex(absl::string_view hex) {
  // Checked first, so that what is decoded is bounded.
  if (hex.size() != 2 * kDigestBytes) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("a digest in hexadecimal has ", 2 * kDigestBytes,
                               " characters, not ", hex.size()));
  }
  const absl::StatusOr<std::string> bytes = HexDecode(hex);
  if (!bytes.ok()) return bytes.status();
  return DigestFromBytes(*bytes);
}

std::string DigestToBase64(const Digest& digest) { return Base64Encode(DigestBytes(digest)); }

absl::StatusOr<Digest> DigestFromBase64(absl::string_view base64) {
  constexpr size_t kCharacters = (kDigestBytes + 2) / 3 * 4;
  if (base64.size() != kCharacters) {
    return Refuse(RefusalCode::kMalformed, absl::StrCat("a digest in base64 has ", kCharacters,
                                                        " characters, not ", base64.size()));
  }
  const absl::StatusOr<std::string> bytes = Base64Decode(base64);
  if (!bytes.ok()) return bytes.status();
  return DigestFromBytes(*bytes);
}

}  // namespace touchstone
