// That what is promised to be durable was flushed before the promise, and what a failed flush does.

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "registry/storage/guard_file.h"
#include "registry/storage/rocksdb_store.h"
#include "tests/registry/storage/file_bytes.h"
#include "tests/registry/storage/flush_interception.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::unique_ptr<RocksDbStore> OpenStore(const std::string& directory, OpenMode mode) {
  RocksDbOptions options;
  options.directory = directory;
  options.mode = mode;
  options.write_buffer_bytes = size_t{1} << 20;
  absl::StatusOr<std::unique_ptr<RocksDbStore>> store = RocksDbStore::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

absl::Status Put(Store& store, absl::string_view key, absl::string_view value) {
  WriteBatch batch;
  batch.Put(key, value);
  return store.Commit(batch);
}

class FlushTest : public ::testing::Test {
 protected:
  ScratchDirectory scratch_;
  const std::string directory_ = scratch_.File("store");
  const std::string guard_ = scratch_.File("guard");
};

TEST_F(FlushTest, CommitIsInTheLogAndFlushedBeforeItIsAnswered) {
  const std::unique_ptr<RocksDbStore> store = OpenStore(directory_, OpenMode::kCreateNew);
  ASSERT_NE(store, nullptr);
  for (int number = 1; number <= 20; ++number) {
    const std::string value = absl::StrCat("value<", number, ">");
    bool flushed = false;
    const FlushInterception interception([&](const std::string& path) {
      if (absl::EndsWith(path, ".log") && absl::StrContains(ReadFileBytes(path), value)) {
        flushed = true;
      }
      return 0;
    });
    ASSERT_TRUE(Put(*store, "key", value).ok());
    EXPECT_TRUE(flushed) << value;
  }
}

TEST_F(FlushTest, FailedFlushOfACommitIsReportedAndStopsAllCommits) {
  for (const auto& [error_number, code, words] :
       {std::tuple(EIO, absl::StatusCode::kUnavailable, "the disk that holds the ledger failed"),
        std::tuple(ENOSPC, absl::StatusCode::kResourceExhausted,
                   "the disk that holds the ledger is full"),
        std::tuple(EROFS, absl::StatusCode::kPermissionDenied, "read-only")}) {
    const std::string directory = scratch_.File(absl::StrCat("store", error_number));
    std::unique_ptr<RocksDbStore> store = OpenStore(directory, OpenMode::kCreateNew);
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(Put(*store, "a", "1").ok());
    {
      const FlushInterception interception([error = error_number](const std::string& path) {
        return absl::EndsWith(path, ".log") ? error : 0;
      });
      const absl::Status failed = Put(*store, "b", "2");
      EXPECT_EQ(failed.code(), code) << failed;
      EXPECT_THAT(failed.message(), HasSubstr(words));
      EXPECT_THAT(failed.message(), HasSubstr(directory));
    }
    // The disk works again, and yet:
    for (int i = 0; i < 3; ++i) {
      const absl::Status refused = Put(*store, "c", "3");
      EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << refused;
      EXPECT_THAT(refused.message(), HasSubstr(words));
    }
    EXPECT_EQ(*store->Get("a"), "1");
    EXPECT_FALSE(store->Close().ok());

    store = OpenStore(directory, OpenMode::kOpenExisting);
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(*store->Get("a"), "1");
    EXPECT_THAT(store->Get("b").value_or("absent"), AnyOf("2", "absent"));
    EXPECT_EQ(store->Get("c").status().code(), absl::StatusCode::kNotFound);
    EXPECT_TRUE(Put(*store, "c", "3").ok());
  }
}

