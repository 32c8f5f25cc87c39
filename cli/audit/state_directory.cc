#include "cli/audit/state_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/public_file.h"
#include "verifier/big_endian.h"
#include "verifier/entry.h"
#include "verifier/limits.h"
#include "verifier/sha256.h"

namespace touchstone::cli {
namespace {

constexpr char kWayOut[] =
    "; put back a copy of the directory, or audit from the beginning with another one";

absl::Status FileError(absl::string_view doing, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", doing, " ", path));
}

absl::Status MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0777) == 0 || errno == EEXIST) return absl::OkStatus();
  return FileError("make the directory", path);
}

absl::Status Damaged(const std::string& path, const absl::Status& why) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", why.message(), kWayOut));
}

// All of `bytes` from the file's place on. False at its end.
absl::StatusOr<bool> ReadAll(int fd, char* bytes, size_t count, const std::string& path) {
  while (count > 0) {
    const ssize_t got = read(fd, bytes, count);
    if (got == 0) return false;
    if (got < 0) {
      if (errno == EINTR) continue;
      return FileError("read", path);
    }
    bytes += got;
    count -= static_cast<size_t>(got);
  }
  return true;
}

// Adds `bytes` behind what is in the file.
absl::Status Append(int fd, absl::string_view bytes, const std::string& path) {
  if (lseek(fd, 0, SEEK_END) < 0) return FileError("write", path);
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return FileError("write", path);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// KeptChains::digest after one more entry.
Digest Link(const Digest& before, absl::string_view frame) {
  const Digest entry = EntryDigest(frame);
  return Sha256Of(absl::StrCat(DigestBytes(before), DigestBytes(entry)));
}

}  // namespace

std::string StateDirectory::StatePath() const { return absl::StrCat(path_, "/state"); }
std::string StateDirectory::NewestPath() const { return absl::StrCat(path_, "/newest"); }

std::string StateDirectory::CheckpointPath(const LogState& log) const {
  return absl::StrCat(path_, "/checkpoints/", log.size, "-", DigestToHex(log.root));
}

absl::StatusOr<std::unique_ptr<StateDirectory>> StateDirectory::Open(const std::string& path,
                                                                     absl::string_view origin,
                                                                     const Digest& genesis) {
  absl::Status status = MakeDirectory(path);
  if (status.ok()) status = MakeDirectory(absl::StrCat(path, "/checkpoints"));
  if (!status.ok()) return status;
  std::unique_ptr<StateDirectory> directory(new StateDirectory(path, origin, genesis));
  directory->leaves_.path = absl::StrCat(path, "/leaves");
  directory->chains_.path = absl::StrCat(path, "/chains");
  status = OpenGrowing(&directory->leaves_);
  if (status.ok()) status = OpenGrowing(&directory->chains_);
  if (!status.ok()) return status;
  if (flock(directory->leaves_.fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FileError("lock", directory->leaves_.path);
    return absl::FailedPreconditionError(
        absl::StrCat("another audit is using ", path, "; wait for its end"));
  }
  status = directory->ReadState();
  if (status.ok()) status = directory->ReadNewest();
  const uint64_t leaves = directory->state_.has_value() ? directory->state_->checked.leaves : 0;
  if (status.ok()) status = Cut(directory->leaves_, leaves * kIndexLeafBytes);
  if (status.ok()) status = Cut(directory->chains_, directory->kept_chains_.bytes);
  if (!status.ok()) return status;
  return directory;
}

StateDirectory::~StateDirectory() {
  for (const Growing* file : {&leaves_, &chains_}) {
    if (file->fd >= 0) close(file->fd);
  }
}

absl::Status StateDirectory::OpenGrowing(Growing* file) {
  file->fd = open(file->path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  return file->fd >= 0 ? absl::OkStatus() : FileError("open", file->path);
}

absl::Status StateDirectory::Cut(const Growing& file, uint64_t wanted) {
  struct stat there = {};
  if (fstat(file.fd, &there) != 0) return FileError("read", file.path);
  if (static_cast<uint64_t>(there.st_size) < wanted) {
    return absl::InvalidArgumentError(absl::StrCat(
        file.path, " has ", there.st_size, " bytes; the state counts on ", wanted, kWayOut));
  }
  if (ftruncate(file.fd, static_cast<off_t>(wanted)) != 0) {
    return FileError("cut off the end of", file.path);
  }
  return absl::OkStatus();
}

absl::Status StateDirectory::CheckIsOf(const std::string& path, absl::string_view origin,
                                       const Digest& genesis) const {
  if (origin == origin_ && genesis == genesis_) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, " is of the log ", origin, " with the genesis ", DigestToHex(genesis),
                   ", but the trust policy names ", origin_, " with ", DigestToHex(genesis_),
                   "; each log needs a directory of its own"));
}

