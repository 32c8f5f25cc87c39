#include "registry/vault/piece_keys.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "registry/vault/sealing.h"

namespace touchstone::vault {
namespace {

// What a piece's key is sealed for: its row, and no other.
std::string PlaceOf(absl::string_view row_key, uint32_t epoch) {
  return absl::StrCat("touchstone/vault/piece-key/v1\n", epoch, "\n", row_key);
}

std::string BucketName(Bucket bucket) {
  return absl::StrFormat("%02x", static_cast<unsigned>(bucket));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> PieceKeys::Recover() {
  std::vector<std::string> warnings;
  std::map<Bucket, BucketRow> buckets;
  const auto visit = [&](absl::string_view key, absl::string_view value) -> absl::Status {
    absl::StatusOr<BucketRow> row = BucketRow::Decode(value);
    if (!row.ok()) return row.status();
    buckets[static_cast<Bucket>(key.back())] = *std::move(row);
    return absl::OkStatus();
  };
  const auto scanned = store_.Scan(storage::KeyRange::Prefix("b"), kBuckets, visit);
  if (!scanned.ok()) return scanned.status();
  for (size_t i = 0; i < kBuckets; ++i) {
    const auto bucket = static_cast<Bucket>(i);
    const auto found = buckets.find(bucket);
    const absl::StatusOr<bool> whole =
        RecoverBucket(bucket, found == buckets.end() ? BucketRow{} : found->second);
    if (!whole.ok()) return whole.status();
    if (!*whole) {
      warnings.push_back(absl::StrCat(
          "the vault's database is older than its epoch keys in bucket ", BucketName(bucket),
          ": what was stored there before the last erasure cannot be read; put back the newest "
          "copy of the database, if there is one"));
    }
  }
  return warnings;
}

absl::StatusOr<bool> PieceKeys::RecoverBucket(Bucket bucket, const BucketRow& row) {
  const uint32_t sealed_under = row.epoch;
  if (const EpochKey* next = epoch_keys_.Next(bucket)) {
    const absl::Status ended = next->epoch <= sealed_under ? epoch_keys_.InstallNext(bucket)
                                                           : epoch_keys_.DropNext(bucket);
    if (!ended.ok()) return ended;
  }
  if (sealed_under == 0) return true;
  const EpochKey* current = epoch_keys_.Current(bucket);
  if (current == nullptr || current->epoch < sealed_under) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the epoch key of bucket ", BucketName(bucket), " is ",
        current == nullptr ? "missing" : "an older one", ", and without the one of epoch ",
        sealed_under,
        " nothing that is stored there can be read; put the newest copy of that file back"));
  }
  if (current->epoch == sealed_under && CheckValueOf(*current) != row.check) {
    return absl::FailedPreconditionError(
        absl::StrCat("the epoch key of bucket ", BucketName(bucket),
                     " is not the one that this database was sealed under; are these the keys of "
                     "another vault?"));
  }
  return current->epoch == sealed_under;
}

bool PieceKeys::IsLost(absl::string_view row_key, absl::string_view row) const {
  const absl::StatusOr<PieceKeyRow> sealed = PieceKeyRow::Decode(row);
  const EpochKey* current = epoch_keys_.Current(static_cast<Bucket>(row_key[1]));
  return sealed.ok() && current != nullptr && sealed->epoch < current->epoch;
}

absl::StatusOr<SecretBytes> PieceKeys::Open(absl::string_view row_key,
                                            absl::string_view row) const {
  const absl::StatusOr<PieceKeyRow> sealed = PieceKeyRow::Decode(row);
  if (!sealed.ok()) return sealed.status();
  // 'k', then the passport, whose first byte is the bucket.
  const EpochKey* epoch_key = epoch_keys_.Current(static_cast<Bucket>(row_key[1]));
  if (epoch_key == nullptr || epoch_key->epoch != sealed->epoch) {
    return absl::DataLossError("the epoch key that sealed a piece's key was destroyed");
  }
  return Unseal(epoch_key->key, PlaceOf(row_key, sealed->epoch), sealed->sealed);
}

