// The text of a key file, to and from bytes in memory. Reading and writing the file itself is in
// verifier/signing/key_file.h.
//
//   touchstone-key v1                            or: touchstone-secret v1
//   label <what it is for, for people>
//   public-key <type ‖ key, in hex>              (touchstone-key only)
//   secret plain <32 bytes in hex>
//
// or, instead of the last line,
//
//   secret argon2id13 passes=<n> memory=<bytes> salt=<16 bytes in hex>
//   sealed xchacha20poly1305 nonce=<24 bytes in hex> <48 bytes in hex>
//
// The 32 bytes are the Ed25519 seed (RFC 8032) or the issuer's secret. They are sealed under
// Argon2id (RFC 9106, version 1.3) of the passphrase, with everything before the line "sealed" as
// associated data, so that neither label, public key nor cost can be exchanged. Every line ends
// with \n; nothing else may be there.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_KEY_FILE_TEXT_H_
#define TOUCHSTONE_VERIFIER_SIGNING_KEY_FILE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/public_key.h"
#include "verifier/signing/passport_id_derivation.h"
#include "verifier/signing/secret_bytes.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {

inline constexpr size_t kKeyFileBytesMax = 4096;
inline constexpr size_t kKeyFileLabelBytesMax = 200;
inline constexpr size_t kPassphraseBytesMax = 1024;

// What one guess of a passphrase costs.
struct PassphraseCost {
  uint64_t passes = 3;
  size_t memory_bytes = size_t{256} << 20;
};

// A file that asks for more is not opened: it may be there to exhaust this machine.
inline constexpr PassphraseCost kPassphraseCostMax = {16, size_t{1} << 30};
inline constexpr PassphraseCost kPassphraseCostMin = {1, size_t{8} << 10};

// How the secret part is kept: in the clear, or sealed under a passphrase, which must outlive this.
class KeyProtection {
 public:
  static KeyProtection Plain() { return KeyProtection(); }
  static KeyProtection Passphrase(const SecretBytes& passphrase, PassphraseCost cost = {}) {
    return KeyProtection(&passphrase, cost);
  }

  const SecretBytes* passphrase() const { return passphrase_; }
  const PassphraseCost& cost() const { return cost_; }

 private:
  KeyProtection() = default;
  KeyProtection(const SecretBytes* passphrase, PassphraseCost cost)
      : passphrase_(passphrase), cost_(cost) {}

  const SecretBytes* passphrase_ = nullptr;
  PassphraseCost cost_;
};

// The text of a key file. The label is one line of UTF-8 without control characters, at most
// kKeyFileLabelBytesMax. Errors: InvalidArgument (label, empty or overlong passphrase, cost out of
// bounds); ResourceExhausted (memory).
absl::StatusOr<SecretBytes> EncodeKeyFile(const SecretKey& key, absl::string_view label,
                                          const KeyProtection& protection);
absl::StatusOr<SecretBytes> EncodeIssuerSecretFile(const DerivationSecret& secret,
                                                   absl::string_view label,
                                                   const KeyProtection& protection);

// A key file that was read: what it says openly, and the rest for whoever has the passphrase.
class KeyFile {
 public:
  enum class Kind { kSigningKey, kIssuerSecret };

  // Errors: InvalidArgument, naming the line and what was expected there; Unimplemented for a
  // version that is not known here.
  static absl::StatusOr<KeyFile> Parse(absl::string_view text);

  KeyFile(KeyFile&&) = default;
  KeyFile& operator=(KeyFile&&) = default;

  Kind kind() const { return public_key_.has_value() ? Kind::kSigningKey : Kind::kIssuerSecret; }
  const std::string& label() const { return label_; }
  bool needs_passphrase() const { return seal_.has_value(); }

  // Readable without the passphrase; nothing for an issuer's secret. Of a sealed file it is only
  // known to be the right one after OpenSigningKey.
  const std::optional<PublicKey>& public_key() const { return public_key_; }

  // The key itself. `passphrase` may be null for a file that needs none. Errors: FailedPrecondition
  // (this is the other kind of file, or needs a passphrase); PermissionDenied (wrong passphrase, or
  // a changed file: which of the two cannot be told); InvalidArgument (the public key is
  // another's).
  absl::StatusOr<SecretKey> OpenSigningKey(const SecretBytes* passphrase) const;

  // The issuer's secret. The same errors.
  absl::StatusOr<DerivationSecret> OpenIssuerSecret(const SecretBytes* passphrase) const;

 private:
  struct Seal {
    PassphraseCost cost;
    std::string salt;
    std::string nonce;
    std::string sealed;
    std::string associated_data;
  };

  KeyFile() = default;

  absl::StatusOr<SecretBytes> OpenSecret(const SecretBytes* passphrase) const;

  std::string label_;
  std::optional<PublicKey> public_key_;
  std::optional<Seal> seal_;
  std::optional<SecretBytes> plain_;  // exactly one of the two
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_KEY_FILE_TEXT_H_
