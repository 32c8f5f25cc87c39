// Public keys that carry their algorithm, and checking signatures with them. Not for making
// signatures: that is verifier/signing/secret_key.h.
#ifndef TOUCHSTONE_VERIFIER_PUBLIC_KEY_H_
#define TOUCHSTONE_VERIFIER_PUBLIC_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"

namespace touchstone {

// The type byte of a signed-note verifier key. Others (ML-DSA) have their place reserved there.
enum class KeyAlgorithm : uint8_t { kEd25519 = 0x01 };

inline constexpr size_t kEd25519KeyBytes = 32;
inline constexpr size_t kEd25519SignatureBytes = 64;

// A key that can be trusted to have one owner: a canonically encoded point of the main subgroup.
class PublicKey {
 public:
  // type ‖ key.
  static constexpr size_t kEncodedBytes = 1 + kEd25519KeyBytes;

  // Reads type ‖ key. Errors: kMalformed (length), kUnknownKeyAlgorithm (type), kInvalidKey (not a
  // canonical point of the main subgroup, small and mixed orders included, which the signature
  // check of libsodium alone lets through in part).
  static absl::StatusOr<PublicKey> Parse(absl::string_view encoded);

  // The same for the 32 bytes of RFC 8032.
  static absl::StatusOr<PublicKey> FromEd25519(absl::string_view key);

  KeyAlgorithm algorithm() const { return KeyAlgorithm::kEd25519; }

  // type ‖ key; valid while this object lives.
  absl::string_view encoded() const;
  // The 32 bytes of RFC 8032; valid while this object lives.
  absl::string_view ed25519() const;

  // SHA-256(type ‖ key): the DSSE key id. Every signature names one, so it is hashed once.
  Digest KeyId() const { return key_id_; }

  // OK if `signature` (64 bytes) is this key's over `message`, by the cofactorless check of RFC
  // 8032 with S < L and without small-order R; kBadSignature otherwise.
  absl::Status Verify(absl::string_view message, absl::string_view signature) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.bytes_ == b.bytes_; }
  friend bool operator!=(const PublicKey& a, const PublicKey& b) { return a.bytes_ != b.bytes_; }
  friend bool operator<(const PublicKey& a, const PublicKey& b) { return a.bytes_ < b.bytes_; }

 private:
  PublicKey() = default;
  std::array<uint8_t, kEncodedBytes> bytes_ = {};
  Digest key_id_ = {};
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PUBLIC_KEY_H_
