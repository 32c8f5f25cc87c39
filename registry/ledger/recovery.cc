#include "registry/ledger/recovery.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/commit_draft.h"
#include "registry/ledger/schema.h"
#include "registry/ledger/submission.h"
#include "verifier/entry.h"
#include "verifier/refusal.h"

namespace touchstone::ledger {
namespace {

absl::Status Contradiction(absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the database contradicts itself: ", what,
                   ". Put a copy of the database back that is newer than the guard, or continue "
                   "the log in a new one whose genesis names this one's last checkpoint"));
}

// The text of a checkpoint that `log_key` signed.
absl::StatusOr<Checkpoint> ReadCheckpoint(absl::string_view note, const VerifierKey& log_key) {
  absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  if (!parsed.ok()) return parsed.status();
  absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Parse(parsed->text());
  if (!checkpoint.ok()) return checkpoint.status();
  if (checkpoint->origin() != log_key.name()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("it is of the log \"", checkpoint->origin(), "\", and this is \"",
                               log_key.name(), "\""));
  }
  absl::StatusOr<std::vector<size_t>> signers = VerifyNote(*parsed, {&log_key, 1});
  if (!signers.ok()) return signers.status();
  return checkpoint;
}

bool IsCompared(absl::string_view key) {
  return schema::IsTileKey(key) || schema::IsInsertionsKey(key);
}

// Replays entries as they are read, commit by commit.
class Replay {
 public:
  Replay(const storage::Reader& store, Tip& tip, Directory& directory, PassportBooks& books)
      : store_(store), tip_(tip), directory_(directory), books_(books) {
    Begin();
  }

  absl::Status Take(uint64_t position, absl::string_view frame) {
    absl::Status status = Replayed(position, frame);
    if (status.ok() || absl::IsDataLoss(status)) return status;
    return Contradiction(absl::StrCat("the entry at position ", position, ": ", status.message()));
  }

  // Of the last entry, if that was an index root; else empty.
  const std::string& index_root_frame() const { return index_root_frame_; }

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
    if (status.ok()) status = CheckTilesAndInsertions();
    if (!status.ok()) return status;
    index_root_frame_ = std::string(frame);
    draft_->Publish();
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

  absl::Status CheckTilesAndInsertions() {
    absl::Status status;
    draft_->batch().ForEach([this, &status](const storage::WriteBatch::Change& change) {
      if (!status.ok() || !IsCompared(change.key)) return;
      const absl::StatusOr<std::string> stored = store_.Get(change.key);
      if (!stored.ok() && !absl::IsNotFound(stored.status())) {
        status = stored.status();
      } else if (!stored.ok() || *stored != change.value) {
        status = Contradiction(absl::StrCat("the row ", schema::DescribeKey(change.key),
                                            " is missing or does not fit the entries"));
      }
    });
    return status;
  }

  const storage::Reader& store_;
  Tip& tip_;
  Directory& directory_;
  PassportBooks& books_;
  std::unique_ptr<CommitDraft> draft_;
  std::string index_root_frame_;
};

absl::Status CheckVersion(const storage::Reader& store, const VerifierKey& log_key) {
  const absl::StatusOr<std::string> value = store.Get(schema::VersionKey());
  if (absl::IsNotFound(value.status())) {
    return absl::NotFoundError("no log was started in this database; start one first");
  }
  if (!value.ok()) return value.status();
  const absl::StatusOr<schema::VersionRow> row = schema::DecodeVersionRow(*value);
  if (!row.ok()) return row.status();
  if (row->version != schema::kVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database has layout ", row->version, "; this program reads layout ",
                     schema::kVersion, ": use the version of the program that made it"));
  }
  if (row->origin != log_key.name()) {
    return absl::FailedPreconditionError(absl::StrCat("the database is of the log \"", row->origin,
                                                      "\"; the key is of \"", log_key.name(),
                                                      "\": give the key of that log"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Recovered> Recover(const storage::Reader& store, const VerifierKey& log_key,
                                  Tip& tip, Directory& directory, PassportBooks& books) {
  // 1. That it is this log's, and what its newest checkpoint promises.
  absl::Status status = CheckVersion(store, log_key);
  if (!status.ok()) return status;
  absl::StatusOr<std::string> note = store.Get(schema::CheckpointKey());
  if (absl::IsNotFound(note.status())) return Contradiction("it has no checkpoint");
  if (!note.ok()) return note.status();
  absl::StatusOr<Checkpoint> checkpoint = ReadCheckpoint(*note, log_key);
  if (!checkpoint.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the newest checkpoint in the database does not verify with the log key ", log_key.Format(),
        ": ", checkpoint.status().message(), ". Give the key that signed it"));
  }

  // 2. Replay all entries. Every index root among them is compared on the way: it is made anew, and
  //    its frame must be the stored one.
  Replay replay(store, tip, directory, books);
  const absl::StatusOr<storage::ScanEnd> end =
      store.Scan(schema::EntriesFrom(0), UINT64_MAX,
                 [&replay](absl::string_view key, absl::string_view frame) {
                   return replay.Take(schema::PositionInKey(key), frame);
                 });
  if (!end.ok()) return end.status();

  // 3. The whole must be what the checkpoint signed.
  if (replay.index_root_frame().empty()) return Contradiction("it does not end in an index root");
  absl::StatusOr<LogVersion> log = tip.log.Version();
  if (!log.ok()) return log.status();
  if (log->size() != checkpoint->size() || log->root() != checkpoint->root()) {
    return Contradiction(absl::StrCat("its entries make a tree of ", log->size(), " with root ",
                                      DigestToBase64(log->root()), ", its checkpoint is for ",
                                      checkpoint->size(), " with root ",
                                      DigestToBase64(checkpoint->root())));
  }
  return Recovered{*std::move(checkpoint), *std::move(note), replay.index_root_frame()};
}

absl::Status CheckContains(const Tip& tip, const VerifierKey& log_key, absl::string_view note,
                           absl::string_view what) {
  const absl::StatusOr<Checkpoint> checkpoint = ReadCheckpoint(note, log_key);
  if (!checkpoint.ok()) return InContext(what, checkpoint.status());
  const absl::StatusOr<LogVersion> log = tip.log.Version();
  if (!log.ok()) return log.status();
  if (checkpoint->size() > log->size()) {
    return absl::FailedPreconditionError(absl::StrCat(
        what, " is for ", checkpoint->size(), " entries, and the database has ", log->size(),
        ": it was put back to an earlier state, and entries that were acknowledged are not in it. "
        "Put the newest copy of the database back. If there is none, this log cannot go on: start "
        "a "
        "new one whose genesis names this one's last checkpoint"));
  }
  const absl::StatusOr<Digest> root = log->RootAt(checkpoint->size());
  if (!root.ok() && !absl::IsOutOfRange(root.status())) return root.status();
  if (root.ok() && *root == checkpoint->root()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(what, " is for ", checkpoint->size(), " entries with root ",
                   DigestToBase64(checkpoint->root()),
                   ", and the database has another history with as many: "
                   "it is a copy that went its own way. Put back the one that belongs to ",
                   what));
}

}  // namespace touchstone::ledger
