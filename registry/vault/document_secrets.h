// What is said about a stored document and concerns nobody but those who may read it: the key that
// seals it, its salt, its name. Sealed under the key of its piece and owner.
#ifndef TOUCHSTONE_REGISTRY_VAULT_DOCUMENT_SECRETS_H_
#define TOUCHSTONE_REGISTRY_VAULT_DOCUMENT_SECRETS_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::vault {

class DocumentSecrets {
 public:
  // With a fresh key. `salt` is empty for a public document.
  static absl::StatusOr<DocumentSecrets> Make(absl::string_view salt, absl::string_view media_type,
                                              absl::string_view name);

  static absl::StatusOr<DocumentSecrets> Unseal(const SecretBytes& piece_key,
                                                const PassportId& passport, const Digest& document,
                                                absl::string_view sealed);
  absl::StatusOr<std::string> Seal(const SecretBytes& piece_key, const PassportId& passport,
                                   const Digest& document) const;

  const SecretBytes& key() const { return key_; }
  const std::string& salt() const { return salt_; }
  const std::string& media_type() const { return media_type_; }
  const std::string& name() const { return name_; }

 private:
  explicit DocumentSecrets(SecretBytes key) : key_(std::move(key)) {}

  SecretBytes key_;
  std::string salt_;
  std::string media_type_;
  std::string name_;
};

// What a document's bytes are sealed for: it is that document of that piece.
std::string PlaceOfDocument(const PassportId& passport, const Digest& document);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_DOCUMENT_SECRETS_H_
