#include "registry/storage/rocksdb_store.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/disk_error.h"
#include "registry/storage/file_descriptor.h"
#include "registry/storage/rocksdb_error.h"
#include "registry/storage/rocksdb_log.h"
#include "registry/storage/rocksdb_tuning.h"
#include "registry/storage/store.h"

namespace touchstone::storage {
namespace {

// All data lies in one column family whose name says the store's format, so that a program meets an
// unknown format before it has read or written a byte of it.
constexpr char kFormat[] = "touchstone-store-v1";

// Scans longer than this (recovery, audits) leave the block cache to the readers of single keys.
constexpr uint64_t kCachedScanItemsMax = 4096;

constexpr absl::string_view kNoSuchKey = "no such key";

// Of rocksdb::WriteBatch: sequence number and count.
constexpr size_t kBatchHeaderBytes = 12;

rocksdb::Slice ToSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }

absl::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::ReadOptions ReadSettings(const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions settings;
  settings.snapshot = snapshot;
  settings.verify_checksums = true;
  return settings;
}

absl::Status CheckOptions(const RocksDbOptions& options) {
  constexpr size_t kMebibyte = size_t{1} << 20;
  if (options.directory.empty()) return absl::InvalidArgumentError("the directory has no name");
  if (options.block_cache_bytes < kMebibyte) {
    return absl::InvalidArgumentError(absl::StrCat("a block cache of ", options.block_cache_bytes,
                                                   " bytes is too small; take 1 MiB or more"));
  }
  if (options.write_buffer_bytes < kMebibyte || options.write_buffer_bytes > 1024 * kMebibyte) {
    return absl::InvalidArgumentError(absl::StrCat("a write buffer of ", options.write_buffer_bytes,
                                                   " bytes; it may have 1 MiB to 1 GiB"));
  }
  return absl::OkStatus();
}

// Makes the directory, or accepts an empty one. Nobody but the registry's user may look into it.
absl::Status PrepareNewDirectory(const std::string& directory) {
  const std::string doing = absl::StrCat("making the database's directory '", directory, "'");
  if (mkdir(directory.c_str(), 0700) == 0) {
    // The new directory must outlive a crash as well as what will be in it.
    const FileDescriptor parent(
        open(absl::StrCat(directory, "/..").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent.valid() || fsync(parent.get()) != 0) return DiskError(errno, doing);
    return absl::OkStatus();
  }
  if (errno != EEXIST) return DiskError(errno, doing);
  std::error_code error;
  const bool empty = std::filesystem::is_empty(directory, error);
  if (error) return DiskError(error.value(), doing);
  if (!empty) {
    return absl::AlreadyExistsError(absl::StrCat(
        "'", directory, "' is not empty; a new database needs an empty or a new directory"));
  }
  return absl::OkStatus();
}

absl::Status CheckExisting(const std::string& directory) {
  if (access(absl::StrCat(directory, "/CURRENT").c_str(), F_OK) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return absl::NotFoundError(
          absl::StrCat("there is no database in '", directory, "' (no file CURRENT)"));
    }
    return DiskError(errno, absl::StrCat("opening the database in '", directory, "'"));
  }
  std::vector<std::string> names;
  const rocksdb::Status status =
      rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), directory, &names);
  if (!status.ok()) {
    return FromRocksDb(status,
                       absl::StrCat("reading the format of the database in '", directory, "'"));
  }
  std::sort(names.begin(), names.end());
  if (names != std::vector<std::string>{rocksdb::kDefaultColumnFamilyName, kFormat}) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the database in '", directory, "' has the format '", absl::StrJoin(names, "', '"),
        "'; this program knows 'default', '", kFormat,
        "' only: it was made by another version, by another program, or not to the end"));
  }
  return absl::OkStatus();
}

}  // namespace

class RocksDbStore::RocksDbSnapshot final : public Snapshot {
 public:
  explicit RocksDbSnapshot(const RocksDbStore* store)
      : store_(store), snapshot_(store->database_->GetSnapshot()) {}
  ~RocksDbSnapshot() override { store_->database_->ReleaseSnapshot(snapshot_); }

