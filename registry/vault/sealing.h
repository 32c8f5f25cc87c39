// Small secrets sealed under a key, bound to the place where they lie (XChaCha20-Poly1305, a random
// nonce): keys, and what is said about a document. Not for documents (sealed_file.h).
#ifndef TOUCHSTONE_REGISTRY_VAULT_SEALING_H_
#define TOUCHSTONE_REGISTRY_VAULT_SEALING_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::vault {

inline constexpr size_t kKeyBytes = 32;

// nonce[24] ‖ ciphertext ‖ tag[16]. `place` is not secret, and must be the same for Unseal.
std::string Seal(const SecretBytes& key, absl::string_view place, const SecretBytes& secret);

// kDataLoss if it is not what Seal() made with that key for that place: damaged, moved, or the key
// is another one.
absl::StatusOr<SecretBytes> Unseal(const SecretBytes& key, absl::string_view place,
                                   absl::string_view sealed);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_SEALING_H_
