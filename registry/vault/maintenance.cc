#include "registry/vault/maintenance.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "registry/limits.h"
#include "registry/vault/erasure.h"
#include "touchstone/v1/envelope.pb.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/entry.h"

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
absl::Status Reconcile(VaultCore& core, const ledger::View& view, const PassportId& passport) {
  const std::lock_guard<std::mutex> lock(core.LockOf(passport));
  const auto documents = core.All(DocumentsOf(passport));
  if (!documents.ok()) return documents.status();
  const auto coming = core.All(UploadsOf(passport));
  if (!coming.ok()) return coming.status();
  if (documents->empty() && coming->empty()) return absl::OkStatus();
  const absl::StatusOr<Papers> papers = Papers::Of(view, passport);
  if (!papers.ok()) return papers.status();

  const auto is_erased = [&papers](const Digest& document, const DocumentRow& row) {
    const Paper* paper = papers->Find(document);
    return paper == nullptr || paper->erased_at_ms != 0 || paper->entry_number != row.entry_number;
  };
  std::set<Digest> doomed;
  storage::WriteBatch batch;
  for (const auto& [document, row] : *documents) {
    if (is_erased(document, row)) {
      doomed.insert(document);
      continue;
    }
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
  for (const auto& [document, row] : *coming) {
    if (is_erased(document, row)) doomed.insert(document);
  }
  // First what lives on: an erasure seals the rows anew as they are in the store.
  if (absl::Status committed = core.store.Commit(batch); !committed.ok()) return committed;
  if (doomed.empty()) return absl::OkStatus();
  batch.Clear();
  return EraseDocuments(core, passport, doomed, ErasureGround::kAsked, batch).status();
}

// True when the log was followed to its end.
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
  std::set<PassportId> passports;
  const absl::Status enough = absl::CancelledError("enough for this round");
  const absl::Status scanned =
      view.ForEachEntry(first, [&](uint64_t position, absl::string_view frame) -> absl::Status {
        if (position - first >= limits::kVaultMaintenanceRowsMax) return enough;
        const std::optional<PassportId> passport = PassportThatMatters(frame);
        if (passport) passports.insert(*passport);
        followed = position + 1;
        return absl::OkStatus();
      });
  if (!scanned.ok() && scanned != enough) return scanned;
  for (const PassportId& passport : passports) {
    if (absl::Status status = Reconcile(core, view, passport); !status.ok()) return status;
  }
  if (followed != first || !row.ok()) {
    storage::WriteBatch batch;
    batch.Put(FollowedKey(), EncodeNumber(followed));
    if (absl::Status status = core.store.Commit(batch); !status.ok()) return status;
  }
  return scanned.ok();
}

// True when nothing is due any more.
absl::StatusOr<bool> EraseWhatIsDue(VaultCore& core) {
  std::map<PassportId, std::set<Digest>> due;
  const auto visit = [&](absl::string_view key, absl::string_view) -> absl::Status {
    const absl::StatusOr<DocumentName> name = DocumentNameIn(key);
    if (!name.ok()) return name.status();
    due[name->passport].insert(name->document);
    return absl::OkStatus();
  };
  const auto scanned =
      core.store.Scan(DueBefore(core.clock.NowMs()), limits::kVaultMaintenanceRowsMax, visit);
  if (!scanned.ok()) return scanned.status();
  for (const auto& [passport, documents] : due) {
    const std::lock_guard<std::mutex> lock(core.LockOf(passport));
    storage::WriteBatch batch;
    const auto erased =
        EraseDocuments(core, passport, documents, ErasureGround::kRetentionEnded, batch);
    if (!erased.ok()) return erased.status();
  }
  return *scanned == storage::ScanEnd::kRangeExhausted;
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
  const auto scanned = core.store.Scan(AllUploads(), limits::kVaultMaintenanceRowsMax, visit);
  if (!scanned.ok()) return scanned.status();
  for (const auto& [key, row] : old) {
    const absl::StatusOr<DocumentName> name = DocumentNameIn(key);
    if (!name.ok()) return name.status();
    const std::lock_guard<std::mutex> lock(core.LockOf(name->passport));
    {
      const std::lock_guard<std::mutex> uploads(core.uploads_mutex);
      if (core.uploads.count(key) != 0) continue;  // it is gone on with just now
    }
    const absl::StatusOr<std::optional<DocumentRow>> now_there = core.Find(key);
    if (!now_there.ok()) return now_there.status();
    if (!now_there->has_value() || (*now_there)->file != row.file) continue;
    storage::WriteBatch batch;
    batch.Delete(key);
    if (absl::Status committed = core.store.Commit(batch); !committed.ok()) return committed;
    core.bytes -= row.size;
    unlink(core.PathOf(row.file).c_str());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> Maintain(VaultCore& core, const ledger::View& view) {
  const absl::StatusOr<bool> followed = FollowLog(core, view);
  if (!followed.ok()) return followed;
  const absl::StatusOr<bool> erased = EraseWhatIsDue(core);
  if (!erased.ok()) return erased;
  if (absl::Status dropped = DropOldUploads(core); !dropped.ok()) return dropped;
  const uint64_t now = core.clock.NowMs();
  const uint64_t too_old = now > limits::kRequestKeptMs ? now - limits::kRequestKeptMs : 0;
  if (absl::Status forgotten = core.book.ForgetRequestsBefore(too_old); !forgotten.ok()) {
    return forgotten;
  }
  return *followed && *erased;
}

}  // namespace touchstone::vault
