// A directory that this process may not write to. Apart from disk_fault_test.cc, since there a
// namespace may give it more rights than it has.

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "registry/storage/directory_lock.h"
#include "registry/storage/guard_file.h"
#include "registry/storage/rocksdb_store.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::HasSubstr;

// For as long as it lives, this process is an ordinary user: root may write anywhere.
class OrdinaryUser {
 public:
  OrdinaryUser() : root_(geteuid() == 0) {
    if (root_ && seteuid(kNobody) != 0) std::abort();
  }
  ~OrdinaryUser() {
    if (root_ && seteuid(0) != 0) std::abort();
  }
  static constexpr uid_t kNobody = 65534;

 private:
  const bool root_;
};

absl::Status Open(const std::string& directory, OpenMode mode) {
  RocksDbOptions options;
  options.directory = directory;
  options.mode = mode;
  return RocksDbStore::Open(options).status();
}

TEST(PermissionTest, DirectoryWithoutWritePermissionIsNamed) {
  const ScratchDirectory scratch;
  const std::string directory = scratch.File("data");
  std::filesystem::create_directory(directory);
  const std::string store = directory + "/store";
  if (geteuid() == 0) {
    ASSERT_EQ(chmod(scratch.path().c_str(), 0755), 0);
    ASSERT_EQ(chown(directory.c_str(), OrdinaryUser::kNobody, static_cast<gid_t>(-1)), 0);
  }
  const OrdinaryUser user;
  ASSERT_TRUE(Open(store, OpenMode::kCreateNew).ok());
  ASSERT_EQ(chmod(store.c_str(), 0500), 0);
  ASSERT_EQ(chmod(directory.c_str(), 0500), 0);
  for (const absl::Status& status :
       {Open(store, OpenMode::kOpenExisting), Open(directory + "/new", OpenMode::kCreateNew),
        GuardFile::Create(directory + "/guard", "note").status(),
        DirectoryLock::Acquire(directory).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
    EXPECT_THAT(status.message(), HasSubstr("no permission"));
    EXPECT_THAT(status.message(), HasSubstr(directory));
  }
  chmod(directory.c_str(), 0700);
  chmod(store.c_str(), 0700);
}

}  // namespace
}  // namespace touchstone::storage
