// What every command needs: the global options, and what they lead to (the policy, the registry,
// keys), opened when first asked for. Not for what commands do.
#ifndef TOUCHSTONE_CLI_CONTEXT_H_
#define TOUCHSTONE_CLI_CONTEXT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/client/registry_client.h"
#include "cli/terminal.h"
#include "verifier/participant_id.h"
#include "verifier/policy.h"
#include "verifier/public_key.h"
#include "verifier/signing/passport_id_derivation.h"
#include "verifier/signing/secret_key.h"

namespace touchstone::cli {

// From the command line or the configuration file (paths in the file are relative to it).
struct GlobalOptions {
  ConnectionOptions connection;
  std::string policy_file;
  std::string participant;  // for whom the command speaks
  std::vector<std::string> key_files;
  std::string issuer_secret_file;
  std::string card_key_file;
  std::string passphrase_file;
  std::string resolver;  // scheme://host[:port][/stem] that QR codes lead to
  bool json = false;
  ColorChoice color = ColorChoice::kAuto;
};

class Context {
 public:
  GlobalOptions& options() { return options_; }
  const GlobalOptions& options() const { return options_; }

  // Milliseconds since 1970-01-01T00:00:00Z.
  uint64_t NowMs() const;

  // Errors: InvalidArgument if none was named; NotFound; those of TrustPolicy::Parse. The pointer
  // is valid while this object lives.
  absl::StatusOr<const TrustPolicy*> Policy();

  // The same, not yet parsed.
  absl::StatusOr<std::string> PolicyText() const;

  // Errors: those of RegistryClient::Create.
  absl::StatusOr<RegistryClient*> Client();

  // Opens a signing key file, asking for its passphrase if it has one and no passphrase file was
  // given. Errors: those of ReadKeyFile and KeyFile::OpenSigningKey.
  absl::StatusOr<SecretKey> OpenKey(const std::string& path) const;
  absl::StatusOr<DerivationSecret> OpenIssuerSecret() const;

  // The keys of --key, at least one. InvalidArgument if none was named.
  absl::StatusOr<std::vector<SecretKey>> SigningKeys() const;

  // The one key of --key, for what is signed by one key. InvalidArgument if there are none or more.
  absl::StatusOr<SecretKey> SigningKey() const;

  // Of --participant; InvalidArgument if it was not named.
  absl::StatusOr<ParticipantId> Participant() const;

  // Standard output, as --color wants it.
  Terminal OutputTerminal() const;

 private:
  GlobalOptions options_;
  std::optional<TrustPolicy> policy_;
  std::unique_ptr<RegistryClient> client_;
};

// A public key as people hand it over: the path of a key file (its passphrase is not needed), or 66
// hexadecimal digits of type ‖ key.
absl::StatusOr<PublicKey> PublicKeyFromArgument(const std::string& argument);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CONTEXT_H_
