#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/new_key.h"
#include "verifier/digest.h"
#include "verifier/hex.h"
#include "verifier/signing/key_file.h"

namespace touchstone::cli {
namespace {

struct KeygenOptions {
  std::string out_file;
  std::string label;
  bool plain = false;
  bool issuer_secret = false;
};

// The file's name says more than nothing.
std::string LabelOf(const KeygenOptions& options) {
  if (!options.label.empty()) return options.label;
  return options.out_file.substr(options.out_file.rfind('/') + 1);
}

absl::Status Keygen(const Context& context, const KeygenOptions& options) {
  absl::StatusOr<NewKeyProtection> protection =
      NewKeyProtection::Choose(options.plain, context.options().passphrase_file, options.out_file);
  if (!protection.ok()) return protection.status();
  if (options.issuer_secret) {
    const absl::StatusOr<DerivationSecret> secret = DerivationSecret::Generate();
    if (!secret.ok()) return secret.status();
    const absl::Status created = CreateIssuerSecretFile(options.out_file, *secret, LabelOf(options),
                                                        protection->protection());
    if (!created.ok()) return created;
    std::printf(
        "Wrote %s.\nKeep a copy for ever: the ids of all your passports are derived from it.\n",
        options.out_file.c_str());
    return absl::OkStatus();
  }
  const absl::StatusOr<SecretKey> key =
      CreateNewKey(options.out_file, LabelOf(options), *protection);
  if (!key.ok()) return key.status();
  std::printf("Wrote %s.\npublic key %s\nkey id     %s\n", options.out_file.c_str(),
              HexEncode(key->public_key().encoded()).c_str(),
              DigestToHex(key->public_key().KeyId()).c_str());
  return absl::OkStatus();
}

absl::Status ShowKey(const std::string& path) {
  const absl::StatusOr<KeyFile> file = ReadKeyFile(path);
  if (!file.ok()) return file.status();
  std::printf("%s\nlabel      %s\nprotected  %s\n",
              file->kind() == KeyFile::Kind::kSigningKey ? "signing key" : "issuer secret",
              file->label().c_str(),
              file->needs_passphrase() ? "by a passphrase" : "by the file's mode only");
  if (file->public_key().has_value()) {
    std::printf("public key %s\nkey id     %s\n", HexEncode(file->public_key()->encoded()).c_str(),
                DigestToHex(file->public_key()->KeyId()).c_str());
  }
  return absl::OkStatus();
}

}  // namespace

void AddKeygenCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command = app->add_subcommand("keygen", "Make a key file")->group("Keys");
  auto options = std::make_shared<KeygenOptions>();
  command->add_option("FILE", options->out_file, "The new key file")->required();
  command->add_option("--label", options->label,
                      "What the key is for, for people (default: the file's name)");
  command->add_flag("--plain", options->plain,
                    "No passphrase: whoever can read the file can use the key");
  command->add_flag("--issuer-secret", options->issuer_secret,
                    "Make an issuer's secret, from which passport ids are derived, and not a "
                    "signing key");
  command->callback([=] { result->status = Keygen(*context, *options); });
}

void AddKeyCommand(CLI::App* app, Context*, CommandResult* result) {
  CLI::App* command = app->add_subcommand("key", "Look at a key file")->group("Keys");
  command->require_subcommand(1);
  CLI::App* show = command->add_subcommand("show", "Print what a key file says openly");
  auto path = std::make_shared<std::string>();
  show->add_option("FILE", *path, "The key file")->required();
  show->callback([=] { result->status = ShowKey(*path); });
}

}  // namespace touchstone::cli
