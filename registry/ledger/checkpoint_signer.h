// How the ledger has its checkpoints signed, without ever seeing the log key. Reading key files,
// passphrases and the like belong to the program.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_CHECKPOINT_SIGNER_H_
#define TOUCHSTONE_REGISTRY_LEDGER_CHECKPOINT_SIGNER_H_

#include <string>

#include "absl/status/statusor.h"
#include "verifier/checkpoint.h"
#include "verifier/signed_note.h"

namespace touchstone::ledger {

class CheckpointSigner {
 public:
  virtual ~CheckpointSigner() = default;

  // The log's key, of type kEd25519; its name is the log's origin. The same at every call.
  virtual const VerifierKey& log_key() const = 0;

  // `checkpoint` as a note signed by log_key(). An error stops the ledger before anything of that
  // commit is stored. Called from one thread at a time.
  virtual absl::StatusOr<std::string> Sign(const Checkpoint& checkpoint) const = 0;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_CHECKPOINT_SIGNER_H_
