// verifier/sha256.h by libsodium: portable C, no dependency that the verifier does not have anyway.
#include <sodium.h>

#include <new>

#include "verifier/sha256.h"

namespace touchstone {
namespace {

crypto_hash_sha256_state* StateIn(unsigned char* storage) {
  return std::launder(reinterpret_cast<crypto_hash_sha256_state*>(storage));
}

}  // namespace

Sha256::Sha256() {
  static_assert(sizeof(crypto_hash_sha256_state) <= kStateBytes);
  static_assert(alignof(crypto_hash_sha256_state) <= 16);
  crypto_hash_sha256_init(new (state_) crypto_hash_sha256_state);
}

void Sha256::Update(absl::string_view bytes) {
  crypto_hash_sha256_update(StateIn(state_), reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

Digest Sha256::Final() {
  Digest digest;
  static_assert(crypto_hash_sha256_BYTES == kDigestBytes);
  crypto_hash_sha256_final(StateIn(state_), digest.data());
  return digest;
}

}  // namespace touchstone