void PieceKeys::Put(absl::string_view row_key, const EpochKey& epoch_key, const SecretBytes& key,
                    storage::WriteBatch& batch) const {
  const PieceKeyRow row{epoch_key.epoch,
                        Seal(epoch_key.key, PlaceOf(row_key, epoch_key.epoch), key)};
  batch.Put(row_key, row.Encode());
}

absl::StatusOr<SecretBytes> PieceKeys::Find(const PassportId& passport, OwnersTime time) const {
  const std::string row_key = PieceKeyKey(passport, time);
  const absl::StatusOr<std::string> row = store_.Get(row_key);
  if (!row.ok()) return row.status();
  return Open(row_key, *row);
}

absl::StatusOr<SecretBytes> PieceKeys::FindOrMake(const PassportId& passport, OwnersTime time,
                                                  storage::WriteBatch& batch) {
  const std::string row_key = PieceKeyKey(passport, time);
  const absl::StatusOr<std::string> row = store_.Get(row_key);
  if (!row.ok() && !absl::IsNotFound(row.status())) return row.status();
  if (row.ok() && !IsLost(row_key, *row)) return Open(row_key, *row);
  const Bucket bucket = BucketOf(passport);
  const absl::StatusOr<const EpochKey*> epoch_key = epoch_keys_.CurrentOrNew(bucket);
  if (!epoch_key.ok()) return epoch_key.status();
  absl::StatusOr<SecretBytes> made = SecretBytes::Random(kKeyBytes);
  if (!made.ok()) return made.status();
  Put(row_key, **epoch_key, *made, batch);
  batch.Put(BucketKey(bucket), BucketRow{(*epoch_key)->epoch, CheckValueOf(**epoch_key)}.Encode());
  return made;
}

absl::Status PieceKeys::Replace(const PassportId& passport,
                                const std::map<OwnersTime, std::optional<SecretBytes>>& replaced,
                                storage::WriteBatch& batch, absl::FunctionRef<void()> committed) {
  const Bucket bucket = BucketOf(passport);
  if (epoch_keys_.Current(bucket) == nullptr) {
    const absl::Status status = store_.Commit(batch);
    if (status.ok()) committed();
    return status;
  }
  const absl::StatusOr<const EpochKey*> next = epoch_keys_.PrepareNext(bucket);
  if (!next.ok()) return next.status();
  std::map<std::string, const std::optional<SecretBytes>*> replaced_rows;
  for (const auto& [time, key] : replaced) replaced_rows[PieceKeyKey(passport, time)] = &key;
  const auto visit = [&](absl::string_view row_key, absl::string_view row) -> absl::Status {
    const auto in_place = replaced_rows.find(std::string(row_key));
    if (in_place != replaced_rows.end()) {
      const std::optional<SecretBytes>& key = *in_place->second;
      if (key) {
        Put(row_key, **next, *key, batch);
      } else {
        batch.Delete(row_key);
      }
      return absl::OkStatus();
    }
    if (IsLost(row_key, row)) {
      batch.Delete(row_key);
      return absl::OkStatus();
    }
    const absl::StatusOr<SecretBytes> key = Open(row_key, row);
    // A damaged row opens nothing as it is, and holds up no other piece's erasure.
    if (absl::IsDataLoss(key.status())) return absl::OkStatus();
    if (!key.ok()) return key.status();
    Put(row_key, **next, *key, batch);
    return absl::OkStatus();
  };
  const auto scanned = store_.Scan(PieceKeysOf(bucket), UINT64_MAX, visit);
  if (!scanned.ok()) return scanned.status();
  batch.Put(BucketKey(bucket), BucketRow{(*next)->epoch, CheckValueOf(**next)}.Encode());
  if (absl::Status status = store_.Commit(batch); !status.ok()) return status;
  committed();
  return epoch_keys_.InstallNext(bucket);
}

}  // namespace touchstone::vault
