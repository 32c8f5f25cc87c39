#include "registry/ledger/replay.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/ledger/commit_draft.h"
#include "registry/ledger/contradiction.h"
#include "registry/ledger/schema.h"
#include "registry/ledger/submission.h"
#include "verifier/entry.h"

namespace touchstone::ledger {
namespace {

// The version and the newest checkpoint.
constexpr uint64_t kRowsOfNoCommit = 2;

// Replays entries as they are read, commit by commit.
class Replay {
 public:
  Replay(const storage::Reader& store, std::optional<uint64_t> earlier_size, Tip& tip,
         Directory& directory, PassportBooks& books)
      : store_(store),
        earlier_size_(earlier_size),
        tip_(tip),
        directory_(directory),
        books_(books) {
    Begin();
  }

  absl::Status Take(uint64_t position, absl::string_view frame) {
    absl::Status status = Replayed(position, frame);
    if (status.ok() || absl::IsDataLoss(status)) return status;
    return Contradiction(absl::StrCat("the entry at position ", position, ": ", status.message()));
  }

  // Of the last entry, if that was an index root; else empty.
  const std::string& index_root_frame() const { return index_root_frame_; }
  Rebuilt TakeRebuilt() { return {std::move(index_root_frame_), std::move(earlier_index_)}; }

  // How many rows all commits stored, each under a key of its own.
  uint64_t rows() const { return rows_; }

 private:
  void Begin() { draft_ = std::make_unique<CommitDraft>(tip_, store_, directory_, books_); }

  absl::Status Replayed(uint64_t position, absl::string_view frame) {
    absl::StatusOr<Entry> entry = DecodeEntry(frame);
    if (!entry.ok()) return entry.status();
    index_root_frame_.clear();
    switch (entry->type) {
      case EntryType::kStatement: {
        absl::StatusOr<Submission> submission = Submission::Read(entry->payload);
        if (!submission.ok()) return submission.status();
        absl::StatusOr<uint64_t> appended = draft_->Append(*submission, entry->time_ms);
        if (!appended.ok()) return appended.status();
        return CheckSame(position, frame);
      }
      case EntryType::kIndexRoot:
        break;
    }
    absl::Status status = draft_->Seal(entry->time_ms);
    if (status.ok()) status = CheckSame(position, frame);
    if (status.ok()) status = CheckRows();
    if (!status.ok()) return status;
    index_root_frame_ = std::string(frame);
    draft_->Publish();
    if (earlier_size_ == position + 1) earlier_index_ = tip_.index.Version();
    Begin();
    return absl::OkStatus();
  }

  // That replaying made, at that position, the very frame that is stored.
  absl::Status CheckSame(uint64_t position, absl::string_view frame) const {
    const std::vector<DraftEntry>& entries = draft_->entries();
    if (draft_->first_position() + entries.size() == position + 1 &&
        entries.back().frame == frame) {
      return absl::OkStatus();
    }
    return Contradiction(absl::StrCat(
        "the entry at position ", position,
        " is not what follows from the entries before it, or one before it is missing"));
  }

  // That everything which the commit stored is stored.
  absl::Status CheckRows() {
    std::vector<absl::string_view> keys, values;
    draft_->batch().ForEach([&](const storage::WriteBatch::Change& change) {
      keys.push_back(change.key);
      values.push_back(change.value);
    });
    rows_ += keys.size();
    const std::vector<absl::StatusOr<std::string>> stored = store_.MultiGet(keys);
    for (size_t i = 0; i < keys.size(); ++i) {
      if (!stored[i].ok() && !absl::IsNotFound(stored[i].status())) return stored[i].status();
      if (stored[i].ok() && *stored[i] == values[i]) continue;
      return Contradiction(absl::StrCat("the row ", schema::DescribeKey(keys[i]),
                                        " is missing or does not fit the entries"));
    }
    return absl::OkStatus();
  }

  const storage::Reader& store_;
  const std::optional<uint64_t> earlier_size_;
  Tip& tip_;
  Directory& directory_;
  PassportBooks& books_;
  std::unique_ptr<CommitDraft> draft_;
  std::string index_root_frame_;
  std::optional<IndexVersion> earlier_index_;
  uint64_t rows_ = 0;
};

absl::StatusOr<uint64_t> CountRows(const storage::Reader& store) {
  uint64_t rows = 0;
  const absl::StatusOr<storage::ScanEnd> end = store.Scan(
      storage::KeyRange::Prefix(""), UINT64_MAX, [&rows](absl::string_view key, absl::string_view) {
        if (key != schema::CosignedKey()) ++rows;  // it may be there or not
        return absl::OkStatus();
      });
  if (!end.ok()) return end.status();
  return rows;
}

}  // namespace

absl::StatusOr<Rebuilt> ReplayAll(const storage::Reader& store, const Checkpoint& checkpoint,
                                  std::optional<uint64_t> earlier_size, Tip& tip,
                                  Directory& directory, PassportBooks& books) {
  // Every index root among the entries is compared on the way: it is made anew, and its frame must
  // be the stored one.
  Replay replay(store, earlier_size, tip, directory, books);
  const absl::StatusOr<storage::ScanEnd> end =
      store.Scan(schema::EntriesFrom(0), UINT64_MAX,
                 [&replay](absl::string_view key, absl::string_view frame) {
                   return replay.Take(schema::PositionInKey(key), frame);
                 });
  if (!end.ok()) return end.status();

  // The whole must be what the checkpoint signed, and there must be nothing else.
  if (replay.index_root_frame().empty()) return Contradiction("it does not end in an index root");
  absl::StatusOr<LogVersion> log = tip.log.Version();
  if (!log.ok()) return log.status();
  if (log->size() != checkpoint.size() || log->root() != checkpoint.root()) {
    return Contradiction(absl::StrCat("its entries make a tree of ", log->size(), " with root ",
                                      DigestToBase64(log->root()), ", its checkpoint is for ",
                                      checkpoint.size(), " with root ",
                                      DigestToBase64(checkpoint.root())));
  }
  const absl::StatusOr<uint64_t> rows = CountRows(store);
  if (!rows.ok()) return rows.status();
  if (*rows != replay.rows() + kRowsOfNoCommit) {
    return Contradiction(absl::StrCat("it has ", *rows, " rows, and its entries make ",
                                      replay.rows() + kRowsOfNoCommit));
  }
  return replay.TakeRebuilt();
}

}  // namespace touchstone::ledger