absl::Status StateDirectory::ReadState() {
  const absl::StatusOr<std::string> text = ReadPublicFile(StatePath(), kAuditStateBytesMax);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  absl::StatusOr<AuditState> state = ParseAuditState(*text);
  if (!state.ok()) return Damaged(StatePath(), state.status());
  const absl::Status is_of = CheckIsOf(StatePath(), state->origin, state->genesis);
  if (!is_of.ok()) return is_of;
  kept_chains_ = state->chains;
  state_ = *std::move(state);
  return absl::OkStatus();
}

absl::Status StateDirectory::ReadNewest() {
  const absl::StatusOr<std::string> text = ReadPublicFile(NewestPath(), kAuditStateBytesMax);
  if (!text.ok()) {
    // It was written before the state was.
    if (absl::IsNotFound(text.status()) && !state_.has_value()) return absl::OkStatus();
    return text.status();
  }
  const absl::StatusOr<NewestSeen> seen = ParseNewestSeen(*text);
  if (!seen.ok()) return Damaged(NewestPath(), seen.status());
  const absl::Status is_of = CheckIsOf(NewestPath(), seen->origin, seen->genesis);
  if (!is_of.ok()) return is_of;
  const bool fits_state =
      !state_.has_value() || seen->log.size > state_->tree.size() ||
      (seen->log.size == state_->tree.size() && seen->log.root == state_->tree.Root());
  if (!fits_state) {
    return Damaged(NewestPath(), absl::InvalidArgumentError(
                                     "older than the state beside it, or of another history"));
  }
  newest_ = seen->log;
  return absl::OkStatus();
}

absl::Status StateDirectory::SetNewest(const LogState& newest) {
  const absl::Status status = WritePublicFile(
      NewestPath(), FormatNewestSeen({origin_, genesis_, newest}), /*replace=*/true);
  if (status.ok()) newest_ = newest;
  return status;
}

absl::Status StateDirectory::KeepCheckpoint(const TrustPolicy& policy,
                                            const VerifiedCheckpoint& verified,
                                            absl::string_view note) {
  const std::string path = CheckpointPath({verified.checkpoint.size(), verified.checkpoint.root()});
  const absl::StatusOr<std::string> kept = ReadPublicFile(path, limits::kNoteBytesMax);
  if (kept.ok()) {
    const absl::StatusOr<VerifiedCheckpoint> before =
        VerifyProvisionalCheckpointNote(policy, *kept);
    const bool is_better = before.ok() && before->checkpoint.size() == verified.checkpoint.size() &&
                           before->checkpoint.root() == verified.checkpoint.root() &&
                           before->cosignatures.size() > verified.cosignatures.size();
    if (is_better) return absl::OkStatus();
  }
  return WritePublicFile(path, note, /*replace=*/true);
}

