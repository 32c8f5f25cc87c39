#include "cli/context.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/passphrase.h"
#include "cli/public_file.h"
#include "verifier/hex.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/signing/key_file.h"

namespace touchstone::cli {

namespace {

// A mistake in the policy file is the user's to mend, and must not read like a refused passport; a
// key of an algorithm to come can only not be judged.
absl::Status PolicyError(const std::string& path, const absl::Status& status) {
  const std::optional<RefusalCode> code = RefusalCodeOf(status);
  if (code.has_value() && RefusalKindOf(*code) == RefusalKind::kCannotJudge) {
    return InContext(path, status);
  }
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", status.message()));
}

// What `open` makes of the file's secret, with its passphrase if it has one. Errors name the file.
template <typename Secret>
absl::StatusOr<Secret> OpenKeyFile(
    const std::string& path, const std::string& passphrase_file,
    absl::StatusOr<Secret> (KeyFile::*open)(const SecretBytes* passphrase) const) {
  const absl::StatusOr<KeyFile> file = ReadKeyFile(path);
  if (!file.ok()) return file.status();
  std::optional<SecretBytes> passphrase;
  if (file->needs_passphrase()) {
    absl::StatusOr<SecretBytes> given = GetPassphrase(passphrase_file, path);
    if (!given.ok()) return given.status();
    passphrase = *std::move(given);
  }
  absl::StatusOr<Secret> secret = ((*file).*open)(passphrase.has_value() ? &*passphrase : nullptr);
  if (secret.ok()) return secret;
  return absl::Status(secret.status().code(), absl::StrCat(path, ": ", secret.status().message()));
}

}  // namespace

uint64_t Context::NowMs() const { return static_cast<uint64_t>(absl::ToUnixMillis(absl::Now())); }

absl::StatusOr<std::string> Context::PolicyText() const {
  if (options_.policy_file.empty()) {
    return absl::InvalidArgumentError(
        "no trust policy given: say --policy FILE (touchstone init writes trust-policy.txt)");
  }
  return ReadPublicFile(options_.policy_file, limits::kPolicyBytesMax);
}

absl::StatusOr<const TrustPolicy*> Context::Policy() {
  if (!policy_.has_value()) {
    absl::StatusOr<std::string> text = PolicyText();
    if (!text.ok()) return text.status();
    absl::StatusOr<TrustPolicy> policy = TrustPolicy::Parse(*text);
    if (!policy.ok()) return PolicyError(options_.policy_file, policy.status());
    policy_ = *std::move(policy);
  }
  return &*policy_;
}

absl::StatusOr<RegistryClient*> Context::Client() {
  if (client_ == nullptr) {
    auto client = RegistryClient::Create(options_.connection);
    if (!client.ok()) return client.status();
    client_ = *std::move(client);
  }
  return client_.get();
}

absl::StatusOr<SecretKey> Context::OpenKey(const std::string& path) const {
  return OpenKeyFile<SecretKey>(path, options_.passphrase_file, &KeyFile::OpenSigningKey);
}

absl::StatusOr<DerivationSecret> Context::OpenIssuerSecret() const {
  const std::string& path = options_.issuer_secret_file;
  if (path.empty()) {
    return absl::InvalidArgumentError(
        "no issuer secret given: say --issuer-secret FILE (touchstone keygen --issuer-secret "
        "makes one; keep it for ever, the ids of your passports are derived from it)");
  }
  return OpenKeyFile<DerivationSecret>(path, options_.passphrase_file, &KeyFile::OpenIssuerSecret);
}

absl::StatusOr<std::vector<SecretKey>> Context::SigningKeys() const {
  if (options_.key_files.empty()) {
    return absl::InvalidArgumentError("no signing key given: say --key FILE");
  }
  std::vector<SecretKey> keys;
  for (const std::string& path : options_.key_files) {
    absl::StatusOr<SecretKey> key = OpenKey(path);
    if (!key.ok()) return key.status();
    keys.push_back(*std::move(key));
  }
  return keys;
}

absl::StatusOr<SecretKey> Context::SigningKey() const {
  if (options_.key_files.size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat("--key names ", options_.key_files.size(),
                                                   " files; this is signed by one key only"));
  }
  absl::StatusOr<std::vector<SecretKey>> keys = SigningKeys();
  if (!keys.ok()) return keys.status();
  return std::move(keys->front());
}

absl::StatusOr<ParticipantId> Context::Participant() const {
  if (options_.participant.empty()) {
    return absl::InvalidArgumentError(
        "no participant given: say --participant ID, the id under which the stewards enrolled you");
  }
  absl::StatusOr<ParticipantId> id = ParticipantId::Parse(options_.participant);
  if (!id.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--participant: ", id.status().message()));
  }
  return id;
}

Terminal Context::OutputTerminal() const { return DescribeTerminal(1, options_.color); }

absl::StatusOr<PublicKey> PublicKeyFromArgument(const std::string& argument) {
  if (argument.size() == 2 * PublicKey::kEncodedBytes) {
    const absl::StatusOr<std::string> bytes = HexDecode(argument);
    if (bytes.ok()) return PublicKey::Parse(*bytes);
  }
  absl::StatusOr<KeyFile> file = ReadKeyFile(argument);
  if (!file.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", argument,
                     "' is neither a public key in 66 hexadecimal digits nor a key "
                     "file (",
                     file.status().message(), ")"));
  }
  if (!file->public_key().has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(argument, " holds an issuer secret, not a signing key"));
  }
  return *file->public_key();
}

}  // namespace touchstone::cli
