// A SHA-256 digest as a value, and its text forms. Hashing itself is in verifier/sha256.h.
#ifndef TOUCHSTONE_VERIFIER_DIGEST_H_
#define TOUCHSTONE_VERIFIER_DIGEST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

inline constexpr size_t kDigestBytes = 32;
using Digest = std::array<uint8_t, kDigestBytes>;

inline constexpr Digest kZeroDigest = {};

// The 32 bytes of `digest`, as the byte strings of this library are: valid while `digest` lives.
absl::string_view DigestBytes(const Digest& digest);
absl::string_view DigestBytes(const Digest&& digest) = delete;

// Exactly 32 bytes; anything else is kMalformed.
absl::StatusOr<Digest> DigestFromBytes(absl::string_view bytes);

// 64 lower-case hexadecimal digits, and back (either case is read).
std::string DigestToHex(const Digest& digest);
absl::StatusOr<Digest> DigestFromHex(absl::string_view hex);

// 44 characters of base64 (verifier/base64.h), and back.
std::string DigestToBase64(const Digest& digest);
absl::StatusOr<Digest> DigestFromBase64(absl::string_view base64);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_DIGEST_H_
