// Disks that are really full or really read-only. Where the test may mount a small file system of
// its own (as root, or in a user namespace) it does; the cases that need none of that run anywhere.

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "registry/storage/directory_lock.h"
#include "registry/storage/guard_file.h"
#include "registry/storage/rocksdb_store.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// Whether main() could take this process into a mount namespace of its own.
bool may_mount = false;

bool EnterOwnMounts() {
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  if (user != 0) {
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  }
  return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

absl::StatusOr<std::unique_ptr<RocksDbStore>> OpenStore(const std::string& directory,
                                                        OpenMode mode) {
  RocksDbOptions options;
  options.directory = directory;
  options.mode = mode;
  options.write_buffer_bytes = size_t{1} << 20;
  return RocksDbStore::Open(options);
}

// 30,000 bytes that do not compress.
std::string Noise(int number) {
  std::mt19937 random(static_cast<unsigned>(number));
  std::string noise(30'000, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  return noise;
}

// The batch with this number: two keys that belong together.
WriteBatch Pair(int number) {
  WriteBatch batch;
  batch.Put(absl::StrCat("a", number), Noise(number));
  batch.Put(absl::StrCat("b", number), absl::StrCat("pair ", number));
  return batch;
}

void ExpectWholePairs(const Store& store, int count) {
  for (int number = 1; number <= count; ++number) {
    ASSERT_TRUE(store.Get(absl::StrCat("a", number)).value_or("-") == Noise(number)) << number;
    ASSERT_EQ(store.Get(absl::StrCat("b", number)).value_or("-"), absl::StrCat("pair ", number));
  }
}

// Commits pairs until that fails; how many were acknowledged.
int FillUp(Store& store, absl::Status* failure) {
  constexpr int kPairsMax = 1000;  // 30 MB, more than any disk of these tests
  for (int number = 1; number <= kPairsMax; ++number) {
    *failure = store.Commit(Pair(number));
    if (!failure->ok()) return number - 1;
  }
  ADD_FAILURE() << "the disk never became full";
  return kPairsMax;
}

// What must hold after the disk had no room for one more pair, and again once there is room.
void ExpectRefusalThenRecovery(const std::string& directory, absl::string_view words,
                               const std::function<void()>& make_room) {
  auto store = OpenStore(directory, OpenMode::kCreateNew);
  ASSERT_TRUE(store.ok()) << store.status();
  absl::Status failure;
  const int acknowledged = FillUp(**store, &failure);
  ASSERT_GT(acknowledged, 0);
  // Either in the commit itself, or when an earlier one's table was written.
  EXPECT_THAT(failure.code(),
              AnyOf(absl::StatusCode::kResourceExhausted, absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(failure.message(), HasSubstr(std::string(words)));
  const absl::Status refused = (*store)->Commit(Pair(acknowledged + 2));
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  ExpectWholePairs(**store, acknowledged);

  // A start with no more room either says so or finds everything; it may need none.
  store->reset();
  store = OpenStore(directory, OpenMode::kOpenExisting);
  if (store.ok()) {
    ExpectWholePairs(**store, acknowledged);
  } else {
    EXPECT_EQ(store.status().code(), absl::StatusCode::kResourceExhausted) << store.status();
    EXPECT_THAT(store.status().message(), HasSubstr(std::string(words)));
  }

  make_room();
  if (store.ok()) store->reset();
  store = OpenStore(directory, OpenMode::kOpenExisting);
  ASSERT_TRUE(store.ok()) << store.status();
  ExpectWholePairs(**store, acknowledged);
  const std::string unknown = absl::StrCat(acknowledged + 1);
  EXPECT_EQ((*store)->Get("a" + unknown).ok(), (*store)->Get("b" + unknown).ok());
  EXPECT_EQ((*store)->Get(absl::StrCat("b", acknowledged + 2)).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE((*store)->Commit(Pair(acknowledged + 1)).ok());
  ExpectWholePairs(**store, acknowledged + 1);
}

// A file system in memory of a given size.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
  }
  ~SmallDisk() { umount2(path_.c_str(), MNT_DETACH); }

  bool Mount(absl::string_view size) const {
    return mount("tmpfs", path_.c_str(), "tmpfs", 0, absl::StrCat("size=", size).c_str()) == 0;
  }
  bool Resize(absl::string_view size) const {
    return mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT,
                 absl::StrCat("size=", size).c_str()) == 0;
  }
  bool MakeReadOnly() const {
    return mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }
  std::string File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

  // Leaves not a byte free.
  void Fill() const {
    const std::string path = File("filler");
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    const std::string page(4096, 'f');
    while (write(fd, page.data(), page.size()) > 0) continue;
    close(fd);
  }

 private:
  const std::string path_;
};

// For as long as it lives, no file of this process may grow beyond `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

TEST(DiskFaultTest, LimitOnFileSizeStopsCommitsAndLosesNothing) {
  const ScratchDirectory scratch;
  auto limit = std::make_unique<FileSizeLimit>(700'000);
  ExpectRefusalThenRecovery(scratch.File("store"), "exceed the largest size allowed",
                            [&] { limit.reset(); });
}

TEST(DiskFaultTest, FullDiskStopsCommitsAndLosesNothing) {
  if (!may_mount) GTEST_SKIP() << "needs the right to mount a file system";
  const ScratchDirectory scratch;
  // By turns it is the log, a table or the engine's list of tables that finds no room.
  for (int kilobytes = 2600; kilobytes <= 5000; kilobytes += 1200) {
    SCOPED_TRACE(kilobytes);
    const SmallDisk disk(scratch.File("disk"));
    ASSERT_TRUE(disk.Mount(absl::StrCat(kilobytes, "k")));
    ExpectRefusalThenRecovery(disk.File("store"), "the disk that holds the ledger is full",
                              [&] { ASSERT_TRUE(disk.Resize("60m")); });
  }
}

TEST(DiskFaultTest, FullDiskIsNamedByWhateverIsMadeOnIt) {
  if (!may_mount) GTEST_SKIP() << "needs the right to mount a file system";
  const ScratchDirectory scratch;
  const SmallDisk disk(scratch.File("disk"));
  ASSERT_TRUE(disk.Mount("1m"));
  ASSERT_TRUE(GuardFile::Create(disk.File("old guard"), "note").ok());
  disk.Fill();
  const auto store = OpenStore(disk.File("store"), OpenMode::kCreateNew);
  EXPECT_EQ(store.status().code(), absl::StatusCode::kResourceExhausted) << store.status();
  EXPECT_THAT(store.status().message(), HasSubstr("is full"));
  const auto guard = GuardFile::Create(disk.File("guard"), "note");
  EXPECT_EQ(guard.status().code(), absl::StatusCode::kResourceExhausted) << guard.status();
  EXPECT_FALSE(std::filesystem::exists(disk.File("guard")));
  // A guard that is there needs no more room, and a lock needs none.
  const auto old_guard = GuardFile::Open(disk.File("old guard"));
  ASSERT_TRUE(old_guard.ok()) << old_guard.status();
  EXPECT_TRUE((*old_guard)->Write(std::string(kMaxGuardBytes, 'n')).ok());
}

TEST(DiskFaultTest, ReadOnlyFileSystemIsNamed) {
  if (!may_mount) GTEST_SKIP() << "needs the right to mount a file system";
  const ScratchDirectory scratch;
  const SmallDisk disk(scratch.File("disk"));
  ASSERT_TRUE(disk.Mount("20m"));
  ASSERT_TRUE(OpenStore(disk.File("store"), OpenMode::kCreateNew).ok());
  ASSERT_TRUE(GuardFile::Create(disk.File("guard"), "note").ok());
  ASSERT_TRUE(disk.MakeReadOnly());
  for (const absl::Status& status :
       {OpenStore(disk.File("store"), OpenMode::kOpenExisting).status(),
        OpenStore(disk.File("new"), OpenMode::kCreateNew).status(),
        GuardFile::Open(disk.File("guard")).status(),
        GuardFile::Create(disk.File("other"), "note").status(),
        DirectoryLock::Acquire(disk.File("")).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
    EXPECT_THAT(status.message(), HasSubstr("read-only"));
  }
}

}  // namespace
}  // namespace touchstone::storage

int main(int argc, char** argv) {
  // Before there is a second thread: the namespace would be the first one's only.
  touchstone::storage::may_mount = touchstone::storage::EnterOwnMounts();
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
