#include "registry/vault/erasure.h"

#include <unistd.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "registry/vault/sealing.h"

namespace touchstone::vault {
namespace {

using Rows = std::vector<std::pair<Digest, DocumentRow>>;

// What is to become of one owner's time: what lives on is sealed under a new key, made when there
// is something to seal.
class Survivors {
 public:
  Survivors(VaultCore& core, const PassportId& passport, OwnersTime time)
      : core_(core), passport_(passport), time_(time) {}

  // Rows that live on, each under `key_of`(its document).
  absl::Status Seal(const Rows& rows, const Doomed& doomed,
                    std::string (*key_of)(const PassportId&, const Digest&),
                    storage::WriteBatch& batch) {
    for (const auto& [document, row] : rows) {
      if (row.owners_time != time_ || doomed.count(document) != 0) continue;
      const absl::StatusOr<DocumentSecrets> secrets = core_.SecretsOf(passport_, document, row);
      if (absl::IsDataLoss(secrets.status())) continue;  // it was lost before
      if (!secrets.ok()) return secrets.status();
      if (!new_key_) {
        absl::StatusOr<SecretBytes> made = SecretBytes::Random(kKeyBytes);
        if (!made.ok()) return made.status();
        new_key_ = *std::move(made);
      }
      absl::StatusOr<std::string> sealed = secrets->Seal(*new_key_, passport_, document);
      if (!sealed.ok()) return sealed.status();
      DocumentRow moved = row;
      moved.sealed = *std::move(sealed);
      batch.Put(key_of(passport_, document), moved.Encode());
    }
    return absl::OkStatus();
  }

  // Nothing, where nothing lives on.
  std::optional<SecretBytes> TakeKey() { return std::move(new_key_); }

 private:
  VaultCore& core_;
  const PassportId& passport_;
  const OwnersTime time_;
  std::optional<SecretBytes> new_key_;
};

}  // namespace

absl::StatusOr<std::vector<Digest>> EraseDocuments(VaultCore& core, const PassportId& passport,
                                                   const Doomed& doomed, ErasureGround ground,
                                                   storage::WriteBatch& batch) {
  const absl::StatusOr<Rows> documents = core.All(DocumentsOf(passport));
  if (!documents.ok()) return documents.status();
  const absl::StatusOr<Rows> coming = core.All(UploadsOf(passport));
  if (!coming.ok()) return coming.status();

  std::vector<Digest> gone;
  std::set<OwnersTime> times;
  std::vector<std::string> files;
  uint64_t bytes = 0;
  for (const auto& [document, row] : *documents) {
    if (doomed.count(document) == 0) continue;
    gone.push_back(document);
    times.insert(row.owners_time);
    files.push_back(row.file);
    bytes += row.size;
    batch.Delete(DocumentKey(passport, document));
    if (row.keep_until_ms != 0) batch.Delete(DueKey(row.keep_until_ms, passport, document));
  }
  for (const auto& [document, row] : *coming) {
    if (doomed.count(document) == 0) continue;
    times.insert(row.owners_time);
    files.push_back(row.file);
    bytes += row.size;
    batch.Delete(UploadKey(passport, document));
  }
  for (const auto& [document, entry_number] : doomed) {
    const GoneRow row{entry_number, core.clock.NowMs(), ground == ErasureGround::kRetentionEnded};
    const std::string key = GoneKey(passport, document);
    const absl::StatusOr<std::string> before = core.store.Get(key);
    if (before.ok()) {
      const absl::StatusOr<GoneRow> known = GoneRow::Decode(*before);
      if (known.ok() && known->entry_number == entry_number) continue;
    }
    batch.Put(key, row.Encode());
  }
  if (times.empty()) {
    absl::Status status = core.store.Commit(batch);
    if (status.ok()) status = core.piece_keys.EndReplacing(BucketOf(passport));
    if (!status.ok()) return status;
    return gone;
  }
  std::map<OwnersTime, std::optional<SecretBytes>> replaced;
  for (const OwnersTime time : times) {
    Survivors survivors(core, passport, time);
    absl::Status sealed = survivors.Seal(*documents, doomed, &DocumentKey, batch);
    if (sealed.ok()) sealed = survivors.Seal(*coming, doomed, &UploadKey, batch);
    if (!sealed.ok()) return sealed;
    replaced.emplace(time, survivors.TakeKey());
  }
  const auto committed = [&] {
    core.bytes -= bytes;
    for (const std::string& file : files) unlink(core.PathOf(file).c_str());
  };
  absl::Status status = core.piece_keys.Replace(passport, replaced, batch, committed);
  if (!status.ok()) return status;
  return gone;
}

}  // namespace touchstone::vault
