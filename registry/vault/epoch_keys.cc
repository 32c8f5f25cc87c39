#include "registry/vault/epoch_keys.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "registry/storage/disk_error.h"
#include "registry/storage/file_descriptor.h"
#include "registry/vault/sealing.h"
#include "verifier/big_endian.h"
#include "verifier/digest.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"
#include "verifier/signing/private_file.h"

namespace touchstone::vault {
namespace {

// "TSEK" ‖ version 1 ‖ bucket u8 ‖ epoch u32 ‖ key[32] ‖ the first 8 bytes of SHA-256 of all that.
constexpr absl::string_view kMagic("TSEK\x01", 5);
constexpr size_t kHeadBytes = 5 + 1 + 4;
constexpr size_t kCheckBytes = 8;
constexpr size_t kCheckValueBytes = 16;
constexpr size_t kFileBytes = kHeadBytes + kKeyBytes + kCheckBytes;

std::string HeadOf(Bucket bucket, uint32_t epoch) {
  std::string head(kMagic);
  AppendBigEndian<uint8_t>(head, bucket);
  AppendBigEndian<uint32_t>(head, epoch);
  return head;
}

std::string CheckOf(absl::string_view head_and_key) {
  const Digest digest = Sha256Of(head_and_key);
  return std::string(DigestBytes(digest).substr(0, kCheckBytes));
}

absl::Status SyncDirectory(const std::string& directory) {
  const storage::FileDescriptor file(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.valid() || fsync(file.get()) != 0) {
    return storage::DiskError(errno, absl::StrCat("syncing '", directory, "'"));
  }
  return absl::OkStatus();
}

absl::Status MakeDirectory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return storage::DiskError(errno, absl::StrCat("making the directory '", directory, "'"));
  }
  const size_t last = directory.find_last_not_of('/');
  const size_t slash = directory.find_last_of('/', last);
  const std::string parent = slash == std::string::npos ? "." : directory.substr(0, slash + 1);
  if (absl::Status synced = SyncDirectory(parent); !synced.ok()) return synced;
  struct stat found = {};
  if (stat(directory.c_str(), &found) != 0) {
    return storage::DiskError(errno, absl::StrCat("looking at '", directory, "'"));
  }
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::PermissionDeniedError(absl::StrCat(
        "'", directory, "' holds secrets and others than its owner may use it; run: chmod 700 ",
        directory));
  }
  return absl::OkStatus();
}

