#include "tests/end_to_end/small_disk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace touchstone::end_to_end {
namespace {

constexpr char kBallast[] = "ballast";

bool WriteLine(const char* path, const std::string& line) {
  std::ofstream file(path);
  file << line;
  file.close();
  return !file.fail();
}

// A mount namespace of our own; for who is not root, in a user namespace where we are.
absl::Status LeaveTheCommonMounts() {
  const std::string user = absl::StrCat("0 ", geteuid(), " 1");
  const std::string group = absl::StrCat("0 ", getegid(), " 1");
  if (unshare(CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
      return absl::ErrnoToStatus(errno, "no mount namespace of our own");
    }
    if (!WriteLine("/proc/self/setgroups", "deny") || !WriteLine("/proc/self/uid_map", user) ||
        !WriteLine("/proc/self/gid_map", group)) {
      return absl::PermissionDeniedError("no user namespace of our own");
    }
  }
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return absl::ErrnoToStatus(errno, "mounts cannot be made private");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SmallDisk>> SmallDisk::Mount(const std::string& path, size_t bytes) {
  static const absl::Status left = LeaveTheCommonMounts();
  if (!left.ok()) return left;
  const std::string size = absl::StrCat("size=", bytes);
  if (mount("tmpfs", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, size.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, "a tmpfs cannot be mounted");
  }
  return std::unique_ptr<SmallDisk>(new SmallDisk(path));
}

SmallDisk::~SmallDisk() { umount2(path_.c_str(), MNT_DETACH); }

void SmallDisk::FillUpTo(size_t bytes_left) const {
  const int ballast = open(File(kBallast).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ASSERT_GE(ballast, 0);
  // Whoever else writes to the disk takes of the same room meanwhile: so page by page, until the
  // disk itself says that there is no more.
  const std::string page(4096, 'x');
  struct statvfs disk = {};
  while (statvfs(path_.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize > bytes_left &&
         write(ballast, page.data(), page.size()) > 0) {
  }
  close(ballast);
}

void SmallDisk::Free() const { std::filesystem::remove(File(kBallast)); }

absl::Status SmallDisk::MakeReadOnly() const {
  if (mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV,
            nullptr) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, "the disk cannot be made read-only");
}

absl::Status SmallDisk::MakeWritable() const {
  if (mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT | MS_NOSUID | MS_NODEV, nullptr) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, "the disk cannot be made writable");
}

}  // namespace touchstone::end_to_end
