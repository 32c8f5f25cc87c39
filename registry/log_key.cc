#include "registry/log_key.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"
#include "verifier/signing/key_file.h"
#include "verifier/signing/note_signer.h"
#include "verifier/signing/private_file.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone {
namespace {

// The file's first line; the rest must be empty.
absl::StatusOr<SecretBytes> ReadPassphrase(const std::string& path) {
  absl::StatusOr<SecretBytes> passphrase = ReadPrivateFile(path, kPassphraseBytesMax + 2);
  if (!passphrase.ok()) return InContext("--passphrase-file", passphrase.status());
  const absl::string_view text = passphrase->ExposeText();
  const size_t end = text.find_first_of("\r\n");
  if (end != absl::string_view::npos) {
    if (text.find_first_not_of("\r\n", end) != absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("--passphrase-file: '", path, "' has more than one line"));
    }
    passphrase->Truncate(end);
  }
  return passphrase;
}

}  // namespace

LogKey::LogKey(SecretKey key, VerifierKey verifier_key)
    : key_(std::move(key)), verifier_key_(std::move(verifier_key)) {}

absl::StatusOr<std::unique_ptr<LogKey>> LogKey::Read(const service::Options& options) {
  const absl::StatusOr<KeyFile> file = ReadKeyFile(options.log_key_file);
  if (!file.ok()) return InContext("--log-key", file.status());
  std::optional<SecretBytes> passphrase;
  if (file->needs_passphrase()) {
    if (options.passphrase_file.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--log-key: '", options.log_key_file,
                       "' is sealed under a passphrase; give it in --passphrase-file"));
    }
    absl::StatusOr<SecretBytes> read = ReadPassphrase(options.passphrase_file);
    if (!read.ok()) return read.status();
    passphrase = *std::move(read);
  }
  absl::StatusOr<SecretKey> key =
      file->OpenSigningKey(passphrase.has_value() ? &*passphrase : nullptr);
  if (!key.ok()) {
    return InContext(absl::StrCat("--log-key: '", options.log_key_file, "'"), key.status());
  }
  absl::StatusOr<VerifierKey> verifier_key =
      VerifierKey::Create(options.origin, NoteSignatureType::kEd25519, key->public_key());
  if (!verifier_key.ok()) return InContext("--origin", verifier_key.status());
  return std::unique_ptr<LogKey>(new LogKey(*std::move(key), *std::move(verifier_key)));
}

absl::StatusOr<std::string> LogKey::Sign(const Checkpoint& checkpoint) const {
  return SignCheckpoint(checkpoint, key_);
}

}  // namespace touchstone
