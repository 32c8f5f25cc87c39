#include "tests/registry/storage/faulty_store.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/store.h"

namespace touchstone::storage {

void FaultyStore::FailCommit(uint64_t n, Fault fault, absl::Status error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  failing_commit_ = commits_ + n;
  fault_ = fault;
  error_ = std::move(error);
}

uint64_t FaultyStore::commits() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return commits_;
}

absl::Status FaultyStore::Commit(const WriteBatch& batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++commits_;
  if (failed_) {
    return absl::FailedPreconditionError(
        absl::StrCat("nothing is committed after a failure: ", error_.message()));
  }
  if (commits_ != failing_commit_) return base_->Commit(batch);
  switch (fault_) {
    case Fault::kFailed:
      break;
    case Fault::kFailedButPersisted:
      if (absl::Status status = base_->Commit(batch); !status.ok()) return status;
      break;
  }
  failed_ = true;
  return error_;
}

absl::StatusOr<std::string> FaultyStore::Get(absl::string_view key) const {
  return base_->Get(key);
}

std::vector<absl::StatusOr<std::string>> FaultyStore::MultiGet(
    absl::Span<const absl::string_view> keys) const {
  return base_->MultiGet(keys);
}

absl::StatusOr<ScanEnd> FaultyStore::Scan(const KeyRange& range, uint64_t max_items,
                                          Visitor visit) const {
  return base_->Scan(range, max_items, visit);
}

std::unique_ptr<const Snapshot> FaultyStore::NewSnapshot() const { return base_->NewSnapshot(); }

absl::StatusOr<uint64_t> FaultyStore::ApproximateSizeBytes() const {
  return base_->ApproximateSizeBytes();
}

absl::Status FaultyStore::Close() { return base_->Close(); }

}  // namespace touchstone::storage
