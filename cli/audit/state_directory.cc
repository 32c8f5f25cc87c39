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

}  // namespace

std::string StateDirectory::StatePath() const { return absl::StrCat(path_, "/state"); }
std::string StateDirectory::LeavesPath() const { return absl::StrCat(path_, "/leaves"); }

std::string StateDirectory::CheckpointPath(uint64_t size, const Digest& root) const {
  return absl::StrCat(path_, "/checkpoints/", size, "-", DigestToHex(root).substr(0, 16));
}

absl::StatusOr<std::unique_ptr<StateDirectory>> StateDirectory::Open(const std::string& path,
                                                                     absl::string_view origin,
                                                                     const Digest& genesis) {
  absl::Status status = MakeDirectory(path);
  if (status.ok()) status = MakeDirectory(absl::StrCat(path, "/checkpoints"));
  if (!status.ok()) return status;
  const std::string leaves = absl::StrCat(path, "/leaves");
  const int fd = open(leaves.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) return FileError("open", leaves);
  std::unique_ptr<StateDirectory> directory(new StateDirectory(path, fd));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FileError("lock", leaves);
    return absl::FailedPreconditionError(
        absl::StrCat("another audit is using ", path, "; wait for its end"));
  }
  status = directory->ReadState(origin, genesis);
  if (status.ok()) status = directory->CutLeaves();
  if (!status.ok()) return status;
  return directory;
}

StateDirectory::~StateDirectory() { close(leaves_fd_); }

absl::Status StateDirectory::ReadState(absl::string_view origin, const Digest& genesis) {
  const absl::StatusOr<std::string> text = ReadPublicFile(StatePath(), kAuditStateBytesMax);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  absl::StatusOr<AuditState> state = ParseAuditState(*text);
  if (!state.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(StatePath(), ": ", state.status().message(), kWayOut));
  }
  if (state->origin != origin || state->genesis != genesis) {
    return absl::FailedPreconditionError(
        absl::StrCat(StatePath(), " is of the log ", state->origin, " with the genesis ",
                     DigestToHex(state->genesis), ", but the trust policy names ", origin, " with ",
                     DigestToHex(genesis), "; each log needs a directory of its own"));
  }
  state_ = *std::move(state);
  return absl::OkStatus();
}

absl::Status StateDirectory::CutLeaves() {
  const uint64_t wanted = state_.has_value() ? state_->checked.leaves * kIndexLeafBytes : 0;
  struct stat file = {};
  if (fstat(leaves_fd_, &file) != 0) return FileError("read", LeavesPath());
  if (static_cast<uint64_t>(file.st_size) < wanted) {
    return absl::InvalidArgumentError(absl::StrCat(
        LeavesPath(), " has ", file.st_size, " bytes; the state counts on ", wanted, kWayOut));
  }
  if (ftruncate(leaves_fd_, static_cast<off_t>(wanted)) != 0) {
    return FileError("cut off the end of", LeavesPath());
  }
  return absl::OkStatus();
}

absl::Status StateDirectory::KeepCheckpoint(const Checkpoint& checkpoint, absl::string_view note) {
  return WritePublicFile(CheckpointPath(checkpoint.size(), checkpoint.root()), note,
                         /*replace=*/true);
}

absl::Status StateDirectory::LoadLeaves(IndexReplica& index) {
  if (lseek(leaves_fd_, 0, SEEK_SET) != 0) return FileError("read", LeavesPath());
  constexpr uint64_t kLeavesAtOnce = 4096;
  std::string block;
  for (uint64_t rest = state_->checked.leaves; rest > 0;) {
    const size_t count = static_cast<size_t>(std::min(rest, kLeavesAtOnce));
    block.resize(count * kIndexLeafBytes);
    const absl::StatusOr<bool> whole =
        ReadAll(leaves_fd_, block.data(), block.size(), LeavesPath());
    if (!whole.ok()) return whole.status();
    if (!*whole) return absl::DataLossError(absl::StrCat(LeavesPath(), " was cut off just now"));
    for (size_t at = 0; at < block.size(); at += kIndexLeafBytes) {
      Digest key;
      Digest value;
      std::copy_n(block.data() + at, kDigestBytes, key.begin());
      std::copy_n(block.data() + at + kDigestBytes, kDigestBytes, value.begin());
      const absl::Status status = index.Insert(key, value);
      if (absl::IsResourceExhausted(status)) return status;
      if (!status.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(LeavesPath(), ": damaged, it holds the key ",
                                                       DigestToHex(key), " twice", kWayOut));
      }
    }
    rest -= count;
  }
  const Digest root = index.Root();
  if (root == state_->checked.index_root) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(LeavesPath(), ": damaged, its leaves make the index root ", DigestToHex(root),
                   "; the state has ", DigestToHex(state_->checked.index_root), kWayOut));
}

absl::Status StateDirectory::AppendLeaves(absl::string_view leaves) {
  if (lseek(leaves_fd_, 0, SEEK_END) < 0) return FileError("write", LeavesPath());
  while (!leaves.empty()) {
    const ssize_t written = write(leaves_fd_, leaves.data(), leaves.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return FileError("write", LeavesPath());
    }
    leaves.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status StateDirectory::Save(AuditState state) {
  if (fsync(leaves_fd_) != 0) return FileError("write", LeavesPath());
  const absl::Status status =
      WritePublicFile(StatePath(), FormatAuditState(state), /*replace=*/true);
  if (status.ok()) state_ = std::move(state);
  return status;
}

}  // namespace touchstone::cli
