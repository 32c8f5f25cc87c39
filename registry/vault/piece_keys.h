// A key for each piece and owner, sealed under the epoch key of the piece's bucket; and replacing
// some of them in such a way that the old ones open nothing any more, in no copy of the database.
// Not for what they seal (document_secrets.h).
#ifndef TOUCHSTONE_REGISTRY_VAULT_PIECE_KEYS_H_
#define TOUCHSTONE_REGISTRY_VAULT_PIECE_KEYS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/storage/store.h"
#include "registry/storage/write_batch.h"
#include "registry/vault/epoch_keys.h"
#include "registry/vault/papers.h"
#include "registry/vault/rows.h"
#include "verifier/passport_id.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::vault {

// One bucket is to be used by one thread at a time.
class PieceKeys {
 public:
  // Both must outlive it.
  PieceKeys(storage::Store& store, EpochKeys& epoch_keys)
      : store_(store), epoch_keys_(epoch_keys) {}

  // Ends what a crash has interrupted. Returns a warning for the operator for each bucket whose
  // database is older than its key: what that sealed is lost. kFailedPrecondition: an epoch key is
  // missing, or older than the database.
  absl::StatusOr<std::vector<std::string>> Recover();

  // kNotFound: there is none. kDataLoss: its epoch's key is gone.
  absl::StatusOr<SecretBytes> Find(const PassportId& passport, OwnersTime time) const;

  // The same, made and added to `batch` where there was none, or its epoch's key is gone.
  // kDataLoss: it does not open for another reason, and is not replaced.
  absl::StatusOr<SecretBytes> FindOrMake(const PassportId& passport, OwnersTime time,
                                         storage::WriteBatch& batch);

  // Commits `batch` together with new keys in the place of those of `passport` in `replaced` (a
  // time that is not there keeps its key), and all keys of the bucket sealed under a new epoch key;
  // then calls `committed`, and destroys the old epoch key (also one that could not be destroyed
  // before). Nothing: there
  // is no key for that time any more.
  absl::Status Replace(const PassportId& passport,
                       const std::map<OwnersTime, std::optional<SecretBytes>>& replaced,
                       storage::WriteBatch& batch, absl::FunctionRef<void()> committed);

  // Destroys old epoch keys that could not be destroyed before.
  absl::Status EndReplacing(Bucket bucket) { return epoch_keys_.EndInstall(bucket); }

 private:
  absl::StatusOr<bool> RecoverBucket(Bucket bucket, const BucketRow& row);
  // Whether the key in that row was sealed under an epoch that was destroyed since.
  bool IsLost(absl::string_view row_key, absl::string_view row) const;
  absl::StatusOr<SecretBytes> Open(absl::string_view row_key, absl::string_view row) const;
  void Put(absl::string_view row_key, const EpochKey& epoch_key, const SecretBytes& key,
           storage::WriteBatch& batch) const;

  storage::Store& store_;
  EpochKeys& epoch_keys_;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_PIECE_KEYS_H_
