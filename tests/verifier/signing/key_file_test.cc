#include "verifier/signing/key_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signing/private_file.h"

namespace touchstone {
namespace {

using storage::ScratchDirectory;
using ::testing::HasSubstr;

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

mode_t ModeOf(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

size_t FilesIn(const std::string& directory) {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

class KeyFileTest : public ::testing::Test {
 protected:
  const ScratchDirectory scratch_;
  const SecretKey key_ = ValueOrDie(SecretKey::Generate());
  const std::string path_ = scratch_.File("anna.key");
};

TEST_F(KeyFileTest, WritesAPrivateFileAndReadsItBack) {
  ASSERT_THAT(CreateKeyFile(path_, key_, "anna", KeyProtection::Plain()), IsOk());
  EXPECT_EQ(ModeOf(path_), 0600u);
  EXPECT_EQ(FilesIn(scratch_.path()), 1u);
  const KeyFile file = ValueOrDie(ReadKeyFile(path_));
  EXPECT_EQ(*file.public_key(), key_.public_key());
}

TEST_F(KeyFileTest, IsPrivateUnderEveryUmask) {
  for (const mode_t mask : {mode_t{0}, mode_t{0777}}) {
    const std::string path = scratch_.File(absl::StrCat("umask-", mask));
    const mode_t before = umask(mask);
    const absl::Status status = CreateKeyFile(path, key_, "anna", KeyProtection::Plain());
    umask(before);
    ASSERT_THAT(status, IsOk());
    EXPECT_EQ(ModeOf(path), 0600u);
  }
}

TEST_F(KeyFileTest, NeverOverwrites) {
  std::ofstream(path_) << "mine";
  const absl::Status status = CreateKeyFile(path_, key_, "anna", KeyProtection::Plain());
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  EXPECT_EQ(Contents(path_), "mine");
  EXPECT_EQ(FilesIn(scratch_.path()), 1u);
}

TEST_F(KeyFileTest, DoesNotWriteThroughASymbolicLink) {
  const std::string target = scratch_.File("target");
  std::filesystem::create_symlink(target, path_);
  EXPECT_EQ(CreateKeyFile(path_, key_, "anna", KeyProtection::Plain()).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(std::filesystem::exists(target));
}

TEST_F(KeyFileTest, MissingDirectoryIsNamed) {
  const std::string path = scratch_.File("nowhere/anna.key");
  const absl::Status status = CreateKeyFile(path, key_, "anna", KeyProtection::Plain());
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

TEST_F(KeyFileTest, FullDiskLeavesNothingBehind) {
  // A limit on the size of files fails a write as a full disk does.
  EXPECT_EXIT(
      {
        signal(SIGXFSZ, SIG_IGN);
        rlimit none;
        none.rlim_cur = 8;
        none.rlim_max = 8;
        setrlimit(RLIMIT_FSIZE, &none);
        const absl::Status status = CreateKeyFile(path_, key_, "anna", KeyProtection::Plain());
        std::exit(!status.ok() && FilesIn(scratch_.path()) == 0 ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST_F(KeyFileTest, RefusesWhatOthersMayRead) {
  ASSERT_THAT(CreateKeyFile(path_, key_, "anna", KeyProtection::Plain()), IsOk());
  for (const mode_t mode : {mode_t{0640}, mode_t{0604}, mode_t{0620}, mode_t{0601}}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    const absl::Status status = ReadKeyFile(path_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << mode;
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("chmod 600 ", path_)));
  }
  ASSERT_EQ(chmod(path_.c_str(), 0400), 0);
  EXPECT_THAT(ReadKeyFile(path_), IsOk());
}

TEST_F(KeyFileTest, RefusesWhatIsNoRegularFile) {
  EXPECT_EQ(ReadKeyFile(scratch_.path()).status().code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(ReadKeyFile(path_).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadKeyFile(scratch_.File("nothing")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(KeyFileTest, RefusesAnotherUsersFile) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_THAT(CreateKeyFile(path_, key_, "anna", KeyProtection::Plain()), IsOk());
  ASSERT_EQ(chown(path_.c_str(), 65534, static_cast<gid_t>(-1)), 0);
  EXPECT_EQ(ReadKeyFile(path_).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(KeyFileTest, RefusesWhatIsTooLong) {
  const SecretBytes contents = ValueOrDie(SecretBytes::Allocate(100));
  ASSERT_THAT(CreatePrivateFile(path_, contents), IsOk());
  EXPECT_THAT(ReadPrivateFile(path_, 100), IsOk());
  EXPECT_EQ(ReadPrivateFile(path_, 99).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(KeyFileTest, MessagesNameTheFile) {
  const SecretBytes contents = ValueOrDie(SecretBytes::Allocate(3));
  ASSERT_THAT(CreatePrivateFile(path_, contents), IsOk());
  EXPECT_THAT(std::string(ReadKeyFile(path_).status().message()), HasSubstr(path_));
}

}  // namespace
}  // namespace touchstone
