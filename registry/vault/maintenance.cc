#include "registry/vault/maintenance.h"

#include <unistd.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "registry/limits.h"
#include "registry/vault/erasure.h"
#include "touchstone/v1/envelope.pb.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/entry.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

// Whether what a passport's papers are, or how long they are kept, can change with it.
bool Matters(const v1::Statement& statement) {
  switch (statement.event_case()) {
    case v1::Statement::kDataErased:
    case v1::Statement::kClaim:
    case v1::Statement::kTransfer:
    case v1::Statement::kOwnershipMoved:
    case v1::Statement::kEndOfLife:
      return true;
    default:
      return false;
  }
}

// The passport that an entry is about, if it matters here. The ledger has checked the entry.
std::optional<PassportId> PassportThatMatters(absl::string_view frame) {
  const absl::StatusOr<Entry> entry = DecodeEntry(frame);
  if (!entry.ok() || entry->type != EntryType::kStatement) return std::nullopt;
  v1::Envelope envelope;
  v1::Statement statement;
  if (!envelope.ParseFromString(entry->payload) || !statement.ParseFromString(envelope.payload()) ||
      !Matters(statement)) {
    return std::nullopt;
  }
  const absl::StatusOr<PassportId> passport =
      PassportId::FromBytes(statement.subject().passport_id());
  if (!passport.ok()) return std::nullopt;
  return *passport;
}

// Brings what is stored of a piece in line with what its passport says.
absl::Status Reconcile(VaultCore& core, NewestView newest, const PassportId& passport) {
  const std::lock_guard<std::mutex> lock(core.LockOf(passport));
  const auto documents = core.All(DocumentsOf(passport));
  if (!documents.ok()) return documents.status();
  const auto coming = core.All(UploadsOf(passport));
  if (!coming.ok()) return coming.status();
  storage::WriteBatch batch;
  batch.Delete(PendingKey(passport));
  if (documents->empty() && coming->empty()) return core.store.Commit(batch);
  // Under the lock, so that it is not older than what was stored.
  const absl::StatusOr<Papers> papers = Papers::Of(*newest(), passport);
  if (!papers.ok()) return papers.status();

  Doomed doomed;
  const auto doom = [&papers, &doomed](const Digest& document, const DocumentRow& row) {
    const Paper* paper = papers->Find(document);
    if (paper != nullptr && VaultCore::IsOf(row, *paper)) return;
    doomed.emplace(document, row.entry_number);
  };
  for (const auto& [document, row] : *documents) doom(document, row);
  for (const auto& [document, row] : *coming) doom(document, row);
  if (!doomed.empty()) {
    // It stays pending: the next round sees to what lives on.
    storage::WriteBatch erasure;
    return EraseDocuments(core, passport, doomed, ErasureGround::kAsked, erasure).status();
  }
  for (const auto& [document, row] : *documents) {
    const Paper& paper = *papers->Find(document);
    const uint64_t until =
        core.options.retention.KeepUntilMs(paper, row.since_ms, papers->EndOf(paper.owners_time));
    if (until == row.keep_until_ms) continue;
    DocumentRow changed = row;
    changed.keep_until_ms = until;
    batch.Put(DocumentKey(passport, document), changed.Encode());
    if (row.keep_until_ms != 0) batch.Delete(DueKey(row.keep_until_ms, passport, document));
    if (until != 0) batch.Put(DueKey(until, passport, document), "");
  }
  return core.store.Commit(batch);
}

// Notes which pieces something has happened to; true when the log was followed to its end.
absl::StatusOr<bool> FollowLog(VaultCore& core, const ledger::View& view) {
  const absl::StatusOr<std::string> row = core.store.Get(FollowedKey());
  if (!row.ok() && !absl::IsNotFound(row.status())) return row.status();
  uint64_t followed = view.size();  // a new vault: nothing was stored before
  if (row.ok()) {
    const absl::StatusOr<uint64_t> read = DecodeNumber(*row);
    if (!read.ok()) return read.status();
    followed = *read;
  }
  const uint64_t first = followed;
  storage::WriteBatch batch;
  const absl::Status enough = absl::CancelledError("enough for this round");
  const absl::Status scanned =
      view.ForEachEntry(first, [&](uint64_t position, absl::string_view frame) -> absl::Status {
        if (position - first >= limits::kVaultMaintenanceRowsMax) return enough;
        const std::optional<PassportId> passport = PassportThatMatters(frame);
        if (passport) batch.Put(PendingKey(*passport), "");
        followed = position + 1;
        return absl::OkStatus();
      });
  if (!scanned.ok() && scanned != enough) return scanned;
  if (followed != first || !row.ok()) {
    batch.Put(FollowedKey(), EncodeNumber(followed));
    if (absl::Status status = core.store.Commit(batch); !status.ok()) return status;
  }
  return scanned.ok();
}