// As well as a file can be: what the disk or the file system keep of old blocks is theirs.
absl::Status Overwrite(const std::string& path) {
  const storage::FileDescriptor file(open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid()) return storage::DiskError(errno, absl::StrCat("overwriting '", path, "'"));
  const std::string zeros(kFileBytes, '\0');
  if (pwrite(file.get(), zeros.data(), zeros.size(), 0) != ssize_t{kFileBytes} ||
      fsync(file.get()) != 0) {
    return storage::DiskError(errno, absl::StrCat("overwriting '", path, "'"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<EpochKeys>> EpochKeys::Open(const std::string& directory) {
  if (absl::Status made = MakeDirectory(directory); !made.ok()) return made;
  auto lock = storage::DirectoryLock::Acquire(directory);
  if (!lock.ok()) return lock.status();
  auto keys = absl::WrapUnique(new EpochKeys(directory, *std::move(lock)));
  for (size_t i = 0; i < kBuckets; ++i) {
    const auto bucket = static_cast<Bucket>(i);
    absl::StatusOr<std::optional<EpochKey>> next = keys->Read(bucket, true);
    if (!next.ok()) return next.status();
    absl::StatusOr<std::optional<EpochKey>> current = keys->Read(bucket, false);
    // A crash may have overwritten the current key and not yet put the next in its place.
    if (!current.ok() && !next->has_value()) return current.status();
    if (current.ok()) keys->keys_[i].current = *std::move(current);
    keys->keys_[i].next = *std::move(next);
  }
  return keys;
}

std::string EpochKeys::PathOf(Bucket bucket, bool next) const {
  return absl::StrFormat("%s/%02x.%s", directory_, static_cast<unsigned>(bucket),
                         next ? "next" : "key");
}

absl::StatusOr<std::optional<EpochKey>> EpochKeys::Read(Bucket bucket, bool next) const {
  const std::string path = PathOf(bucket, next);
  absl::StatusOr<SecretBytes> contents = ReadPrivateFile(path, kFileBytes);
  if (absl::IsNotFound(contents.status())) return std::nullopt;
  if (!contents.ok()) return contents.status();
  const absl::string_view bytes = contents->ExposeText();
  if (bytes.size() != kFileBytes || bytes.substr(0, kMagic.size()) != kMagic ||
      static_cast<Bucket>(bytes[kMagic.size()]) != bucket ||
      CheckOf(bytes.substr(0, kFileBytes - kCheckBytes)) !=
          bytes.substr(kFileBytes - kCheckBytes)) {
    return absl::DataLossError(
        absl::StrCat("'", path,
                     "' is not the key that it should be; put the file back from a copy of this "
                     "directory, and only of the newest: an older one brings erased papers back"));
  }
  absl::StatusOr<SecretBytes> key =
      SecretBytes::CopyOf(contents->Expose().subspan(kHeadBytes, kKeyBytes));
  if (!key.ok()) return key.status();
  return EpochKey{LoadBigEndian<uint32_t>(bytes.substr(kMagic.size() + 1)), *std::move(key)};
}

absl::StatusOr<EpochKey> EpochKeys::Make(Bucket bucket, uint32_t epoch, bool next) const {
  absl::StatusOr<SecretBytes> key = SecretBytes::Random(kKeyBytes);
  if (!key.ok()) return key.status();
  absl::StatusOr<SecretBytes> contents = SecretBytes::Allocate(kFileBytes);
  if (!contents.ok()) return contents.status();
  const std::string head = HeadOf(bucket, epoch);
  uint8_t* const out = contents->ExposeMutable().data();
  std::copy(head.begin(), head.end(), out);
  std::copy(key->Expose().begin(), key->Expose().end(), out + kHeadBytes);
  const std::string check = CheckOf(contents->ExposeText().substr(0, kFileBytes - kCheckBytes));
  std::copy(check.begin(), check.end(), out + kFileBytes - kCheckBytes);
  absl::Status written = CreatePrivateFile(PathOf(bucket, next), *contents);
  if (!written.ok()) return written;
  return EpochKey{epoch, *std::move(key)};
}

std::string CheckValueOf(const EpochKey& key) {
  Sha256 hash;
  hash.Update("touchstone/vault/epoch-check/v1\n");
  hash.Update(key.key.ExposeText());
  const Digest digest = hash.Final();
  return std::string(DigestBytes(digest).substr(0, kCheckValueBytes));
}

bool EpochKeys::empty() const {
  return std::none_of(keys_.begin(), keys_.end(),
                      [](const Keys& keys) { return keys.current || keys.next; });
}

const EpochKey* EpochKeys::Current(Bucket bucket) const {
  return keys_[bucket].current ? &*keys_[bucket].current : nullptr;
}

const EpochKey* EpochKeys::Next(Bucket bucket) const {
  return keys_[bucket].next ? &*keys_[bucket].next : nullptr;
}

absl::StatusOr<const EpochKey*> EpochKeys::CurrentOrNew(Bucket bucket) {
  Keys& keys = keys_[bucket];
  if (!keys.current) {
    absl::StatusOr<EpochKey> made = Make(bucket, 1, false);
    if (!made.ok()) return made.status();
    keys.current = *std::move(made);
  }
  return &*keys.current;
}

absl::StatusOr<const EpochKey*> EpochKeys::PrepareNext(Bucket bucket) {
  Keys& keys = keys_[bucket];
  if (!keys.current) return absl::FailedPreconditionError("there is no key to follow on");
  if (absl::Status ended = EndInstall(bucket); !ended.ok()) return ended;
  if (!keys.next) {
    absl::StatusOr<EpochKey> made = Make(bucket, keys.current->epoch + 1, true);
    if (!made.ok()) return made.status();
    keys.next = *std::move(made);
  }
  return &*keys.next;
}

absl::Status EpochKeys::InstallNext(Bucket bucket) {
  Keys& keys = keys_[bucket];
  if (!keys.next) return absl::FailedPreconditionError("there is no next key");
  keys.current = std::move(keys.next);
  keys.next.reset();
  keys.to_be_renamed = true;
  return EndInstall(bucket);
}

absl::Status EpochKeys::EndInstall(Bucket bucket) {
  Keys& keys = keys_[bucket];
  if (keys.to_be_renamed) {
    const std::string path = PathOf(bucket, false);
    const absl::Status status = Overwrite(path);
    if (!status.ok() && !absl::IsNotFound(status)) return status;
    if (rename(PathOf(bucket, true).c_str(), path.c_str()) != 0) {
      return storage::DiskError(errno, absl::StrCat("replacing '", path, "'"));
    }
    // From here on `path` is the key that counts: it is never overwritten again.
    keys.to_be_renamed = false;
    keys.to_be_synced = true;
  }
  if (!keys.to_be_synced) return absl::OkStatus();
  const absl::Status synced = SyncDirectory(directory_);
  if (synced.ok()) keys.to_be_synced = false;
  return synced;
}

absl::Status EpochKeys::DropNext(Bucket bucket) {
  if (!keys_[bucket].next) return absl::OkStatus();
  const std::string path = PathOf(bucket, true);
  if (unlink(path.c_str()) != 0) {
    return storage::DiskError(errno, absl::StrCat("removing '", path, "'"));
  }
  keys_[bucket].next.reset();
  return SyncDirectory(directory_);
}

}  // namespace touchstone::vault
