// A log on this machine's disks, as the options name it: its directory locked, its store, key and
// guard opened, the ledger recovered. Everything that the program holds open, in the order in which
// it is let go.
#ifndef TOUCHSTONE_REGISTRY_OPEN_LOG_H_
#define TOUCHSTONE_REGISTRY_OPEN_LOG_H_

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/log_key.h"
#include "registry/service/log.h"
#include "registry/service/options.h"
#include "registry/storage/directory_lock.h"
#include "registry/storage/rocksdb_store.h"
#include "registry/storage/scratch_file.h"
#include "registry/witness/witness_policy.h"

namespace touchstone {

class OpenLog {
 public:
  // Begins a new log with --genesis where the data directory holds none. `on_fatal` is the
  // ledger's (LedgerOptions). Errors are for the operator: they name the option, the path, and what
  // to do.
  static absl::StatusOr<std::unique_ptr<OpenLog>> Open(const service::Options& options,
                                                       const ledger::Clock& clock,
                                                       service::Log& log,
                                                       std::function<void()> on_fatal);

  OpenLog(const OpenLog&) = delete;
  OpenLog& operator=(const OpenLog&) = delete;

  ledger::Ledger& ledger() { return *ledger_; }

  // What --witness-policy says; nothing where that was not given.
  const std::optional<witness::WitnessPolicy>& witness_policy() const { return witness_policy_; }

  // Commits and answers what is queued, then closes. No view may be held any more.
  absl::Status Close();

 private:
  OpenLog() = default;

  std::unique_ptr<storage::DirectoryLock> lock_;
  std::unique_ptr<LogKey> key_;
  std::optional<witness::WitnessPolicy> witness_policy_;
  std::unique_ptr<storage::RocksDbStore> store_;
  std::unique_ptr<storage::ScratchFile> scratch_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

// --restore-guard: makes a lost guard anew, if the database contains the checkpoint in that file.
absl::Status RestoreGuard(const service::Options& options);

// --rotate-log-key: makes the new key the log's, and writes to standard output the lines of the
// trust policy that say so.
absl::Status RotateLogKey(const service::Options& options);

}  // namespace touchstone

#endif  // TOUCHSTONE_REGISTRY_OPEN_LOG_H_
