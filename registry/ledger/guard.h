// The guard as the ledger knows it: a place outside the database that holds the newest checkpoint,
// so that a database which was put back to an earlier state is noticed on start. The bytes on disk
// are registry/storage/guard_file.h; whether a database contains the checkpoint is decided in
// recovery.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_GUARD_H_
#define TOUCHSTONE_REGISTRY_LEDGER_GUARD_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::ledger {

class Guard {
 public:
  virtual ~Guard() = default;

  // The checkpoint note that was last written; as it was found on opening before that.
  virtual const std::string& contents() const = 0;

  // Replaces it, durably. After an error the outcome is unknown and the ledger stops. Called from
  // one thread at a time.
  virtual absl::Status Write(absl::string_view checkpoint_note) = 0;
};

// The guard in the file at `path`. Errors as of storage::GuardFile::Open; where the file is missing
// or damaged, the message says how to make it anew (Ledger::RestoreGuard). It is never made up.
absl::StatusOr<std::unique_ptr<Guard>> OpenGuard(const std::string& path);

// Makes the guard file at `path` with `checkpoint_note`, durably. kAlreadyExists: there is one;
// nothing is overwritten. Others as of storage::GuardFile::Create.
absl::Status CreateGuard(const std::string& path, absl::string_view checkpoint_note);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_GUARD_H_
