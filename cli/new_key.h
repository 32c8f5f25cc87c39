// Making new keys on disk, under a passphrase or plain, as the user chose. Opening them is
// cli/context.h's.
#ifndef TOUCHSTONE_CLI_NEW_KEY_H_
#define TOUCHSTONE_CLI_NEW_KEY_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/signing/key_file.h"
#include "verifier/signing/secret_bytes.h"
#include "verifier/signing/secret_key.h"

namespace touchstone::cli {

// How new key files are to be protected, asked for once and used for as many as are made.
class NewKeyProtection {
 public:
  // Plain, or under a passphrase: from `passphrase_file` if that is not empty, else asked for on
  // the terminal (twice) for `what`.
  static absl::StatusOr<NewKeyProtection> Choose(bool plain, const std::string& passphrase_file,
                                                 const std::string& what);

  // Valid while this object lives.
  KeyProtection protection() const;

 private:
  NewKeyProtection() = default;
  std::optional<SecretBytes> passphrase_;
};

// A fresh signing key, written to a new file. Errors: those of CreateKeyFile.
absl::StatusOr<SecretKey> CreateNewKey(const std::string& path, absl::string_view label,
                                       const NewKeyProtection& protection);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_NEW_KEY_H_
