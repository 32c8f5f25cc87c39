#include "verifier/signing/key_file.h"

#include "absl/strings/str_cat.h"
#include "verifier/signing/private_file.h"

namespace touchstone {

absl::Status CreateKeyFile(const std::string& path, const SecretKey& key, absl::string_view label,
                           const KeyProtection& protection) {
  absl::StatusOr<SecretBytes> text = EncodeKeyFile(key, label, protection);
  if (!text.ok()) return text.status();
  return CreatePrivateFile(path, *text);
}

absl::Status CreateIssuerSecretFile(const std::string& path, const DerivationSecret& secret,
                                    absl::string_view label, const KeyProtection& protection) {
  absl::StatusOr<SecretBytes> text = EncodeIssuerSecretFile(secret, label, protection);
  if (!text.ok()) return text.status();
  return CreatePrivateFile(path, *text);
}

absl::StatusOr<KeyFile> ReadKeyFile(const std::string& path) {
  absl::StatusOr<SecretBytes> text = ReadPrivateFile(path, kKeyFileBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<KeyFile> file = KeyFile::Parse(text->ExposeText());
  if (file.ok()) return file;
  return absl::Status(file.status().code(), absl::StrCat(path, ": ", file.status().message()));
}

}  // namespace touchstone
