// The vault on this machine's disks, as the options name it: its directory locked, its store and
// keys opened, and the thread that maintains it.
#ifndef TOUCHSTONE_REGISTRY_OPEN_VAULT_H_
#define TOUCHSTONE_REGISTRY_OPEN_VAULT_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/statusor.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/service/log.h"
#include "registry/service/options.h"
#include "registry/storage/directory_lock.h"
#include "registry/storage/rocksdb_store.h"
#include "registry/vault/epoch_keys.h"
#include "registry/vault/vault.h"

namespace touchstone {

class OpenVault {
 public:
  // Makes the directories of --vault and --vault-keys where there are none. The ledger, the clock
  // and the log outlive it. Errors are for the operator: they name the option, the path, and what
  // to do.
  static absl::StatusOr<std::unique_ptr<OpenVault>> Open(const service::Options& options,
                                                         const ledger::Clock& clock,
                                                         ledger::Ledger& ledger, service::Log& log);
  OpenVault(const OpenVault&) = delete;
  OpenVault& operator=(const OpenVault&) = delete;
  // Ends the thread, and closes.
  ~OpenVault();

  vault::Vault& vault() { return *vault_; }

 private:
  OpenVault() = default;
  void KeepMaintaining(const ledger::Ledger& ledger, service::Log& log);

  std::unique_ptr<storage::DirectoryLock> lock_;
  std::unique_ptr<storage::RocksDbStore> store_;
  std::unique_ptr<vault::EpochKeys> epoch_keys_;
  std::unique_ptr<vault::Vault> vault_;

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // under mutex_
  std::thread maintainer_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_REGISTRY_OPEN_VAULT_H_
