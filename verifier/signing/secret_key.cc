#include "verifier/signing/secret_key.h"

#include <sodium.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace touchstone {
namespace {

static_assert(kEd25519SeedBytes == crypto_sign_SEEDBYTES);

absl::Status NoGuardedMemory() {
  return absl::ResourceExhaustedError(
      "no guarded memory for a secret key: raise the limit on locked memory (ulimit -l)");
}

}  // namespace

void SecretKey::FreeGuarded::operator()(unsigned char* memory) const { sodium_free(memory); }

SecretKey::SecretKey(GuardedBytes secret, const PublicKey& public_key)
    : secret_(std::move(secret)), public_key_(public_key) {}

absl::StatusOr<SecretKey> SecretKey::Generate() {
  if (sodium_init() < 0) return absl::UnavailableError("the system has no randomness to offer");
  const GuardedBytes seed(static_cast<unsigned char*>(sodium_malloc(kEd25519SeedBytes)));
  if (seed == nullptr) return NoGuardedMemory();
  randombytes_buf(seed.get(), kEd25519SeedBytes);
  return FromSeed(absl::MakeConstSpan(seed.get(), kEd25519SeedBytes));
}

absl::StatusOr<SecretKey> SecretKey::FromSeed(absl::Span<const uint8_t> seed) {
  if (seed.size() != kEd25519SeedBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("an Ed25519 seed has ", kEd25519SeedBytes, " bytes, not ", seed.size()));
  }
  // The guarded allocator needs it; every call but the first does nothing.
  if (sodium_init() < 0) return absl::UnavailableError("the system has no randomness to offer");
  GuardedBytes secret(static_cast<unsigned char*>(sodium_malloc(crypto_sign_SECRETKEYBYTES)));
  if (secret == nullptr) return NoGuardedMemory();
  unsigned char public_bytes[crypto_sign_PUBLICKEYBYTES];
  crypto_sign_seed_keypair(public_bytes, secret.get(), seed.data());
  const absl::StatusOr<PublicKey> public_key = PublicKey::FromEd25519(
      absl::string_view(reinterpret_cast<const char*>(public_bytes), sizeof(public_bytes)));
  if (!public_key.ok()) return public_key.status();
  sodium_mprotect_readonly(secret.get());
  return SecretKey(std::move(secret), *public_key);
}

std::string SecretKey::Sign(absl::string_view message) const {
  std::string signature(kEd25519SignatureBytes, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                       secret_.get());
  return signature;
}

absl::Span<const uint8_t> SecretKey::ExposeSeed() const {
  return absl::MakeConstSpan(secret_.get(), kEd25519SeedBytes);
}

}  // namespace touchstone