absl::Status ReconcilePending(VaultCore& core, NewestView newest) {
  std::vector<PassportId> pending;
  const auto visit = [&](absl::string_view key, absl::string_view) -> absl::Status {
    const absl::StatusOr<PassportId> passport = PassportId::FromBytes(key.substr(1));
    if (!passport.ok()) return passport.status();
    pending.push_back(*passport);
    return absl::OkStatus();
  };
  const auto scanned = core.store.Scan(AllPending(), UINT64_MAX, visit);
  if (!scanned.ok()) return scanned.status();
  absl::Status first_error;
  for (const PassportId& passport : pending) {
    first_error.Update(InContext(passport.Format(), Reconcile(core, newest, passport)));
  }
  return first_error;
}

absl::Status EraseDue(VaultCore& core, const PassportId& passport,
                      const std::vector<Digest>& documents) {
  const std::lock_guard<std::mutex> lock(core.LockOf(passport));
  Doomed due;
  for (const Digest& document : documents) {
    const auto row = core.Find(DocumentKey(passport, document));
    if (!row.ok()) return row.status();
    // It may have been given more time meanwhile.
    if (!row->has_value() || (*row)->keep_until_ms == 0 ||
        (*row)->keep_until_ms > core.clock.NowMs()) {
      continue;
    }
    due.emplace(document, (*row)->entry_number);
  }
  if (due.empty()) return absl::OkStatus();
  storage::WriteBatch batch;
  return EraseDocuments(core, passport, due, ErasureGround::kRetentionEnded, batch).status();
}

// True when nothing is due any more.
absl::StatusOr<bool> EraseWhatIsDue(VaultCore& core) {
  std::map<PassportId, std::vector<Digest>> due;
  const auto visit = [&](absl::string_view key, absl::string_view) -> absl::Status {
    const absl::StatusOr<DocumentName> name = DocumentNameIn(key);
    if (!name.ok()) return name.status();
    due[name->passport].push_back(name->document);
    return absl::OkStatus();
  };
  const auto scanned =
      core.store.Scan(DueBefore(core.clock.NowMs()), limits::kVaultMaintenanceRowsMax, visit);
  if (!scanned.ok()) return scanned.status();
  absl::Status first_error;
  for (const auto& [passport, documents] : due) {
    first_error.Update(InContext(passport.Format(), EraseDue(core, passport, documents)));
  }
  if (!first_error.ok()) return first_error;
  return *scanned == storage::ScanEnd::kRangeExhausted;
}

absl::Status DropUpload(VaultCore& core, const std::string& key, const DocumentRow& row) {
  const absl::StatusOr<DocumentName> name = DocumentNameIn(key);
  if (!name.ok()) return name.status();
  const std::lock_guard<std::mutex> lock(core.LockOf(name->passport));
  {
    const std::lock_guard<std::mutex> uploads(core.uploads_mutex);
    if (core.uploads.count(key) != 0) return absl::OkStatus();  // it is gone on with just now
  }
  const absl::StatusOr<std::optional<DocumentRow>> there = core.Find(key);
  if (!there.ok()) return there.status();
  if (!there->has_value() || (*there)->file != row.file) return absl::OkStatus();
  storage::WriteBatch batch;
  batch.Delete(key);
  if (absl::Status committed = core.store.Commit(batch); !committed.ok()) return committed;
  core.bytes -= row.size;
  unlink(core.PathOf(row.file).c_str());
  return absl::OkStatus();
}

absl::Status DropOldUploads(VaultCore& core) {
  const uint64_t now = core.clock.NowMs();
  std::vector<std::pair<std::string, DocumentRow>> old;
  const auto visit = [&](absl::string_view key, absl::string_view value) -> absl::Status {
    absl::StatusOr<DocumentRow> row = DocumentRow::Decode(value);
    if (!row.ok()) return row.status();
    if (row->since_ms + limits::kUploadKeptMs < now) old.emplace_back(key, *std::move(row));
    return absl::OkStatus();
  };
  const auto scanned = core.store.Scan(AllUploads(), UINT64_MAX, visit);
  if (!scanned.ok()) return scanned.status();
  absl::Status first_error;
  for (const auto& [key, row] : old) first_error.Update(DropUpload(core, key, row));
  return first_error;
}

absl::Status DestroyOldEpochKeys(VaultCore& core) {
  absl::Status first_error;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    const std::lock_guard<std::mutex> lock(core.locks[bucket]);
    first_error.Update(core.piece_keys.EndReplacing(static_cast<Bucket>(bucket)));
  }
  return first_error;
}

}  // namespace

absl::StatusOr<bool> Maintain(VaultCore& core, NewestView newest) {
  absl::Status first_error;
  const absl::StatusOr<bool> followed = FollowLog(core, *newest());
  first_error.Update(followed.status());
  first_error.Update(ReconcilePending(core, newest));
  const absl::StatusOr<bool> erased = EraseWhatIsDue(core);
  first_error.Update(erased.status());
  first_error.Update(DropOldUploads(core));
  first_error.Update(DestroyOldEpochKeys(core));
  const uint64_t now = core.clock.NowMs();
  first_error.Update(core.book.ForgetRequestsBefore(
      now > limits::kRequestKeptMs ? now - limits::kRequestKeptMs : 0));
  if (!first_error.ok()) return first_error;
  return *followed && *erased;
}

}  // namespace touchstone::vault