// Tables are written behind the commits; when one cannot be written, commits end as well.
TEST_F(FlushTest, FailedFlushOfATableStopsAllCommits) {
  std::unique_ptr<RocksDbStore> store = OpenStore(directory_, OpenMode::kCreateNew);
  ASSERT_NE(store, nullptr);
  const std::string value(100'000, 'v');
  constexpr int kCommitsMax = 1000;  // a hundred write buffers
  int acknowledged = 0;
  absl::Status status;
  {
    const FlushInterception interception(
        [](const std::string& path) { return absl::EndsWith(path, ".sst") ? EIO : 0; });
    while (acknowledged < kCommitsMax) {
      status = Put(*store, absl::StrCat("key", acknowledged + 1), value);
      if (!status.ok()) break;
      ++acknowledged;
    }
  }
  EXPECT_LT(acknowledged, kCommitsMax);
  EXPECT_THAT(status.message(), HasSubstr("the disk that holds the ledger failed"));
  EXPECT_EQ(Put(*store, "after", "1").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(store->Close().ok());

  store = OpenStore(directory_, OpenMode::kOpenExisting);
  ASSERT_NE(store, nullptr);
  for (int i = 1; i <= acknowledged; ++i) {
    ASSERT_EQ(store->Get(absl::StrCat("key", i)).value_or("-"), value) << i;
  }
  EXPECT_TRUE(Put(*store, "after", "1").ok());
}

TEST_F(FlushTest, GuardIsFlushedOnceAWriteAndBeforeItIsAnswered) {
  ASSERT_TRUE(GuardFile::Create(guard_, "first").ok());
  const auto guard = GuardFile::Open(guard_);
  ASSERT_TRUE(guard.ok()) << guard.status();
  for (int number = 1; number <= 4; ++number) {
    const std::string note = absl::StrCat("note<", number, ">");
    int flushes = 0;
    const FlushInterception interception([&](const std::string& path) {
      EXPECT_EQ(path, guard_);
      EXPECT_THAT(ReadFileBytes(path), HasSubstr(note));
      ++flushes;
      return 0;
    });
    ASSERT_TRUE((*guard)->Write(note).ok());
    EXPECT_EQ(flushes, 1);
  }
}

TEST_F(FlushTest, NewGuardIsWholeBeforeItHasItsNameAndItsNameIsFlushed) {
  std::vector<std::string> flushed;
  const FlushInterception interception([&](const std::string& path) {
    flushed.push_back(path);
    if (path != scratch_.path()) {
      EXPECT_FALSE(std::filesystem::exists(guard_));
      EXPECT_THAT(ReadFileBytes(path), HasSubstr("first"));
    } else {
      EXPECT_TRUE(std::filesystem::exists(guard_));
    }
    return 0;
  });
  ASSERT_TRUE(GuardFile::Create(guard_, "first").ok());
  EXPECT_THAT(flushed, ElementsAre(StartsWith(guard_), scratch_.path()));
}

TEST_F(FlushTest, FailedFlushOfTheGuardStopsAllWrites) {
  auto guard = GuardFile::Create(guard_, "first");
  ASSERT_TRUE(guard.ok()) << guard.status();
  ASSERT_TRUE((*guard)->Write("second").ok());
  {
    const FlushInterception interception([](const std::string&) { return EIO; });
    EXPECT_EQ((*guard)->Write("third").code(), absl::StatusCode::kUnavailable);
  }
  const absl::Status refused = (*guard)->Write("fourth");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.message(), HasSubstr("the disk that holds the ledger failed"));
  EXPECT_EQ((*guard)->contents(), "second");
  guard->reset();
  guard = GuardFile::Open(guard_);
  ASSERT_TRUE(guard.ok()) << guard.status();
  EXPECT_THAT((*guard)->contents(), AnyOf("second", "third"));
  EXPECT_TRUE((*guard)->Write("fourth").ok());
}

TEST_F(FlushTest, NewGuardThatCannotBeFlushedIsNotThere) {
  const FlushInterception interception(
      [&](const std::string& path) { return path == scratch_.path() ? 0 : ENOSPC; });
  EXPECT_EQ(GuardFile::Create(guard_, "first").status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
}

}  // namespace
}  // namespace touchstone::storage
