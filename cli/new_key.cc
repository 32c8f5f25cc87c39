#include "cli/new_key.h"

#include <utility>

#include "cli/passphrase.h"

namespace touchstone::cli {

absl::StatusOr<NewKeyProtection> NewKeyProtection::Choose(bool plain,
                                                          const std::string& passphrase_file,
                                                          const std::string& what) {
  NewKeyProtection protection;
  if (plain) return protection;
  absl::StatusOr<SecretBytes> passphrase = GetNewPassphrase(passphrase_file, what);
  if (!passphrase.ok()) return passphrase.status();
  protection.passphrase_ = *std::move(passphrase);
  return protection;
}

KeyProtection NewKeyProtection::protection() const {
  return passphrase_.has_value() ? KeyProtection::Passphrase(*passphrase_) : KeyProtection::Plain();
}

absl::StatusOr<SecretKey> CreateNewKey(const std::string& path, absl::string_view label,
                                       const NewKeyProtection& protection) {
  absl::StatusOr<SecretKey> key = SecretKey::Generate();
  if (!key.ok()) return key.status();
  const absl::Status created = CreateKeyFile(path, *key, label, protection.protection());
  if (!created.ok()) return created;
  return key;
}

}  // namespace touchstone::cli
