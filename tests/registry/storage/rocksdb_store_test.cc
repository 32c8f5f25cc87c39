#include "registry/storage/rocksdb_store.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/storage/file_bytes.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Opened = absl::StatusOr<std::unique_ptr<RocksDbStore>>;

class RocksDbStoreTest : public ::testing::Test {
 protected:
  static Opened OpenAt(const std::string& directory, OpenMode mode) {
    RocksDbOptions options;
    options.directory = directory;
    options.mode = mode;
    options.write_buffer_bytes = size_t{1} << 20;
    return RocksDbStore::Open(options);
  }
  Opened Create() const { return OpenAt(directory_, OpenMode::kCreateNew); }
  Opened OpenAgain() const { return OpenAt(directory_, OpenMode::kOpenExisting); }

  // A batch of three keys that belong together.
  static WriteBatch Triple(int number) {
    WriteBatch batch;
    for (const char* part : {"a", "b", "c"}) {
      batch.Put(absl::StrCat(part, number), absl::StrCat("value ", number, part));
    }
    return batch;
  }

  // How many of the triples 1, 2, ... are there; fails on half a triple or a gap.
  static int CountTriples(const Store& store) {
    int count = 0;
    std::vector<std::string> keys;
    absl::StatusOr<ScanEnd> end =
        store.Scan(KeyRange::Prefix(""), 1000, [&](absl::string_view key, absl::string_view) {
          keys.emplace_back(key);
          return absl::OkStatus();
        });
    EXPECT_TRUE(end.ok()) << end.status();
    while (store.Get(absl::StrCat("a", count + 1)).ok()) {
      ++count;
      EXPECT_EQ(store.Get(absl::StrCat("c", count)).value_or("-"),
                absl::StrCat("value ", count, "c"));
    }
    EXPECT_EQ(keys.size(), static_cast<size_t>(3 * count));
    return count;
  }

  // The only file in the directory with this ending.
  std::string OnlyFile(absl::string_view ending) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      if (entry.path().extension() == std::string(ending) && entry.file_size() > 0) {
        found.push_back(entry.path().string());
      }
    }
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? std::string() : found.front();
  }

  // A store with three triples in its log and none in tables, not closed in order.
  void MakeLogOfThree() const {
    Opened store = Create();
    ASSERT_TRUE(store.ok()) << store.status();
    for (int number = 1; number <= 3; ++number) {
      ASSERT_TRUE((*store)->Commit(Triple(number)).ok());
    }
  }

  ScratchDirectory scratch_;
  const std::string directory_ = scratch_.File("store");
};

TEST_F(RocksDbStoreTest, FindsEverythingAgain) {
  // Closed in order and not, by turns.
  ASSERT_TRUE(Create().ok());
  for (int number = 1; number <= 6; ++number) {
    Opened store = OpenAgain();
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(CountTriples(**store), number - 1);
    ASSERT_TRUE((*store)->Commit(Triple(number)).ok());
    if (number % 2 == 0) {
      ASSERT_TRUE((*store)->Close().ok());
    }
  }
  EXPECT_EQ(CountTriples(**OpenAgain()), 6);
}

TEST_F(RocksDbStoreTest, FindsAgainWhatIsSpreadOverManyTables) {
  const std::string value(4000, 'v');
  {
    Opened store = Create();
    ASSERT_TRUE(store.ok()) << store.status();
    for (int i = 0; i < 20; ++i) {  // 8 MB: eight write buffers
      WriteBatch batch;
      for (int j = 0; j < 100; ++j) batch.Put(absl::StrCat(j, "/", i), value);
      ASSERT_TRUE((*store)->Commit(batch).ok());
    }
  }
  Opened store = OpenAgain();
  ASSERT_TRUE(store.ok()) << store.status();
  for (int j = 0; j < 100; ++j) {
    ASSERT_EQ(*(*store)->Get(absl::StrCat(j, "/", j % 20)), value);
  }
}

