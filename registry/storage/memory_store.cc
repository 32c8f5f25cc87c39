#include "registry/storage/memory_store.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/store.h"

namespace touchstone::storage {

class MemoryStore::MemorySnapshot final : public Snapshot {
 public:
  // Registers itself, so that commits keep the versions that it can see.
  explicit MemorySnapshot(const MemoryStore* store) : store_(store) {
    const std::lock_guard<std::shared_mutex> lock(store_->mutex_);
    commit_ = store_->newest_commit_;
    store_->snapshots_.insert(commit_);
  }
  ~MemorySnapshot() override {
    const std::lock_guard<std::shared_mutex> lock(store_->mutex_);
    store_->snapshots_.erase(store_->snapshots_.find(commit_));
  }

  absl::StatusOr<std::string> Get(absl::string_view key) const override {
    const std::shared_lock<std::shared_mutex> lock(store_->mutex_);
    return store_->GetAt(commit_, key);
  }

  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const override {
    const std::shared_lock<std::shared_mutex> lock(store_->mutex_);
    return store_->MultiGetAt(commit_, keys);
  }

  absl::StatusOr<ScanEnd> Scan(const KeyRange& range, uint64_t max_items,
                               Visitor visit) const override {
    // One step at a time and without the lock during the visit, so that the visitor may read the
    // store.
    std::string key;
    std::string value;
    KeyRange rest = range;
    for (uint64_t items = 0; Next(rest, &key, &value); ++items) {
      if (items == max_items) return ScanEnd::kMoreRemain;
      if (absl::Status status = visit(key, value); !status.ok()) return status;
      rest = rest.After(key);
    }
    return ScanEnd::kRangeExhausted;
  }

 private:
  // The first key of `range` that had a value then; false: there is none.
  bool Next(const KeyRange& range, std::string* key, std::string* value) const {
    const std::shared_lock<std::shared_mutex> lock(store_->mutex_);
    for (auto entry = store_->keys_.lower_bound(range.begin());
         entry != store_->keys_.end() && range.Contains(entry->first); ++entry) {
      const std::string* found = VisibleAt(entry->second, commit_);
      if (found == nullptr) continue;
      *key = entry->first;
      *value = *found;
      return true;
    }
    return false;
  }

  const MemoryStore* const store_;
  uint64_t commit_;
};

const std::string* MemoryStore::VisibleAt(const Versions& versions, uint64_t commit) {
  const auto later = versions.upper_bound(commit);
  if (later == versions.begin()) return nullptr;
  const std::optional<std::string>& value = std::prev(later)->second;
  return value ? &*value : nullptr;
}

absl::Status MemoryStore::CheckOpen() const {
  if (!closed_) return absl::OkStatus();
  return absl::FailedPreconditionError("the store is closed");
}

absl::StatusOr<std::string> MemoryStore::GetAt(uint64_t commit, absl::string_view key) const {
  const auto entry = keys_.find(key);
  const std::string* value = entry == keys_.end() ? nullptr : VisibleAt(entry->second, commit);
  if (value == nullptr) return absl::NotFoundError("no such key");
  return *value;
}

std::vector<absl::StatusOr<std::string>> MemoryStore::MultiGetAt(
    uint64_t commit, absl::Span<const absl::string_view> keys) const {
  std::vector<absl::StatusOr<std::string>> values;
  values.reserve(keys.size());
  for (const absl::string_view key : keys) values.push_back(GetAt(commit, key));
  return values;
}

absl::StatusOr<std::string> MemoryStore::Get(absl::string_view key) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  return GetAt(newest_commit_, key);
}

std::vector<absl::StatusOr<std::string>> MemoryStore::MultiGet(
    absl::Span<const absl::string_view> keys) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) {
    return std::vector<absl::StatusOr<std::string>>(keys.size(), status);
  }
  return MultiGetAt(newest_commit_, keys);
}

absl::StatusOr<ScanEnd> MemoryStore::Scan(const KeyRange& range, uint64_t max_items,
                                          Visitor visit) const {
  {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    if (absl::Status status = CheckOpen(); !status.ok()) return status;
  }
  return MemorySnapshot(this).Scan(range, max_items, visit);
}

absl::Status MemoryStore::Commit(const WriteBatch& batch) {
  if (!batch.violation().empty()) return absl::InvalidArgumentError(batch.violation());
  const std::lock_guard<std::shared_mutex> lock(mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  ++newest_commit_;
  batch.ForEach([this](const WriteBatch::Change& change) { Apply(change); });
  return absl::OkStatus();
}

void MemoryStore::Apply(const WriteBatch::Change& change) {
  const auto entry = keys_.try_emplace(std::string(change.key)).first;
  Versions& versions = entry->second;
  std::optional<std::string>& value = versions[newest_commit_];
  switch (change.kind) {
    case WriteBatch::Kind::kPut:
      value.emplace(change.value);
      break;
    case WriteBatch::Kind::kDelete:
      value.reset();
      break;
  }
  // Versions that no snapshot can see any more: all before the one that the oldest reader sees.
  const uint64_t oldest_reader = snapshots_.empty() ? newest_commit_ : *snapshots_.begin();
  const auto later = versions.upper_bound(oldest_reader);
  if (later != versions.begin()) versions.erase(versions.begin(), std::prev(later));
  const auto oldest = versions.begin();
  if (!oldest->second.has_value() && oldest->first <= oldest_reader) versions.erase(oldest);
  if (versions.empty()) keys_.erase(entry);
}

std::unique_ptr<const Snapshot> MemoryStore::NewSnapshot() const {
  return std::make_unique<MemorySnapshot>(this);
}

absl::StatusOr<uint64_t> MemoryStore::ApproximateSizeBytes() const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  uint64_t bytes = 0;
  for (const auto& [key, versions] : keys_) {
    for (const auto& [commit, value] : versions) {
      bytes += key.size() + sizeof(commit) + (value ? value->size() : 0);
    }
  }
  return bytes;
}

absl::Status MemoryStore::Close() {
  const std::lock_guard<std::shared_mutex> lock(mutex_);
  if (!snapshots_.empty()) {
    return absl::FailedPreconditionError("the store has snapshots that are still in use");
  }
  closed_ = true;
  return absl::OkStatus();
}

}  // namespace touchstone::storage
