// Who asks the vault, and their signed requests: a participant's key, an owner's, or that of a
// grantee. Each request is fresh, since the registry answers none twice. Not for sending them
// (cli/client/vault_client.h).
#ifndef TOUCHSTONE_CLI_VAULT_REQUEST_H_
#define TOUCHSTONE_CLI_VAULT_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/context.h"
#include "touchstone/v1/access.pb.h"
#include "verifier/grant.h"
#include "verifier/passport_id.h"
#include "verifier/signing/secret_key.h"

namespace touchstone::cli {

struct VaultAskerOptions {
  std::string owner_key;
  std::string grant;  // its text, or a file
};
void AddOwnerKeyOption(CLI::App* command, std::string* owner_key);
void AddVaultAskerOptions(CLI::App* command, VaultAskerOptions* options);

// A grant as people hand it over: its text, or a file that holds that. InvalidArgument for what is
// neither; else those of SignedGrant::ParseText.
absl::StatusOr<SignedGrant> GrantFromArgument(const std::string& argument);

class VaultAsker {
 public:
  // --owner-key if it was given; else --key, as the participant, or where the grant is for a key
  // and that is it, as that key. InvalidArgument where there is no key, or the grant is for another
  // piece.
  static absl::StatusOr<VaultAsker> Open(Context& context, const VaultAskerOptions& options,
                                         const PassportId& passport);

  const SecretKey& key() const { return key_; }
  // Nothing where a key asks by itself.
  const std::optional<std::string>& participant() const { return participant_; }
  const std::optional<SignedGrant>& grant() const { return grant_; }

  // A request that still lacks its query.
  v1::VaultRequest NewRequest(uint64_t now_ms) const;
  // The bytes of its envelope.
  absl::StatusOr<std::string> Sign(const v1::VaultRequest& request) const;

 private:
  VaultAsker(std::string origin, const PassportId& passport, SecretKey key)
      : origin_(std::move(origin)), passport_(passport), key_(std::move(key)) {}

  std::string origin_;
  PassportId passport_;
  SecretKey key_;
  std::optional<std::string> participant_;
  std::optional<SignedGrant> grant_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_VAULT_REQUEST_H_