TEST_F(RocksDbStoreTest, IsCreatedOnlyWhenAskedAndNeverTwice) {
  EXPECT_EQ(OpenAgain().status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(directory_));
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(Create().status().code(), absl::StatusCode::kAlreadyExists);
  // A directory that holds something else is left alone.
  EXPECT_EQ(OpenAt(scratch_.path(), OpenMode::kCreateNew).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(OpenAt(scratch_.path(), OpenMode::kOpenExisting).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenAt(scratch_.File("no/such"), OpenMode::kCreateNew).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(RocksDbStoreTest, TakesAnEmptyDirectoryAndKeepsANewOnePrivate) {
  std::filesystem::create_directory(scratch_.File("empty"));
  EXPECT_TRUE(OpenAt(scratch_.File("empty"), OpenMode::kCreateNew).ok());
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(std::filesystem::status(directory_).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(RocksDbStoreTest, RefusesSenselessOptions) {
  RocksDbOptions options;
  EXPECT_EQ(RocksDbStore::Open(options).status().code(), absl::StatusCode::kInvalidArgument);
  options.directory = directory_;
  options.write_buffer_bytes = 1;
  EXPECT_EQ(RocksDbStore::Open(options).status().code(), absl::StatusCode::kInvalidArgument);
  options.write_buffer_bytes = size_t{1} << 20;
  options.block_cache_bytes = 1;
  EXPECT_EQ(RocksDbStore::Open(options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(RocksDbStoreTest, IsOpenedOnceAtATime) {
  Opened store = Create();
  ASSERT_TRUE(store.ok()) << store.status();
  Opened second = OpenAgain();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.status().message(), HasSubstr("open in another process"));
}

TEST_F(RocksDbStoreTest, RefusesAFormatItDoesNotKnow) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, directory_, &raw).ok());
  std::unique_ptr<rocksdb::DB> foreign(raw);
  foreign.reset();
  Opened store = OpenAgain();  // half made, or another program's
  EXPECT_EQ(store.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(store.status().message(), HasSubstr("has the format 'default';"));

  ASSERT_TRUE(rocksdb::DB::Open(options, directory_, &raw).ok());
  foreign.reset(raw);
  rocksdb::ColumnFamilyHandle* family = nullptr;
  ASSERT_TRUE(foreign->CreateColumnFamily({}, "touchstone-store-v2", &family).ok());
  ASSERT_TRUE(foreign->DestroyColumnFamilyHandle(family).ok());
  foreign.reset();
  EXPECT_THAT(OpenAgain().status().message(), HasSubstr("'default', 'touchstone-store-v2'"));
}

// A commit that was cut short by a crash, at every byte of its record in the log: it is not there,
// and everything before it is.
TEST_F(RocksDbStoreTest, CommitCutShortAtAnyByteIsNotThere) {
  MakeLogOfThree();
  const std::string log = OnlyFile(".log");
  const std::string whole = ReadFileBytes(log);
  const size_t third = whole.find("value 3a");
  const size_t second_end = whole.find("value 2c") + std::string("value 2c").size();
  ASSERT_LT(second_end, third);
  ASSERT_NE(third, std::string::npos);
  const ScratchDirectory copies;
  for (size_t length = second_end; length < whole.size(); ++length) {
    const std::string copy = copies.File("store");
    std::filesystem::remove_all(copy);
    std::filesystem::copy(directory_, copy);
    std::filesystem::resize_file(
        std::filesystem::path(copy) / std::filesystem::path(log).filename(), length);
    Opened store = OpenAt(copy, OpenMode::kOpenExisting);
    ASSERT_TRUE(store.ok()) << "cut to " << length << ": " << store.status();
    ASSERT_EQ(CountTriples(**store), 2) << "cut to " << length;
    ASSERT_TRUE((*store)->Commit(Triple(3)).ok());
  }
}

// The log is made of blocks of 32 KiB, and a larger commit of several records in it.
TEST_F(RocksDbStoreTest, LargeCommitCutShortIsNotThere) {
  constexpr size_t kBlock = 32768;
  {
    Opened store = Create();
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Commit(Triple(1)).ok());
    WriteBatch large;
    for (int i = 0; i < 100; ++i) large.Put(absl::StrCat("large", i), std::string(1024, 'x'));
    ASSERT_TRUE((*store)->Commit(large).ok());
  }
  const std::string log = OnlyFile(".log");
  const size_t whole = std::filesystem::file_size(log);
  ASSERT_GT(whole, 3 * kBlock);
  std::vector<size_t> lengths = {kBlock / 2, 3 * kBlock / 2, whole - 1};
  for (size_t block = 1; block <= 3; ++block) {
    for (size_t length = block * kBlock - 8; length <= block * kBlock + 8; ++length) {
      lengths.push_back(length);
    }
  }
  const ScratchDirectory copies;
  for (const size_t length : lengths) {
    const std::string copy = copies.File("store");
    std::filesystem::remove_all(copy);
    std::filesystem::copy(directory_, copy);
    std::filesystem::resize_file(
        std::filesystem::path(copy) / std::filesystem::path(log).filename(), length);
    Opened store = OpenAt(copy, OpenMode::kOpenExisting);
    ASSERT_TRUE(store.ok()) << "cut to " << length << ": " << store.status();
    ASSERT_EQ(CountTriples(**store), 1) << "cut to " << length;
  }
}

// A committed batch that was damaged later must not vanish silently, be it the last one.
TEST_F(RocksDbStoreTest, DamageInTheLogIsDataLoss) {
  MakeLogOfThree();
  const std::string log = OnlyFile(".log");
  const std::string whole = ReadFileBytes(log);
  for (const char* damaged : {"value 1b", "value 2b", "value 3b", "value 3c"}) {
    std::string bytes = whole;
    bytes[whole.find(damaged)] ^= 1;
    WriteFileBytes(log, bytes);
    Opened store = OpenAgain();
    EXPECT_EQ(store.status().code(), absl::StatusCode::kDataLoss) << damaged << store.status();
    EXPECT_THAT(store.status().message(), AllOf(HasSubstr("damaged"), HasSubstr(directory_)));
  }
  WriteFileBytes(log, whole);
  EXPECT_EQ(CountTriples(**OpenAgain()), 3);
}

TEST_F(RocksDbStoreTest, DamageInATableIsDataLossAndNotAbsence) {
  {
    Opened store = Create();
    ASSERT_TRUE(store.ok()) << store.status();
    for (int number = 1; number <= 3; ++number) {
      ASSERT_TRUE((*store)->Commit(Triple(number)).ok());
    }
    ASSERT_TRUE((*store)->Close().ok());
  }
  const std::string table = OnlyFile(".sst");
  std::string bytes = ReadFileBytes(table);
  bytes[20] ^= 1;  // in the first block, which holds all nine keys
  WriteFileBytes(table, bytes);
  Opened store = OpenAgain();
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->Get("a1").status().code(), absl::StatusCode::kDataLoss);
  const std::vector<absl::string_view> keys = {"b2"};
  EXPECT_EQ((*store)->MultiGet(keys)[0].status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ((*store)
                ->Scan(KeyRange::Prefix(""), 100,
                       [](absl::string_view, absl::string_view) { return absl::OkStatus(); })
                .status()
                .code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(RocksDbStoreTest, MissingTableIsRefused) {
  {
    Opened store = Create();
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Commit(Triple(1)).ok());
    ASSERT_TRUE((*store)->Close().ok());
  }
  std::filesystem::remove(OnlyFile(".sst"));
  EXPECT_FALSE(OpenAgain().ok());
}

// Closing leaves nothing to replay; being dropped leaves the log as it is.
TEST_F(RocksDbStoreTest, CloseMovesTheLogIntoTables) {
  Opened store = Create();
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE((*store)->Commit(Triple(1)).ok());
  EXPECT_THAT(ReadFileBytes(OnlyFile(".log")), HasSubstr("value 1a"));
  ASSERT_TRUE((*store)->Close().ok());
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    if (entry.path().extension() == ".log") {
      EXPECT_EQ(entry.file_size(), 0u);
    }
  }
  EXPECT_EQ(CountTriples(**OpenAgain()), 1);
}

}  // namespace
}  // namespace touchstone::storage