  absl::StatusOr<std::string> Get(absl::string_view key) const override {
    return store_->GetAt(snapshot_, key);
  }
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const override {
    return store_->MultiGetAt(snapshot_, keys);
  }
  absl::StatusOr<ScanEnd> Scan(const KeyRange& range, uint64_t max_items,
                               Visitor visit) const override {
    return store_->ScanAt(snapshot_, range, max_items, visit);
  }

 private:
  const RocksDbStore* const store_;
  const rocksdb::Snapshot* const snapshot_;
};

RocksDbStore::RocksDbStore(std::string directory)
    : directory_(std::move(directory)), failures_(std::make_shared<FailureListener>(directory_)) {}

RocksDbStore::~RocksDbStore() {
  // An error here takes nothing away: every commit is in the log.
  if (database_ != nullptr) CloseDatabase().IgnoreError();
}

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::Open(const RocksDbOptions& options) {
  absl::Status status = CheckOptions(options);
  if (!status.ok()) return status;
  switch (options.mode) {
    case OpenMode::kCreateNew:
      status = PrepareNewDirectory(options.directory);
      break;
    case OpenMode::kOpenExisting:
      status = CheckExisting(options.directory);
      break;
  }
  if (!status.ok()) return status;
  std::unique_ptr<RocksDbStore> store = absl::WrapUnique(new RocksDbStore(options.directory));
  status = store->OpenDatabase(options);
  if (!status.ok()) return status;
  return store;
}

absl::Status RocksDbStore::OpenDatabase(const RocksDbOptions& options) {
  absl::StatusOr<std::shared_ptr<RocksDbLog>> log = RocksDbLog::Open(directory_);
  if (!log.ok()) return log.status();
  rocksdb::DBOptions settings = DatabaseSettings(options);
  settings.info_log = *std::move(log);
  settings.listeners.push_back(failures_);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      // Always empty; RocksDB insists on it.
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions()},
      {kFormat, TableSettings(options)}};
  rocksdb::DB* database = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(settings, directory_, families, &handles_, &database);
  database_.reset(database);
  return FromRocksDb(status, Doing("opening"));
}

absl::Status RocksDbStore::CheckOpen() const {
  if (database_ != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database in '", directory_, "' is closed"));
}

std::string RocksDbStore::Doing(absl::string_view verb) const {
  return absl::StrCat(verb, " the database in '", directory_, "'");
}

absl::StatusOr<std::string> RocksDbStore::GetAt(const rocksdb::Snapshot* snapshot,
                                                absl::string_view key) const {
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  std::string value;
  const rocksdb::Status status =
      database_->Get(ReadSettings(snapshot), data(), ToSlice(key), &value);
  if (status.IsNotFound()) return absl::NotFoundError(kNoSuchKey);
  if (!status.ok()) return FromRocksDb(status, Doing("reading"));
  return value;
}

std::vector<absl::StatusOr<std::string>> RocksDbStore::MultiGetAt(
    const rocksdb::Snapshot* snapshot, absl::Span<const absl::string_view> keys) const {
  if (absl::Status status = CheckOpen(); !status.ok()) {
    return std::vector<absl::StatusOr<std::string>>(keys.size(), status);
  }
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const absl::string_view key : keys) slices.push_back(ToSlice(key));
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  database_->MultiGet(ReadSettings(snapshot), data(), slices.size(), slices.data(), found.data(),
                      statuses.data());
  std::vector<absl::StatusOr<std::string>> values;
  values.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      values.emplace_back(found[i].ToString());
    } else if (statuses[i].IsNotFound()) {
      values.emplace_back(absl::NotFoundError(kNoSuchKey));
    } else {
      values.emplace_back(FromRocksDb(statuses[i], Doing("reading")));
    }
  }
  return values;
}

