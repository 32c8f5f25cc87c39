#include "registry/open_vault.h"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// Within the vault's directory, beside the lock.
constexpr char kStoreDirectory[] = "/db";
constexpr char kFilesDirectory[] = "/files";
// Few and small rows; the documents are files.
constexpr size_t kBlockCacheBytes = size_t{16} << 20;

// Between two rounds of maintenance, when nothing is left to do, and after one that failed.
constexpr std::chrono::seconds kRound(1);
constexpr std::chrono::seconds kAfterFailure(30);

absl::StatusOr<std::unique_ptr<storage::RocksDbStore>> OpenStore(const std::string& directory) {
  struct stat found = {};
  storage::RocksDbOptions options;
  options.directory = absl::StrCat(directory, kStoreDirectory);
  options.mode = stat(options.directory.c_str(), &found) == 0 ? storage::OpenMode::kOpenExisting
                                                              : storage::OpenMode::kCreateNew;
  options.block_cache_bytes = kBlockCacheBytes;
  return storage::RocksDbStore::Open(options);
}

absl::StatusOr<vault::RetentionRules> ReadRetention(const std::string& text) {
  vault::RetentionRules rules;
  for (const absl::string_view rule : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    if (absl::Status changed = rules.Change(rule); !changed.ok()) return changed;
  }
  return rules;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OpenVault>> OpenVault::Open(const service::Options& options,
                                                           const ledger::Clock& clock,
                                                           ledger::Ledger& ledger,
                                                           service::Log& log) {
  std::unique_ptr<OpenVault> open(new OpenVault);
  absl::StatusOr<vault::RetentionRules> retention = ReadRetention(options.vault_retention);
  if (!retention.ok()) return InContext("--vault-retention", retention.status());
  const std::string& directory = options.vault_directory;
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("--vault: cannot make the directory '", directory, "'"));
  }
  auto lock = storage::DirectoryLock::Acquire(directory);
  if (!lock.ok()) return InContext("--vault", lock.status());
  open->lock_ = *std::move(lock);
  auto store = OpenStore(directory);
  if (!store.ok()) return InContext("--vault", store.status());
  open->store_ = *std::move(store);
  auto epoch_keys = vault::EpochKeys::Open(options.vault_keys_directory);
  if (!epoch_keys.ok()) return InContext("--vault-keys", epoch_keys.status());
  open->epoch_keys_ = *std::move(epoch_keys);

  vault::VaultOptions vault_options;
  vault_options.files_directory = absl::StrCat(directory, kFilesDirectory);
  vault_options.log_origin = options.origin;
  vault_options.retention = *std::move(retention);
  vault_options.bytes_max = uint64_t{options.vault_mib} << 20;
  std::vector<std::string> warnings;
  auto opened = vault::Vault::Open(*open->store_, *open->epoch_keys_, clock,
                                   std::move(vault_options), &warnings);
  if (!opened.ok()) return InContext("--vault", opened.status());
  open->vault_ = *std::move(opened);
  for (const std::string& warning : warnings) log.Error("vault_behind_its_keys", warning);
  // Before anything is served: what the log has said since the last run.
  absl::StatusOr<bool> done = false;
  while (done.ok() && !*done) {
    done = open->vault_->Maintain([&ledger] { return ledger.Newest(); });
  }
  if (!done.ok()) {
    log.Error("vault_maintenance", "erasures and retention are behind",
              {{"status", done.status().ToString()}});
  }
  OpenVault* const maintained = open.get();
  open->maintainer_ =
      std::thread([maintained, &ledger, &log] { maintained->KeepMaintaining(ledger, log); });
  return open;
}

void OpenVault::KeepMaintaining(const ledger::Ledger& ledger, service::Log& log) {
  std::chrono::seconds wait(0);
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      if (stop_.wait_for(lock, wait, [this] { return stopping_; })) return;
    }
    const absl::StatusOr<bool> done = vault_->Maintain([&ledger] { return ledger.Newest(); });
    if (!done.ok()) {
      log.Error("vault_maintenance", "erasures and retention are behind; trying again",
                {{"status", done.status().ToString()}});
      wait = kAfterFailure;
    } else {
      wait = *done ? kRound : std::chrono::seconds(0);
    }
  }
}

OpenVault::~OpenVault() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (maintainer_.joinable()) maintainer_.join();
  vault_.reset();
  if (store_ != nullptr) store_->Close().IgnoreError();
}

}  // namespace touchstone
