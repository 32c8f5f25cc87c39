// The log key from its file, signing checkpoints for the ledger. The only place in the registry
// where a secret key is.
#ifndef TOUCHSTONE_REGISTRY_LOG_KEY_H_
#define TOUCHSTONE_REGISTRY_LOG_KEY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "registry/ledger/checkpoint_signer.h"
#include "registry/service/options.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {

class LogKey final : public ledger::CheckpointSigner {
 public:
  // Reads --log-key, with the passphrase in --passphrase-file where it has one, for --origin.
  // Errors name the option and the file.
  static absl::StatusOr<std::unique_ptr<LogKey>> Read(const service::Options& options);
  // The same for the key that is to be the log's: --rotate-log-key, --new-passphrase-file.
  static absl::StatusOr<std::unique_ptr<LogKey>> ReadNew(const service::Options& options);

  const VerifierKey& log_key() const override { return verifier_key_; }
  absl::StatusOr<std::string> Sign(const Checkpoint& checkpoint) const override;

 private:
  struct Names {
    const char* key_option;
    const char* passphrase_option;
  };
  static absl::StatusOr<std::unique_ptr<LogKey>> Read(const std::string& origin,
                                                      const std::string& key_file,
                                                      const std::string& passphrase_file,
                                                      const Names& names);
  LogKey(SecretKey key, VerifierKey verifier_key);

  const SecretKey key_;
  const VerifierKey verifier_key_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_REGISTRY_LOG_KEY_H_
