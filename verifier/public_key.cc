#include "verifier/public_key.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "verifier/ed25519_subgroup.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

static_assert(kEd25519KeyBytes == crypto_sign_PUBLICKEYBYTES);
static_assert(kEd25519SignatureBytes == crypto_sign_BYTES);

const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

absl::StatusOr<PublicKey> PublicKey::Parse(absl::string_view encoded) {
  if (encoded.empty()) return Refuse(RefusalCode::kMalformed, "a public key is empty");
  const auto type = static_cast<unsigned char>(encoded[0]);
  if (type != static_cast<unsigned char>(KeyAlgorithm::kEd25519)) {
    return Refuse(RefusalCode::kUnknownKeyAlgorithm,
                  absl::StrFormat("a public key is of type 0x%02x, and this verifier knows 0x01 "
                                  "(Ed25519) only; a newer one may know it",
                                  type));
  }
  return FromEd25519(encoded.substr(1));
}

absl::StatusOr<PublicKey> PublicKey::FromEd25519(absl::string_view key) {
  if (key.size() != kEd25519KeyBytes) {
    return Refuse(
        RefusalCode::kMalformed,
        absl::StrCat("an Ed25519 public key has ", kEd25519KeyBytes, " bytes, not ", key.size()));
  }
  if (!IsInMainSubgroup(key)) {
    return Refuse(RefusalCode::kInvalidKey,
                  "an Ed25519 public key is not the canonical encoding of a point of the main "
                  "subgroup");
  }
  PublicKey result;
  result.bytes_[0] = static_cast<uint8_t>(KeyAlgorithm::kEd25519);
  std::copy(key.begin(), key.end(), result.bytes_.begin() + 1);
  result.key_id_ = Sha256Of(result.encoded());
  return result;
}

absl::string_view PublicKey::encoded() const {
  return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
}

absl::string_view PublicKey::ed25519() const { return encoded().substr(1); }

absl::Status PublicKey::Verify(absl::string_view message, absl::string_view signature) const {
  if (signature.size() != kEd25519SignatureBytes) {
    return Refuse(RefusalCode::kBadSignature,
                  absl::StrCat("an Ed25519 signature has ", kEd25519SignatureBytes, " bytes, not ",
                               signature.size()));
  }
  if (crypto_sign_verify_detached(Unsigned(signature), Unsigned(message), message.size(),
                                  Unsigned(ed25519())) != 0) {
    return Refuse(RefusalCode::kBadSignature, "the signature is not this key's over these bytes");
  }
  return absl::OkStatus();
}

}  // namespace touchstone
