#include "registry/vault/erasure.h"

#include <unistd.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "registry/vault/sealing.h"

namespace touchstone::vault {
namespace {

using Rows = std::vector<std::pair<Digest, DocumentRow>>;

// Seals what lives on of one owner's time under a new key; nothing, where nothing lives on.
absl::StatusOr<std::optional<SecretBytes>> SealSurvivors(VaultCore& core,
                                                         const PassportId& passport,
                                                         OwnersTime time, const Rows& documents,
                                                         const std::set<Digest>& doomed,
                                                         storage::WriteBatch& batch) {
  std::optional<SecretBytes> new_key;
  for (const auto& [document, row] : documents) {
    if (row.owners_time != time || doomed.count(document) != 0) continue;
    const absl::StatusOr<DocumentSecrets> secrets = core.SecretsOf(passport, document, row);
    if (absl::IsDataLoss(secrets.status())) continue;  // it was lost before
    if (!secrets.ok()) return secrets.status();
    if (!new_key) {
      absl::StatusOr<SecretBytes> made = SecretBytes::Random(kKeyBytes);
      if (!made.ok()) return made.status();
      new_key = *std::move(made);
    }
    absl::StatusOr<std::string> sealed = secrets->Seal(*new_key, passport, document);
    if (!sealed.ok()) return sealed.status();
    DocumentRow moved = row;
    moved.sealed = *std::move(sealed);
    batch.Put(DocumentKey(passport, document), moved.Encode());
  }
  return new_key;
}

}  // namespace

absl::StatusOr<std::vector<Digest>> EraseDocuments(VaultCore& core, const PassportId& passport,
                                                   const std::set<Digest>& doomed,
                                                   ErasureGround ground,
                                                   storage::WriteBatch& batch) {
  const absl::StatusOr<Rows> documents = core.All(DocumentsOf(passport));
  if (!documents.ok()) return documents.status();
  const absl::StatusOr<Rows> coming = core.All(UploadsOf(passport));
  if (!coming.ok()) return coming.status();

  std::vector<Digest> gone;
  std::set<OwnersTime> times;
  std::vector<std::string> files;
  uint64_t bytes = 0;
  const GoneRow gone_row{0, core.clock.NowMs(), ground == ErasureGround::kRetentionEnded};
  for (const auto& [document, row] : *documents) {
    if (doomed.count(document) == 0) continue;
    gone.push_back(document);
    times.insert(row.owners_time);
    files.push_back(row.file);
    bytes += row.size;
    batch.Delete(DocumentKey(passport, document));
    if (row.keep_until_ms != 0) batch.Delete(DueKey(row.keep_until_ms, passport, document));
    GoneRow of_this = gone_row;
    of_this.entry_number = row.entry_number;
    batch.Put(GoneKey(passport, document), of_this.Encode());
  }
  for (const auto& [document, row] : *coming) {
    if (doomed.empty()) break;
    times.insert(row.owners_time);
    files.push_back(row.file);
    bytes += row.size;
    batch.Delete(UploadKey(passport, document));
  }
  if (times.empty()) {
    if (absl::Status status = core.store.Commit(batch); !status.ok()) return status;
    return gone;
  }
  std::map<OwnersTime, std::optional<SecretBytes>> replaced;
  for (const OwnersTime time : times) {
    absl::StatusOr<std::optional<SecretBytes>> key =
        SealSurvivors(core, passport, time, *documents, doomed, batch);
    if (!key.ok()) return key.status();
    replaced.emplace(time, *std::move(key));
  }
  if (absl::Status status = core.piece_keys.Replace(passport, replaced, batch); !status.ok()) {
    return status;
  }
  core.bytes -= bytes;
  for (const std::string& file : files) unlink(core.PathOf(file).c_str());
  return gone;
}

}  // namespace touchstone::vault
