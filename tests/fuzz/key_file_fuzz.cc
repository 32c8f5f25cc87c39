// Key files: what is read is written back the same, and nothing opens what was sealed.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/signing/key_file_text.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  const absl::StatusOr<KeyFile> file = KeyFile::Parse(input);
  if (!file.ok()) return;
  if (file->needs_passphrase()) {
    Expect(!file->OpenSigningKey(nullptr).ok() && !file->OpenIssuerSecret(nullptr).ok(),
           "a sealed file does not open without its passphrase");
    return;
  }
  if (file->kind() == KeyFile::Kind::kIssuerSecret) {
    const absl::StatusOr<DerivationSecret> secret = file->OpenIssuerSecret(nullptr);
    Expect(secret.ok(), "a plain secret opens");
    const absl::StatusOr<SecretBytes> text =
        EncodeIssuerSecretFile(*secret, file->label(), KeyProtection::Plain());
    Expect(text.ok() && text->ExposeText() == input, "a secret has one text");
    return;
  }
  const absl::StatusOr<SecretKey> key = file->OpenSigningKey(nullptr);
  if (!key.ok()) return;  // another key's public part
  const absl::StatusOr<SecretBytes> text =
      EncodeKeyFile(*key, file->label(), KeyProtection::Plain());
  Expect(text.ok() && text->ExposeText() == input, "a key has one text");
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
