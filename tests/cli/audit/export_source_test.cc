// The files of an export as a log source: what is read, and what is refused before it is believed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/audit/log_source.h"
#include "tests/cli/temporary_directory.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/big_endian.h"

namespace touchstone::cli {
namespace {

std::string Commit(uint64_t position, const std::string& leaves) {
  std::string record;
  AppendBigEndian<uint64_t>(record, position);
  AppendBigEndian<uint32_t>(record, static_cast<uint32_t>(leaves.size()));
  return record + leaves;
}

std::string Frame(const std::string& frame) {
  std::string record;
  AppendBigEndian<uint16_t>(record, static_cast<uint16_t>(frame.size()));
  return record + frame;
}

class ExportSourceTest : public testing::Test {
 protected:
  ExportSourceTest() {
    for (const char* kind : {"insertions", "public"}) {
      std::filesystem::create_directories(directory_.Path(absl::StrCat(kind, "/002.p")));
    }
  }
  TemporaryDirectory directory_;
  const std::unique_ptr<LogSource> source_ = OpenExport(directory_.Path("."));
};

TEST_F(ExportSourceTest, FilesWithoutRecordsArePassedOver) {
  directory_.Write("insertions/000", Commit(1, "a") + Commit(255, ""));
  directory_.Write("insertions/001", "");
  directory_.Write("insertions/002.p/3", Commit(514, "bc"));
  const InsertionsPage first = ValueOrDie(source_->InsertionsFrom(0, 515));
  ASSERT_EQ(first.commits.size(), 2u);
  EXPECT_EQ(first.commits[0].leaves, "a");
  EXPECT_EQ(first.commits[1].index_root_position, 255u);
  EXPECT_EQ(first.next_position, 256u);
  const InsertionsPage second = ValueOrDie(source_->InsertionsFrom(256, 515));
  ASSERT_EQ(second.commits.size(), 1u);
  EXPECT_EQ(second.commits[0].leaves, "bc");
  EXPECT_EQ(second.next_position, 515u);

  directory_.Write("public/000", Frame("x") + Frame("yz"));
  directory_.Write("public/001", "");
  directory_.Write("public/002.p/3", Frame("last"));
  EXPECT_THAT(source_->EntriesFrom(0, 515)->entries, testing::ElementsAre("x", "yz"));
  EXPECT_THAT(source_->EntriesFrom(256, 515)->entries, testing::ElementsAre("last"));
}

TEST_F(ExportSourceTest, RecordsThatAreCutOffAreRefused) {
  const std::string commits = Commit(1, "leaves") + Commit(3, "more");
  const std::string frames = Frame("frame") + Frame("another");
  for (size_t size = 1; size < commits.size(); ++size) {
    directory_.Write("insertions/000", commits.substr(0, size));
    if (size == Commit(1, "leaves").size()) continue;
    EXPECT_THAT(source_->InsertionsFrom(0, 256), IsRefused(RefusalCode::kMalformed)) << size;
  }
  for (size_t size = 1; size < frames.size(); ++size) {
    directory_.Write("public/000", frames.substr(0, size));
    if (size == Frame("frame").size()) continue;
    EXPECT_THAT(source_->EntriesFrom(0, 256), IsRefused(RefusalCode::kMalformed)) << size;
  }
  // A length that no file can have is not allocated.
  std::string endless;
  AppendBigEndian<uint64_t>(endless, 1);
  AppendBigEndian<uint32_t>(endless, UINT32_MAX);
  directory_.Write("insertions/000", endless);
  EXPECT_THAT(source_->InsertionsFrom(0, 256), IsRefused(RefusalCode::kMalformed));
}

TEST_F(ExportSourceTest, MissingFilesAreNamed) {
  const absl::Status status = source_->InsertionsFrom(0, 7).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("insertions/000.p/7"));
}

TEST_F(ExportSourceTest, ContentsAreThereOrNot) {
  EXPECT_FALSE(source_->HasFrames());
  std::filesystem::create_directory(directory_.Path("frames"));
  EXPECT_TRUE(source_->HasFrames());
}

}  // namespace
}  // namespace touchstone::cli
