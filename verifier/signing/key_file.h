// Key files: a signing key or an issuer secret as a small text file, sealed under a passphrase or
// plain. Their bytes are in verifier/signing/key_file_text.h. Not for asking for the passphrase.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_KEY_FILE_H_
#define TOUCHSTONE_VERIFIER_SIGNING_KEY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/signing/key_file_text.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {

// Writes `key` to a new file; what is there already is never overwritten. Errors: those of
// EncodeKeyFile and CreatePrivateFile.
absl::Status CreateKeyFile(const std::string& path, const SecretKey& key, absl::string_view label,
                           const KeyProtection& protection);

// The same for an issuer's secret.
absl::Status CreateIssuerSecretFile(const std::string& path, const DerivationSecret& secret,
                                    absl::string_view label, const KeyProtection& protection);

// Errors: those of ReadPrivateFile and KeyFile::Parse, each naming the path.
absl::StatusOr<KeyFile> ReadKeyFile(const std::string& path);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_KEY_FILE_H_
