// Brings a ledger's memory back from its store, quickly (reload.h) or thoroughly (replay.h), and
// checks it against what vouches for it: the log key's checkpoint and the guard.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_RECOVERY_H_
#define TOUCHSTONE_REGISTRY_LEDGER_RECOVERY_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/index_version.h"
#include "registry/ledger/passport_books.h"
#include "registry/ledger/tip.h"
#include "registry/storage/store.h"
#include "verifier/checkpoint.h"
#include "verifier/policy.h"
#include "verifier/signed_note.h"

namespace touchstone::ledger {

enum class RecoveryDepth {
  kReload,  // proves that log, index and directory are the checkpoint's
  kReplay,  // makes everything anew from the entries and compares
};

// The last checkpoint that a quorum cosigned, and the index of that time.
struct RecoveredCosigned {
  Checkpoint checkpoint;
  std::string note;
  IndexVersion index;
};

// What recovery found, besides what it put into tip, directory and books.
struct Recovered {
  Checkpoint checkpoint;
  std::string checkpoint_note;
  std::string index_root_frame;  // of the entry at size - 1
  // Nothing where no witnesses are asked, or none that is stored meets their policy's quorum.
  std::optional<RecoveredCosigned> cosigned;
};

// `tip`, `directory` and `books` are empty, and of use only after OK. `witness_policy` is null
// where no witnesses are asked. Errors are for the operator:
//   kNotFound: no log was ever started in this store.   kFailedPrecondition: it was made by another
//   version of the software, or for another log key.    kDataLoss: what is stored contradicts
//   itself. Others: as of the store.
absl::StatusOr<Recovered> Recover(const storage::Reader& store, const VerifierKey& log_key,
                                  const TrustPolicy* witness_policy, RecoveryDepth depth, Tip& tip,
                                  Directory& directory, PassportBooks& books);

// Whether `note` is a checkpoint of that log that `log_key` signed.
bool IsSignedBy(absl::string_view note, const VerifierKey& log_key);

// OK if the tree at `tip` contains the checkpoint `note`, which is signed by `log_key`: its size is
// not larger, and at that size the root was that one. kFailedPrecondition if not, with the way out;
// a refusal where the note is not a checkpoint of this log. `what`: the note, for the message.
absl::Status CheckContains(const Tip& tip, const VerifierKey& log_key, absl::string_view note,
                           absl::string_view what);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_RECOVERY_H_
