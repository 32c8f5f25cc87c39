#include "registry/storage/scratch_file.h"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::HasSubstr;

class ScratchFileTest : public ::testing::Test {
 protected:
  std::unique_ptr<ScratchFile> Create() {
    absl::StatusOr<std::unique_ptr<ScratchFile>> file = ScratchFile::Create(path_);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  static std::string Read(const ScratchFile& file, uint32_t page, size_t bytes) {
    std::string read(bytes, '?');
    const absl::Status status = file.Read(page, absl::MakeSpan(read.data(), read.size()));
    return status.ok() ? read : std::string(absl::StatusCodeToString(status.code()));
  }

  ScratchDirectory directory_;
  const std::string path_ = directory_.File("scratch");
};

TEST_F(ScratchFileTest, KeepsPagesApart) {
  const auto file = Create();
  const std::string whole(ScratchPages::kPageBytes, 'w');
  EXPECT_TRUE(file->Write(7, whole).ok());
  EXPECT_TRUE(file->Write(3, "three").ok());
  EXPECT_TRUE(file->Write(8, "eight").ok());
  EXPECT_EQ(Read(*file, 3, 5), "three");
  EXPECT_EQ(Read(*file, 7, whole.size()), whole);
  EXPECT_EQ(Read(*file, 8, 5), "eight");
  EXPECT_TRUE(file->Write(3, "other").ok());
  EXPECT_EQ(Read(*file, 3, 5), "other");
}

TEST_F(ScratchFileTest, PagesBehindTheFirstFourGibibytes) {
  const auto file = Create();
  constexpr uint32_t kPage = (uint32_t{5} << 20) + 1;  // 20 GiB, of a file with a hole
  EXPECT_TRUE(file->Write(kPage, "far").ok());
  EXPECT_EQ(Read(*file, kPage, 3), "far");
}

TEST_F(ScratchFileTest, IsEmptyWhenOpenedAgain) {
  EXPECT_TRUE(Create()->Write(0, "old").ok());
  EXPECT_EQ(Read(*Create(), 0, 3), "DATA_LOSS");
}

TEST_F(ScratchFileTest, SaysWhereItEnds) {
  const auto file = Create();
  EXPECT_TRUE(file->Write(0, "short").ok());
  EXPECT_EQ(Read(*file, 0, 6), "DATA_LOSS");
  std::filesystem::resize_file(path_, 2);
  EXPECT_EQ(Read(*file, 0, 5), "DATA_LOSS");
}

TEST_F(ScratchFileTest, AFullDiskIsSaidToBeFull) {
  const auto file = Create();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{ScratchPages::kPageBytes + 10, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_TRUE(file->Write(0, "first").ok());
  const absl::Status status = file->Write(1, std::string(100, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  EXPECT_EQ(Read(*file, 0, 5), "first");
}

TEST_F(ScratchFileTest, NamesThePathThatCannotBeMade) {
  const auto file = ScratchFile::Create(directory_.File("none/scratch"));
  EXPECT_EQ(file.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("none/scratch"));
}

}  // namespace
}  // namespace touchstone::storage
