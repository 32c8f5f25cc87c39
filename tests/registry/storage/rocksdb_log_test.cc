#include "registry/storage/rocksdb_log.h"

#include <rocksdb/env.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/storage/file_bytes.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(RocksDbLogTest, AddsLinesToWhatIsThere) {
  const ScratchDirectory scratch;
  for (int number = 1; number <= 2; ++number) {
    const auto log = RocksDbLog::Open(scratch.path());
    ASSERT_TRUE(log.ok()) << log.status();
    rocksdb::Log(rocksdb::InfoLogLevel::WARN_LEVEL, log->get(), "line <%d>", number);
  }
  const std::string text = ReadFileBytes(scratch.File("LOG"));
  EXPECT_THAT(text, HasSubstr("line <1>\n2"));  // the next line's year
  EXPECT_THAT(text, EndsWith("[WARN] line <2>\n"));
}

TEST(RocksDbLogTest, CutsLongLinesOff) {
  const ScratchDirectory scratch;
  const auto log = RocksDbLog::Open(scratch.path());
  ASSERT_TRUE(log.ok()) << log.status();
  rocksdb::Log(log->get(), "%s", std::string(100'000, 'x').c_str());
  EXPECT_LT(std::filesystem::file_size(scratch.File("LOG")), 5'000u);
  EXPECT_THAT(ReadFileBytes(scratch.File("LOG")), EndsWith("x\n"));
}

TEST(RocksDbLogTest, NeverTakesMoreThanTwoFilesAndKeepsTheNewestLines) {
  const ScratchDirectory scratch;
  const auto log = RocksDbLog::Open(scratch.path());
  ASSERT_TRUE(log.ok()) << log.status();
  const std::string filler(1000, 'x');
  for (int number = 1; number <= 10'000; ++number) {  // 10 MB
    rocksdb::Log(log->get(), "<%d> %s", number, filler.c_str());
  }
  EXPECT_LE(std::filesystem::file_size(scratch.File("LOG")), RocksDbLog::kFileBytesMax);
  EXPECT_LE(std::filesystem::file_size(scratch.File("LOG.old")), RocksDbLog::kFileBytesMax);
  EXPECT_EQ(std::filesystem::file_size(scratch.File("LOG")), (*log)->GetLogFileSize());
  EXPECT_THAT(ReadFileBytes(scratch.File("LOG")), HasSubstr("<10000> "));
  EXPECT_THAT(ReadFileBytes(scratch.File("LOG")), Not(HasSubstr("<5000> ")));
  EXPECT_THAT(ReadFileBytes(scratch.File("LOG.old")), HasSubstr("<5000> "));
}

TEST(RocksDbLogTest, SaysWhyItCannotBeOpened) {
  const ScratchDirectory scratch;
  const auto log = RocksDbLog::Open(scratch.File("missing"));
  EXPECT_EQ(log.status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace touchstone::storage
