#include "registry/vault/open_upload.h"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/limits.h"
#include "verifier/hex.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

std::string NewFileName() {
  std::string random(16, '\0');
  randombytes_buf(random.data(), random.size());
  return HexEncode(random);
}

// Takes the one place that there is for uploads of a document; the upload gives it back.
absl::Status TakeUploadPlace(VaultCore& core, const std::string& upload_key) {
  const std::lock_guard<std::mutex> lock(core.uploads_mutex);
  if (core.uploads.count(upload_key) != 0) {
    return Refuse(RefusalCode::kWrongState,
                  "the document is being stored by another call; try again when that has ended");
  }
  if (core.uploads.size() >= limits::kUploadsAtOnceMax) {
    return absl::ResourceExhaustedError("too many documents are being stored; try again later");
  }
  core.uploads.insert(upload_key);
  return absl::OkStatus();
}

void GiveUploadPlaceBack(VaultCore& core, const std::string& upload_key) {
  const std::lock_guard<std::mutex> lock(core.uploads_mutex);
  core.uploads.erase(upload_key);
}

// Whose documents count against the part of a piece's room that is not its owner's and issuer's:
// anybody who is enrolled can commit to something in any passport.
bool IsOfOthers(const Papers& papers, const Paper& paper) {
  return !paper.said_by.empty() && std::find(paper.said_by.begin(), paper.said_by.end(),
                                             papers.issuer_of_record()) == paper.said_by.end();
}

// Whether there is room for one more of that size beside all but the one that it replaces.
absl::Status CheckRoom(const VaultCore& core, const Papers& papers, const Paper& wanted,
                       uint64_t size) {
  size_t count = 1;
  uint64_t bytes = size;
  size_t others = IsOfOthers(papers, wanted) ? 1 : 0;
  uint64_t others_bytes = others == 0 ? 0 : size;
  for (const storage::KeyRange& range :
       {DocumentsOf(papers.passport()), UploadsOf(papers.passport())}) {
    const auto rows = core.All(range);
    if (!rows.ok()) return rows.status();
    for (const auto& [document, row] : *rows) {
      if (document == wanted.part.digest) continue;
      ++count;
      bytes += row.size;
      const Paper* paper = papers.Find(document);
      if (paper == nullptr || !IsOfOthers(papers, *paper)) continue;
      ++others;
      others_bytes += row.size;
    }
  }
  if (count > limits::kPieceDocumentsMax || bytes > limits::kPieceDocumentsBytesMax ||
      others > limits::kPieceDocumentsOfOthersMax ||
      others_bytes > limits::kPieceDocumentsOfOthersBytesMax) {
    return Refuse(
        RefusalCode::kQuotaExceeded,
        absl::StrCat("a piece has at most ", limits::kPieceDocumentsMax, " stored documents, of ",
                     limits::kPieceDocumentsBytesMax >> 20, " MiB together; of others than its ",
                     "owner and its issuer at most ", limits::kPieceDocumentsOfOthersMax, ", of ",
                     limits::kPieceDocumentsOfOthersBytesMax >> 20, " MiB"));
  }
  if (core.bytes + size > core.options.bytes_max) {
    return Refuse(RefusalCode::kQuotaExceeded,
                  "the vault has no room for more documents; its operator can give it some "
                  "(--vault-mib)");
  }
  return absl::OkStatus();
}

absl::StatusOr<DocumentRow> NewRow(VaultCore& core, const DocumentName& name, const Paper& paper,
                                   const v1::PutDocument& put, const DocumentSecrets& secrets,
                                   storage::WriteBatch& batch) {
  const absl::StatusOr<SecretBytes> piece_key =
      core.piece_keys.FindOrMake(name.passport, paper.owners_time, batch);
  if (!piece_key.ok()) return piece_key.status();
  absl::StatusOr<std::string> sealed = secrets.Seal(*piece_key, name.passport, name.document);
  if (!sealed.ok()) return sealed.status();
  DocumentRow row;
  row.owners_time = paper.owners_time;
  row.entry_number = paper.entry_number;
  row.kind = paper.part.kind;
  row.size = put.size();
  row.since_ms = core.clock.NowMs();
  row.file = NewFileName();
  row.sealed = *std::move(sealed);
  return row;
}

