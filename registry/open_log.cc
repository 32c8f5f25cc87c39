#include "registry/open_log.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/guard.h"
#include "registry/storage/key_range.h"
#include "verifier/checkpoint.h"
#include "verifier/digest.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// Within the data directory, beside the lock.
constexpr char kStoreDirectory[] = "/db";
constexpr char kScratchFile[] = "/index.scratch";

absl::StatusOr<std::string> ReadFile(absl::string_view option, const std::string& path,
                                     size_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(option, ": cannot read '", path, "'"));
  std::string bytes(bytes_max + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (bytes.size() > bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, ": '", path, "' is longer than ", bytes_max, " bytes"));
  }
  return bytes;
}

absl::StatusOr<std::optional<witness::WitnessPolicy>> ReadWitnessPolicy(
    const service::Options& options, const VerifierKey& log_key) {
  if (options.witness_policy_file.empty()) return std::nullopt;
  const absl::StatusOr<std::string> text =
      ReadFile("--witness-policy", options.witness_policy_file, limits::kPolicyBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<witness::WitnessPolicy> policy = witness::WitnessPolicy::Parse(*text, log_key);
  if (!policy.ok()) {
    return InContext(absl::StrCat("--witness-policy: '", options.witness_policy_file, "'"),
                     policy.status());
  }
  return *std::move(policy);
}

absl::StatusOr<std::unique_ptr<storage::DirectoryLock>> LockDirectory(
    const service::Options& options) {
  if (mkdir(options.data_directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("--data: cannot make the directory '", options.data_directory, "'"));
  }
  absl::StatusOr<std::unique_ptr<storage::DirectoryLock>> lock =
      storage::DirectoryLock::Acquire(options.data_directory);
  if (!lock.ok()) return InContext("--data", lock.status());
  return lock;
}

bool Exists(const std::string& path) {
  struct stat found = {};
  return stat(path.c_str(), &found) == 0;
}

absl::StatusOr<std::unique_ptr<storage::RocksDbStore>> OpenStore(const service::Options& options,
                                                                 storage::OpenMode mode) {
  storage::RocksDbOptions store;
  store.directory = absl::StrCat(options.data_directory, kStoreDirectory);
  store.mode = mode;
  store.block_cache_bytes = size_t{options.block_cache_mib} << 20;
  auto opened = storage::RocksDbStore::Open(store);
  if (!opened.ok()) return InContext("--data", opened.status());
  return opened;
}

absl::StatusOr<std::unique_ptr<storage::ScratchFile>> OpenScratch(const service::Options& options) {
  auto scratch = storage::ScratchFile::Create(absl::StrCat(options.data_directory, kScratchFile));
  if (!scratch.ok()) return InContext("--data", scratch.status());
  return scratch;
}

absl::StatusOr<bool> IsEmpty(const storage::Store& store) {
  bool empty = true;
  const auto visit = [&empty](absl::string_view, absl::string_view) {
    empty = false;
    return absl::OkStatus();
  };
  const auto scanned = store.Scan(storage::KeyRange::Prefix(""), 1, visit);
  if (!scanned.ok()) return scanned.status();
  return empty;
}

absl::Status BeginLog(const service::Options& options, storage::Store& store, const LogKey& key,
                      const ledger::Clock& clock, service::Log& log) {
  if (options.genesis_file.empty()) {
    return absl::NotFoundError(absl::StrCat("--data: '", options.data_directory,
                                            "' holds no log; to begin one, give its signed genesis "
                                            "statement in --genesis"));
  }
  const absl::StatusOr<std::string> genesis =
      ReadFile("--genesis", options.genesis_file, limits::kEnvelopeBytesMax);
  if (!genesis.ok()) return genesis.status();
  const absl::StatusOr<std::string> first =
      ledger::Ledger::Initialise(store, options.guard_file, *genesis, key, clock);
  if (!first.ok()) {
    return InContext(absl::StrCat("beginning the log with '", options.genesis_file, "'"),
                     first.status());
  }
  log.Info("log_begun", "began a new log", {{"origin", options.origin}});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<OpenLog>> OpenLog::Open(const service::Options& options,
                                                       const ledger::Clock& clock,
                                                       service::Log& log,
                                                       std::function<void()> on_fatal) {
  std::unique_ptr<OpenLog> open(new OpenLog);

  absl::StatusOr<std::unique_ptr<LogKey>> key = LogKey::Read(options);
  if (!key.ok()) return key.status();
  open->key_ = *std::move(key);

  auto witness_policy = ReadWitnessPolicy(options, open->key_->log_key());
  if (!witness_policy.ok()) return witness_policy.status();
  open->witness_policy_ = *std::move(witness_policy);

  absl::StatusOr<std::unique_ptr<storage::DirectoryLock>> lock = LockDirectory(options);
  if (!lock.ok()) return lock.status();
  open->lock_ = *std::move(lock);

  const bool is_new = !Exists(absl::StrCat(options.data_directory, kStoreDirectory));
  if (is_new && (options.genesis_file.empty() || !options.serves())) {
    return absl::NotFoundError(absl::StrCat("--data: there is no log in '", options.data_directory,
                                            "'; to begin one, give its signed genesis statement in "
                                            "--genesis"));
  }
  auto store =
      OpenStore(options, is_new ? storage::OpenMode::kCreateNew : storage::OpenMode::kOpenExisting);
  if (!store.ok()) return store.status();
  open->store_ = *std::move(store);

  // A first start that was cut short leaves a store with nothing in it.
  const absl::StatusOr<bool> empty = IsEmpty(*open->store_);
  if (!empty.ok()) return empty.status();
  if (*empty) {
    const absl::Status begun = BeginLog(options, *open->store_, *open->key_, clock, log);
    if (!begun.ok()) return begun;
  }

  absl::StatusOr<std::unique_ptr<ledger::Guard>> guard = ledger::OpenGuard(options.guard_file);
  if (!guard.ok()) {
    return absl::Status(guard.status().code(),
                        absl::StrCat("--guard: ", guard.status().message(),
                                     " (touchstone-registry --restore-guard CHECKPOINT_FILE)"));
  }
  absl::StatusOr<std::unique_ptr<storage::ScratchFile>> scratch = OpenScratch(options);
  if (!scratch.ok()) return scratch.status();
  open->scratch_ = *std::move(scratch);
  ledger::LedgerOptions ledger_options;
  ledger_options.on_fatal = [&log, on_fatal = std::move(on_fatal)](const absl::Status& status) {
    log.Error("commit_failed",
              "nothing more is accepted; stopping, the next start finds out what is stored",
              {{"status", status.ToString()}});
    on_fatal();
  };
  ledger_options.recheck = options.recheck;
  if (open->witness_policy_) ledger_options.witness_policy = open->witness_policy_->policy();
  ledger_options.index_memory_bytes = size_t{options.index_memory_mib} << 20;
  ledger_options.index_pages = open->scratch_.get();
  ledger_options.on_storage_error = [&log](const absl::Status& status) {
    log.Error("read_failed", "the store could not be read", {{"status", status.ToString()}});
  };
  absl::StatusOr<std::unique_ptr<ledger::Ledger>> ledger = ledger::Ledger::Open(
      {*open->store_, *std::move(guard), *open->key_, clock}, std::move(ledger_options));
  if (!ledger.ok()) return ledger.status();
  open->ledger_ = *std::move(ledger);
  return open;
}

absl::Status OpenLog::Close() {
  ledger_->Stop();
  ledger_.reset();
  return store_->Close();
}

absl::Status RestoreGuard(const service::Options& options) {
  const absl::StatusOr<std::unique_ptr<LogKey>> key = LogKey::Read(options);
  if (!key.ok()) return key.status();
  const absl::StatusOr<std::string> checkpoint =
      ReadFile("--restore-guard", options.restore_guard_checkpoint, limits::kNoteBytesMax);
  if (!checkpoint.ok()) return checkpoint.status();
  const auto lock = LockDirectory(options);
  if (!lock.ok()) return lock.status();
  const auto store = OpenStore(options, storage::OpenMode::kOpenExisting);
  if (!store.ok()) return store.status();
  const auto scratch = OpenScratch(options);
  if (!scratch.ok()) return scratch.status();
  ledger::LedgerOptions ledger_options;
  ledger_options.index_memory_bytes = size_t{options.index_memory_mib} << 20;
  ledger_options.index_pages = scratch->get();
  return InContext("--restore-guard",
                   ledger::Ledger::RestoreGuard(**store, options.guard_file, *checkpoint,
                                                (*key)->log_key(), ledger_options));
}

absl::Status RotateLogKey(const service::Options& options) {
  const absl::StatusOr<std::unique_ptr<LogKey>> old_key = LogKey::Read(options);
  if (!old_key.ok()) return old_key.status();
  const absl::StatusOr<std::unique_ptr<LogKey>> new_key = LogKey::ReadNew(options);
  if (!new_key.ok()) return new_key.status();
  const auto lock = LockDirectory(options);
  if (!lock.ok()) return lock.status();
  const auto store = OpenStore(options, storage::OpenMode::kOpenExisting);
  if (!store.ok()) return store.status();
  const auto guard = ledger::OpenGuard(options.guard_file);
  if (!guard.ok()) return InContext("--guard", guard.status());
  const auto scratch = OpenScratch(options);
  if (!scratch.ok()) return scratch.status();
  ledger::LedgerOptions ledger_options;
  ledger_options.index_memory_bytes = size_t{options.index_memory_mib} << 20;
  ledger_options.index_pages = scratch->get();
  const absl::StatusOr<Checkpoint> retired = ledger::Ledger::ChangeLogKey(
      **store, **guard, (*old_key)->log_key(), **new_key, ledger_options);
  if (!retired.ok()) return InContext("--rotate-log-key", retired.status());
  const absl::Status closed = (*store)->Close();
  if (!closed.ok()) return closed;
  std::printf(
      "# In the trust policy of %s, in place of its log line:\n"
      "log %s\n"
      "retired %s %llu %s\n",
      options.origin.c_str(), (*new_key)->log_key().Format().c_str(),
      (*old_key)->log_key().Format().c_str(), static_cast<unsigned long long>(retired->size()),
      DigestToBase64(retired->root()).c_str());
  std::fprintf(stderr,
               "The log's key is %s from here on: put it into the registry's configuration "
               "(log-key), and hand the two lines to everybody who has the policy.\n",
               options.new_log_key_file.c_str());
  return absl::OkStatus();
}

}  // namespace touchstone
