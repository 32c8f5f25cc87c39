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
absl::StatusOr<SecretBytes> ReadPassphrase(const char* option, const std::string& path) {
  absl::StatusOr<SecretBytes> passphrase = ReadPrivateFile(path, kPassphraseBytesMax + 2);
  if (!passphrase.ok()) return InContext(option, passphrase.status());
  const absl::string_view text = passphrase->ExposeText();
  const size_t end = text.find_first_of("\r\n");
  if (end != absl::string_view::npos) {
    if (text.find_first_not_of("\r\n", end) != absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat(option, ": '", path, "' has more than one line"));
    }
    passphrase->Truncate(end);
  }
  return passphrase;
}

}  // namespace

LogKey::LogKey(SecretKey key, VerifierKey verifier_key)
    : key_(std::move(key)), verifier_key_(std::move(verifier_key)) {}

absl::StatusOr<std::unique_ptr<LogKey>> LogKey::Read(const service::Options& options) {
  return Read(options.origin, options.log_key_file, options.passphrase_file,
              {"--log-key", "--passphrase-file"});
}

absl::StatusOr<std::unique_ptr<LogKey>> LogKey::ReadNew(const service::Options& options) {
  return Read(options.origin, options.new_log_key_file, options.new_passphrase_file,
              {"--rotate-log-key", "--new-passphrase-file"});
}

absl::StatusOr<std::unique_ptr<LogKey>> LogKey::Read(const std::string& origin,
                                                     const std::string& key_file,
                                                     const std::string& passphrase_file,
                                                     const Names& names) {
  const absl::StatusOr<KeyFile> file = ReadKeyFile(key_file);
  if (!file.ok()) return InContext(names.key_option, file.status());
  std::optional<SecretBytes> passphrase;
  if (file->needs_passphrase()) {
    if (passphrase_file.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(names.key_option, ": '", key_file,
                                                     "' is sealed under a passphrase; give it in ",
                                                     names.passphrase_option));
    }
    absl::StatusOr<SecretBytes> read = ReadPassphrase(names.passphrase_option, passphrase_file);
    if (!read.ok()) return read.status();
    passphrase = *std::move(read);
  }
  absl::StatusOr<SecretKey> key =
      file->OpenSigningKey(passphrase.has_value() ? &*passphrase : nullptr);
  if (!key.ok()) {
    return InContext(absl::StrCat(names.key_option, ": '", key_file, "'"), key.status());
  }
  absl::StatusOr<VerifierKey> verifier_key =
      VerifierKey::Create(origin, NoteSignatureType::kEd25519, key->public_key());
  if (!verifier_key.ok()) return InContext("--origin", verifier_key.status());
  return std::unique_ptr<LogKey>(new LogKey(*std::move(key), *std::move(verifier_key)));
}

absl::StatusOr<std::string> LogKey::Sign(const Checkpoint& checkpoint) const {
  return SignCheckpoint(checkpoint, key_);
}

}  // namespace touchstone