// Whether the document went after it was committed to the last time.
absl::StatusOr<std::optional<GoneRow>> GoneSince(const VaultCore& core, const PassportId& passport,
                                                 const Paper& paper) {
  const absl::StatusOr<std::string> row = core.store.Get(GoneKey(passport, paper.part.digest));
  if (absl::IsNotFound(row.status())) return std::nullopt;
  if (!row.ok()) return row.status();
  const absl::StatusOr<GoneRow> gone = GoneRow::Decode(*row);
  if (!gone.ok()) return gone.status();
  if (gone->entry_number != paper.entry_number) return std::nullopt;
  return *gone;
}

// Whether what has come of the document before can be gone on with: it was announced in the same
// way, and opens. Then its secrets.
absl::StatusOr<std::optional<DocumentSecrets>> SecretsToGoOnWith(const VaultCore& core,
                                                                 const PassportId& passport,
                                                                 const Paper& paper,
                                                                 const v1::PutDocument& put,
                                                                 const DocumentRow& row) {
  if (row.size != put.size() || !VaultCore::IsOf(row, paper)) return std::nullopt;
  absl::StatusOr<DocumentSecrets> secrets = core.SecretsOf(passport, paper.part.digest, row);
  if (absl::IsDataLoss(secrets.status())) return std::nullopt;
  if (!secrets.ok()) return secrets.status();
  if (secrets->salt() != put.salt()) return std::nullopt;
  return *std::move(secrets);
}

absl::StatusOr<std::unique_ptr<Upload>> Begin(VaultCore& core, const Papers& papers,
                                              const Paper& paper, const v1::PutDocument& put,
                                              storage::WriteBatch& batch) {
  const DocumentName name{papers.passport(), paper.part.digest};
  const std::string upload_key = UploadKey(name.passport, name.document);
  const absl::StatusOr<std::optional<DocumentRow>> before = core.Find(upload_key);
  if (!before.ok()) return before.status();
  std::optional<DocumentSecrets> secrets;
  if (before->has_value()) {
    auto known = SecretsToGoOnWith(core, name.passport, paper, put, **before);
    if (!known.ok()) return known.status();
    secrets = *std::move(known);
  }
  std::optional<DocumentRow> row = *before;
  const bool is_new = !secrets.has_value();
  if (is_new) {
    if (absl::Status room = CheckRoom(core, papers, paper, put.size()); !room.ok()) return room;
    absl::StatusOr<DocumentSecrets> made =
        DocumentSecrets::Make(put.salt(), put.media_type(), put.name());
    if (!made.ok()) return made.status();
    absl::StatusOr<DocumentRow> new_row = NewRow(core, name, paper, put, *made, batch);
    if (!new_row.ok()) return new_row.status();
    batch.Put(upload_key, new_row->Encode());
    row = *std::move(new_row);
    secrets = *std::move(made);
  }
  if (absl::Status committed = core.store.Commit(batch); !committed.ok()) return committed;
  if (is_new) {
    core.bytes += row->size;
    if (before->has_value()) {
      core.bytes -= (*before)->size;
      unlink(core.PathOf((*before)->file).c_str());
    }
  }
  auto upload = std::make_unique<Upload>(core, name, *row, put.salt());
  if (absl::Status begun = upload->Begin(secrets->key()); !begun.ok()) return begun;
  return upload;
}