absl::Status StateDirectory::LoadLeaves(IndexReplica& index) {
  if (lseek(leaves_.fd, 0, SEEK_SET) != 0) return FileError("read", leaves_.path);
  constexpr uint64_t kLeavesAtOnce = 4096;
  std::string block;
  for (uint64_t rest = state_->checked.leaves; rest > 0;) {
    const size_t count = static_cast<size_t>(std::min(rest, kLeavesAtOnce));
    block.resize(count * kIndexLeafBytes);
    const absl::StatusOr<bool> whole =
        ReadAll(leaves_.fd, block.data(), block.size(), leaves_.path);
    if (!whole.ok()) return whole.status();
    if (!*whole) return absl::DataLossError(absl::StrCat(leaves_.path, " was cut off just now"));
    for (size_t at = 0; at < block.size(); at += kIndexLeafBytes) {
      Digest key;
      Digest value;
      std::copy_n(block.data() + at, kDigestBytes, key.begin());
      std::copy_n(block.data() + at + kDigestBytes, kDigestBytes, value.begin());
      const absl::Status status = index.Insert(key, value);
      if (absl::IsResourceExhausted(status)) return status;
      if (!status.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(leaves_.path, ": damaged, it holds the key ",
                                                       DigestToHex(key), " twice", kWayOut));
      }
    }
    rest -= count;
  }
  const Digest root = index.Root();
  if (root == state_->checked.index_root) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(leaves_.path, ": damaged, its leaves make the index root ", DigestToHex(root),
                   "; the state has ", DigestToHex(state_->checked.index_root), kWayOut));
}

absl::StatusOr<std::string> StateDirectory::ReadChainFrame(uint64_t* rest) const {
  std::string frame(sizeof(uint16_t), '\0');
  for (const bool is_length : {true, false}) {
    if (!is_length) frame.resize(LoadBigEndian<uint16_t>(frame));
    const absl::StatusOr<bool> whole =
        frame.size() > *rest ? absl::StatusOr<bool>(false)
                             : ReadAll(chains_.fd, frame.data(), frame.size(), chains_.path);
    if (!whole.ok()) return whole.status();
    if (!*whole) {
      return Damaged(chains_.path, absl::InvalidArgumentError("it ends within an entry"));
    }
    *rest -= frame.size();
  }
  return frame;
}

absl::Status StateDirectory::LoadChains(PublicChains& chains) {
  if (lseek(chains_.fd, 0, SEEK_SET) != 0) return FileError("read", chains_.path);
  Digest digest = {};
  for (uint64_t rest = state_->chains.bytes; rest > 0;) {
    const absl::StatusOr<std::string> frame = ReadChainFrame(&rest);
    if (!frame.ok()) return frame.status();
    const absl::StatusOr<Entry> entry = DecodeEntry(*frame);
    if (!entry.ok()) return Damaged(chains_.path, entry.status());
    const absl::StatusOr<SignedStatement> said = ReadStatement(*entry, origin_);
    if (!said.ok()) return Damaged(chains_.path, said.status());
    const absl::Status next = chains.Next(*said, *entry, EntryDigest(*frame));
    if (!next.ok()) return Damaged(chains_.path, next);
    digest = Link(digest, *frame);
  }
  if (digest == state_->chains.digest) return absl::OkStatus();
  return Damaged(chains_.path,
                 absl::InvalidArgumentError("damaged, its entries are not those of the state"));
}

absl::Status StateDirectory::AppendCommit(absl::string_view leaves,
                                          absl::Span<const std::string> chain_frames) {
  absl::Status status = Append(leaves_.fd, leaves, leaves_.path);
  for (const std::string& frame : chain_frames) {
    std::string record;
    AppendBigEndian<uint16_t>(record, static_cast<uint16_t>(frame.size()));
    record += frame;
    if (status.ok()) status = Append(chains_.fd, record, chains_.path);
    kept_chains_.bytes += record.size();
    kept_chains_.digest = Link(kept_chains_.digest, frame);
  }
  return status;
}

absl::Status StateDirectory::Save(const MerkleFrontier& tree, const CheckedCommits& checked) {
  for (const Growing* file : {&leaves_, &chains_}) {
    if (fsync(file->fd) != 0) return FileError("write", file->path);
  }
  AuditState state = {origin_, genesis_, tree, checked, kept_chains_};
  const absl::Status status =
      WritePublicFile(StatePath(), FormatAuditState(state), /*replace=*/true);
  if (status.ok()) state_ = std::move(state);
  return status;
}

}  // namespace touchstone::cli
