// The keys that seal all other keys of the vault, one for each bucket of passports, in files of a
// directory that is neither in the database nor in its backups. Destroying one, when what is to
// live was sealed anew under the next, makes everything that it sealed unreadable in every copy of
// the database (docs/PRIVACY.md). Not for what they seal (piece_keys.h).
#ifndef TOUCHSTONE_REGISTRY_VAULT_EPOCH_KEYS_H_
#define TOUCHSTONE_REGISTRY_VAULT_EPOCH_KEYS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/storage/directory_lock.h"
#include "verifier/passport_id.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::vault {

// Passports are spread over the buckets by their first byte, so that an erasure seals the 256th
// part of all keys anew.
using Bucket = uint8_t;
inline constexpr size_t kBuckets = 256;
inline Bucket BucketOf(const PassportId& passport) {
  return static_cast<Bucket>(passport.bytes()[0]);
}

struct EpochKey {
  uint32_t epoch = 0;  // from 1, ascending
  SecretBytes key;
};

// Of a key, to be kept where it is used: another key of the same number has another.
std::string CheckValueOf(const EpochKey& key);

// One bucket is to be used by one thread at a time.
class EpochKeys {
 public:
  // Makes the directory (0700) if there is none, and locks it. Errors are for the operator:
  // kPermissionDenied where others may look into it; kFailedPrecondition: another process has it;
  // kDataLoss: a file that is no such key.
  static absl::StatusOr<std::unique_ptr<EpochKeys>> Open(const std::string& directory);

  // nullptr where the bucket has none.
  const EpochKey* Current(Bucket bucket) const;

  // The same, made (epoch 1) and durable where there was none.
  absl::StatusOr<const EpochKey*> CurrentOrNew(Bucket bucket);

  // Makes the next key of the bucket, which has one, durable beside the current one.
  absl::StatusOr<const EpochKey*> PrepareNext(Bucket bucket);
  // After everything that is to live was sealed under the next key, durably: the next takes the
  // current one's place, which is overwritten and dropped. Where that fails on the disk, the next
  // one is the current one all the same, and the old one still to be destroyed.
  absl::Status InstallNext(Bucket bucket);
  // Destroys what InstallNext could not.
  absl::Status EndInstall(Bucket bucket);
  // Drops the next key: nothing was sealed under it.
  absl::Status DropNext(Bucket bucket);
  bool empty() const;  // whether there is no key at all

  // What a crash has left between PrepareNext and one of the two; nullptr if nothing.
  const EpochKey* Next(Bucket bucket) const;

 private:
  struct Keys {
    std::optional<EpochKey> current;
    std::optional<EpochKey> next;
    // What InstallNext has still to do: `current` lies in the next one's file, and the old one in
    // its own; then only the directory is to be synced.
    bool to_be_renamed = false;
    bool to_be_synced = false;
  };

  EpochKeys(std::string directory, std::unique_ptr<storage::DirectoryLock> lock)
      : directory_(std::move(directory)), lock_(std::move(lock)) {}

  std::string PathOf(Bucket bucket, bool next) const;
  absl::StatusOr<std::optional<EpochKey>> Read(Bucket bucket, bool next) const;
  absl::StatusOr<EpochKey> Make(Bucket bucket, uint32_t epoch, bool next) const;

  const std::string directory_;
  const std::unique_ptr<storage::DirectoryLock> lock_;
  std::array<Keys, kBuckets> keys_;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_EPOCH_KEYS_H_
