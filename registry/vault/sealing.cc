#include "registry/vault/sealing.h"

#include <sodium.h>

#include "absl/status/status.h"

namespace touchstone::vault {
namespace {

constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string Seal(const SecretBytes& key, absl::string_view place, const SecretBytes& secret) {
  std::string sealed(kNonceBytes + secret.size() + kTagBytes, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
  randombytes_buf(out, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonceBytes, nullptr, secret.Expose().data(),
                                             secret.size(), Bytes(place), place.size(), nullptr,
                                             out, key.Expose().data());
  return sealed;
}

absl::StatusOr<SecretBytes> Unseal(const SecretBytes& key, absl::string_view place,
                                   absl::string_view sealed) {
  const absl::Status broken = absl::DataLossError("what is sealed does not open with its key");
  if (sealed.size() < kNonceBytes + kTagBytes) return broken;
  absl::StatusOr<SecretBytes> secret =
      SecretBytes::Allocate(sealed.size() - kNonceBytes - kTagBytes);
  if (!secret.ok()) return secret.status();
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          secret->ExposeMutable().data(), nullptr, nullptr, Bytes(sealed) + kNonceBytes,
          sealed.size() - kNonceBytes, Bytes(place), place.size(), Bytes(sealed),
          key.Expose().data()) != 0) {
    return broken;
  }
  return secret;
}

}  // namespace touchstone::vault
