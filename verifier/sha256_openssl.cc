// verifier/sha256.h by OpenSSL, which uses the processor's SHA instructions. These functions are
// deprecated in favour of EVP, but a fetched EVP context takes twice as long for the 65 bytes of
// a tree node, and the one-shot SHA256() ten times.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <new>

#include "verifier/sha256.h"

namespace touchstone {
namespace {

SHA256_CTX* StateIn(unsigned char* storage) {
  return std::launder(reinterpret_cast<SHA256_CTX*>(storage));
}

}  // namespace

Sha256::Sha256() {
  static_assert(sizeof(SHA256_CTX) <= kStateBytes);
  static_assert(alignof(SHA256_CTX) <= 16);
  SHA256_Init(new (state_) SHA256_CTX);
}

void Sha256::Update(absl::string_view bytes) {
  SHA256_Update(StateIn(state_), bytes.data(), bytes.size());
}

Digest Sha256::Final() {
  Digest digest;
  static_assert(SHA256_DIGEST_LENGTH == kDigestBytes);
  SHA256_Final(digest.data(), StateIn(state_));
  return digest;
}

}  // namespace touchstone
