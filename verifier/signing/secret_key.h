// Secret keys in guarded memory, and making signatures. Never part of a verifier: a program that
// only checks does not link touchstone_signing. Not for keeping keys in files.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_SECRET_KEY_H_
#define TOUCHSTONE_VERIFIER_SIGNING_SECRET_KEY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/public_key.h"

namespace touchstone {

inline constexpr size_t kEd25519SeedBytes = 32;

// An Ed25519 key. It moves, but is never copied; its memory is locked, guarded, and wiped when it
// goes. Safe to sign with from several threads.
class SecretKey {
 public:
  // A fresh key from the system's randomness. ResourceExhausted if no guarded memory can be had.
  static absl::StatusOr<SecretKey> Generate();

  // The key of RFC 8032 that a 32-byte seed stands for. The caller wipes its own copy of the seed.
  // InvalidArgument for another length.
  static absl::StatusOr<SecretKey> FromSeed(absl::Span<const uint8_t> seed);

  SecretKey(SecretKey&&) = default;
  SecretKey& operator=(SecretKey&&) = default;

  const PublicKey& public_key() const { return public_key_; }

  // 64 bytes over `message` (RFC 8032, deterministic).
  std::string Sign(absl::string_view message) const;

  // The 32 secret bytes, for writing a key file; valid while this object lives.
  absl::Span<const uint8_t> ExposeSeed() const;

 private:
  struct FreeGuarded {
    void operator()(unsigned char* memory) const;
  };
  using GuardedBytes = std::unique_ptr<unsigned char[], FreeGuarded>;

  SecretKey(GuardedBytes secret, const PublicKey& public_key);

  GuardedBytes secret_;  // seed ‖ public key, as libsodium keeps it
  PublicKey public_key_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_SECRET_KEY_H_
