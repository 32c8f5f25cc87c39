#include "registry/vault/open_upload.h"

#include <sodium.h>
#include <unistd.h>

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

absl::Status CheckRoom(const VaultCore& core, const PassportId& passport, uint64_t size) {
  size_t count = 0;
  uint64_t bytes = size;
  for (const storage::KeyRange& range : {DocumentsOf(passport), UploadsOf(passport)}) {
    const auto rows = core.All(range);
    if (!rows.ok()) return rows.status();
    count += rows->size();
    for (const auto& [document, row] : *rows) bytes += row.size;
  }
  if (count >= limits::kPieceDocumentsMax || bytes > limits::kPieceDocumentsBytesMax) {
    return Refuse(
        RefusalCode::kQuotaExceeded,
        absl::StrCat("a piece has at most ", limits::kPieceDocumentsMax, " stored documents, of ",
                     limits::kPieceDocumentsBytesMax >> 20, " MiB together"));
  }
  if (core.bytes + size > core.options.bytes_max) {
    return absl::ResourceExhaustedError("the vault is full (--vault-mib)");
  }
  return absl::OkStatus();
}

// What has come of the document before, if it was announced in the same way; otherwise that is
// dropped, and nothing returned.
absl::StatusOr<std::optional<DocumentSecrets>> Before(VaultCore& core, const DocumentName& name,
                                                      const v1::PutDocument& put,
                                                      const std::optional<DocumentRow>& row,
                                                      storage::WriteBatch& batch) {
  if (!row) return std::nullopt;
  absl::StatusOr<DocumentSecrets> secrets = core.SecretsOf(name.passport, name.document, *row);
  if (secrets.ok() && row->size == put.size() && secrets->salt() == put.salt()) {
    return *std::move(secrets);
  }
  if (!secrets.ok() && !absl::IsDataLoss(secrets.status())) return secrets.status();
  batch.Delete(UploadKey(name.passport, name.document));
  core.bytes -= row->size;
  unlink(core.PathOf(row->file).c_str());
  return std::nullopt;
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

absl::StatusOr<std::unique_ptr<Upload>> Begin(VaultCore& core, const DocumentName& name,
                                              const Paper& paper, const v1::PutDocument& put,
                                              storage::WriteBatch& batch) {
  const std::string upload_key = UploadKey(name.passport, name.document);
  absl::StatusOr<std::optional<DocumentRow>> row = core.Find(upload_key);
  if (!row.ok()) return row.status();
  absl::StatusOr<std::optional<DocumentSecrets>> secrets = Before(core, name, put, *row, batch);
  if (!secrets.ok()) return secrets.status();
  if (!secrets->has_value()) {
    if (absl::Status room = CheckRoom(core, name.passport, put.size()); !room.ok()) return room;
    absl::StatusOr<DocumentSecrets> made =
        DocumentSecrets::Make(put.salt(), put.media_type(), put.name());
    if (!made.ok()) return made.status();
    absl::StatusOr<DocumentRow> new_row = NewRow(core, name, paper, put, *made, batch);
    if (!new_row.ok()) return new_row.status();
    batch.Put(upload_key, new_row->Encode());
    core.bytes += put.size();
    *row = *std::move(new_row);
    *secrets = *std::move(made);
  }
  if (absl::Status committed = core.store.Commit(batch); !committed.ok()) return committed;
  auto upload = std::make_unique<Upload>(core, name, **row, put.salt());
  if (absl::Status begun = upload->Begin((*secrets)->key()); !begun.ok()) return begun;
  return upload;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Upload>> OpenUpload(VaultCore& core, const DocumentName& name,
                                                   const Paper& paper, const v1::PutDocument& put,
                                                   storage::WriteBatch& batch) {
  const absl::StatusOr<std::optional<DocumentRow>> stored =
      core.Find(DocumentKey(name.passport, name.document));
  if (!stored.ok()) return stored.status();
  if (stored->has_value()) {
    if (absl::Status committed = core.store.Commit(batch); !committed.ok()) return committed;
    return std::make_unique<Upload>((*stored)->size,
                                    StoredDocument{(*stored)->since_ms, (*stored)->keep_until_ms});
  }
  const absl::StatusOr<std::optional<GoneRow>> gone = GoneSince(core, name.passport, paper);
  if (!gone.ok()) return gone.status();
  if (gone->has_value()) {
    return Refuse(RefusalCode::kDocumentErased,
                  "the document was erased, or its retention has ended; it is not stored again "
                  "unless an entry commits to it anew");
  }
  const std::string upload_key = UploadKey(name.passport, name.document);
  if (absl::Status taken = TakeUploadPlace(core, upload_key); !taken.ok()) return taken;
  absl::StatusOr<std::unique_ptr<Upload>> upload = Begin(core, name, paper, put, batch);
  if (!upload.ok()) GiveUploadPlaceBack(core, upload_key);
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
  if (row->has_value()) {
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