// Whether a stored document is lost for certain, and may be stored anew: its key is gone, its file
// is, or what is in the file is not what was sealed. Whatever else goes wrong is an error.
absl::StatusOr<bool> IsLost(const VaultCore& core, const DocumentName& name,
                            const DocumentRow& row) {
  const absl::StatusOr<DocumentSecrets> secrets = core.SecretsOf(name.passport, name.document, row);
  if (absl::IsDataLoss(secrets.status())) return true;
  if (!secrets.ok()) return secrets.status();
  const auto reader =
      SealedFileReader::Open(core.PathOf(row.file), secrets->key(),
                             PlaceOfDocument(name.passport, name.document), row.size);
  absl::Status status = reader.status();
  while (status.ok()) {
    const absl::StatusOr<std::string> piece = (*reader)->Next();
    status = piece.status();
    if (piece.ok() && piece->empty()) return false;
  }
  if (absl::IsDataLoss(status)) return true;
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Upload>> OpenUpload(VaultCore& core, const Papers& papers,
                                                   const Paper& paper, const v1::PutDocument& put,
                                                   storage::WriteBatch& batch) {
  const DocumentName name{papers.passport(), paper.part.digest};
  const absl::StatusOr<std::optional<GoneRow>> gone = GoneSince(core, name.passport, paper);
  if (!gone.ok()) return gone.status();
  if (gone->has_value() || paper.erased_at_ms != 0) {
    return Refuse(RefusalCode::kDocumentErased,
                  "the document was erased, or its retention has ended; it is not stored again "
                  "unless an entry commits to it anew");
  }
  const absl::StatusOr<std::optional<DocumentRow>> stored =
      core.Find(DocumentKey(name.passport, name.document));
  if (!stored.ok()) return stored.status();
  std::optional<DocumentRow> lost;
  if (stored->has_value()) {
    if (!VaultCore::IsOf(**stored, paper)) {
      return absl::UnavailableError("what was erased of the document is still to be destroyed");
    }
    const absl::StatusOr<bool> is_lost = IsLost(core, name, **stored);
    if (!is_lost.ok()) return is_lost.status();
    if (!*is_lost) {
      if (absl::Status committed = core.store.Commit(batch); !committed.ok()) return committed;
      return std::make_unique<Upload>(
          (*stored)->size, StoredDocument{(*stored)->since_ms, (*stored)->keep_until_ms});
    }
    lost = **stored;
    batch.Delete(DocumentKey(name.passport, name.document));
    if (lost->keep_until_ms != 0) {
      batch.Delete(DueKey(lost->keep_until_ms, name.passport, name.document));
    }
  }
  const std::string upload_key = UploadKey(name.passport, name.document);
  if (absl::Status taken = TakeUploadPlace(core, upload_key); !taken.ok()) return taken;
  absl::StatusOr<std::unique_ptr<Upload>> upload = Begin(core, papers, paper, put, batch);
  if (!upload.ok()) {
    GiveUploadPlaceBack(core, upload_key);
  } else if (lost) {
    core.bytes -= lost->size;
    unlink(core.PathOf(lost->file).c_str());
  }
  return upload;
}

absl::StatusOr<ListedDocument> DescribeDocument(const VaultCore& core, const PassportId& passport,
                                                const Paper& paper, bool readable) {
  ListedDocument listed;
  listed.paper = paper;
  listed.readable = readable;
  const Digest& document = paper.part.digest;
  const absl::StatusOr<std::optional<DocumentRow>> row = core.Find(DocumentKey(passport, document));
  if (!row.ok()) return row.status();
  if (row->has_value() && VaultCore::IsOf(**row, paper)) {
    listed.state = ListedDocument::State::kStored;
    listed.size = (*row)->size;
    listed.stored_at_ms = (*row)->since_ms;
    listed.keep_until_ms = (*row)->keep_until_ms;
    if (!readable) return listed;
    const absl::StatusOr<DocumentSecrets> secrets = core.SecretsOf(passport, document, **row);
    if (!secrets.ok()) {
      listed.readable = false;  // its key is lost; asking for it says so
      return listed;
    }
    listed.media_type = secrets->media_type();
    listed.name = secrets->name();
    return listed;
  }
  const absl::StatusOr<std::optional<GoneRow>> gone = GoneSince(core, passport, paper);
  if (!gone.ok()) return gone.status();
  if (gone->has_value()) {
    listed.state = (*gone)->retention_ended ? ListedDocument::State::kRetentionEnded
                                            : ListedDocument::State::kErased;
    listed.gone_at_ms = (*gone)->gone_at_ms;
  } else if (paper.erased_at_ms != 0) {
    listed.state = ListedDocument::State::kErased;
    listed.gone_at_ms = paper.erased_at_ms;
  }
  return listed;
}

}  // namespace touchstone::vault