absl::StatusOr<ScanEnd> RocksDbStore::ScanAt(const rocksdb::Snapshot* snapshot,
                                             const KeyRange& range, uint64_t max_items,
                                             Visitor visit) const {
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  if (!range.end().empty() && range.end() <= range.begin()) return ScanEnd::kRangeExhausted;
  const rocksdb::Slice end = ToSlice(range.end());
  rocksdb::ReadOptions settings = ReadSettings(snapshot);
  settings.fill_cache = max_items <= kCachedScanItemsMax;
  if (!range.end().empty()) settings.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> position(database_->NewIterator(settings, data()));
  uint64_t items = 0;
  for (position->Seek(ToSlice(range.begin())); position->Valid(); position->Next()) {
    if (items++ == max_items) return ScanEnd::kMoreRemain;
    if (absl::Status status = visit(ToView(position->key()), ToView(position->value()));
        !status.ok()) {
      return status;
    }
  }
  // An iterator that meets an unreadable block is no longer valid, as at the end; its status tells.
  if (!position->status().ok()) return FromRocksDb(position->status(), Doing("reading"));
  return ScanEnd::kRangeExhausted;
}

absl::StatusOr<std::string> RocksDbStore::Get(absl::string_view key) const {
  return GetAt(nullptr, key);
}

std::vector<absl::StatusOr<std::string>> RocksDbStore::MultiGet(
    absl::Span<const absl::string_view> keys) const {
  return MultiGetAt(nullptr, keys);
}

absl::StatusOr<ScanEnd> RocksDbStore::Scan(const KeyRange& range, uint64_t max_items,
                                           Visitor visit) const {
  return ScanAt(nullptr, range, max_items, visit);
}

std::unique_ptr<const Snapshot> RocksDbStore::NewSnapshot() const {
  return std::make_unique<RocksDbSnapshot>(this);
}

absl::Status RocksDbStore::Commit(const WriteBatch& batch) {
  if (!batch.violation().empty()) return absl::InvalidArgumentError(batch.violation());
  // One commit at a time, so that whatever comes after a failed one is refused for certain.
  const std::lock_guard<std::mutex> lock(commit_mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  if (absl::Status failure = failures_->failure(); !failure.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("nothing is committed after a failure, since what is on the disk is unknown; "
                     "start the registry again, which finds out. The failure: ",
                     failure.message()));
  }
  if (batch.empty()) return absl::OkStatus();
  absl::Status status = Write(batch);
  if (!status.ok()) failures_->Record(status);
  return status;
}

absl::Status RocksDbStore::Write(const WriteBatch& batch) {
  // RocksDB's own form takes a few bytes more or less for a change than ours.
  rocksdb::WriteBatch changes(batch.size_bytes() + kBatchHeaderBytes);
  rocksdb::Status status;
  batch.ForEach([&](const WriteBatch::Change& change) {
    if (!status.ok()) return;
    switch (change.kind) {
      case WriteBatch::Kind::kPut:
        status = changes.Put(data(), ToSlice(change.key), ToSlice(change.value));
        break;
      case WriteBatch::Kind::kDelete:
        status = changes.Delete(data(), ToSlice(change.key));
        break;
    }
  });
  if (status.ok()) status = database_->Write(CommitSettings(), &changes);
  if (!status.ok()) return FromRocksDb(status, Doing("committing to"));
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> RocksDbStore::ApproximateSizeBytes() const {
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  uint64_t bytes = 0;
  database_->GetIntProperty(data(), rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
  rocksdb::VectorLogPtr logs;
  if (const rocksdb::Status status = database_->GetSortedWalFiles(logs); !status.ok()) {
    return FromRocksDb(status, Doing("measuring"));
  }
  for (const auto& log : logs) bytes += log->SizeFileBytes();
  return bytes;
}

absl::Status RocksDbStore::Close() {
  if (database_ == nullptr) return absl::OkStatus();
  uint64_t snapshots = 0;
  database_->GetIntProperty(rocksdb::DB::Properties::kNumSnapshots, &snapshots);
  if (snapshots != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the database in '", directory_, "' has ", snapshots, " snapshots that are still in use"));
  }
  // The log's contents go into tables, so that the next start has nothing to replay; after a
  // failure, however, the disk is left as it is.
  absl::Status status = failures_->failure();
  if (status.ok()) {
    status = FromRocksDb(database_->Flush(rocksdb::FlushOptions(), data()), Doing("closing"));
  }
  status.Update(CloseDatabase());
  return status;
}

absl::Status RocksDbStore::CloseDatabase() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    database_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  handles_.clear();
  const rocksdb::Status status = database_->Close();
  database_.reset();
  return FromRocksDb(status, Doing("closing"));
}

}  // namespace touchstone::storage
