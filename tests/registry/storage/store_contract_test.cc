// What store.h promises of every store, apart from durability: one suite for all of them.

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "registry/storage/memory_store.h"
#include "registry/storage/rocksdb_store.h"
#include "registry/storage/store.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Pair;

using Contents = std::vector<std::pair<std::string, std::string>>;

constexpr uint64_t kAll = ~uint64_t{0};

std::unique_ptr<Store> NewMemoryStore(const std::string& /*directory*/) {
  return std::make_unique<MemoryStore>();
}

std::unique_ptr<Store> NewRocksDbStore(const std::string& directory) {
  RocksDbOptions options;
  options.directory = directory;
  options.mode = OpenMode::kCreateNew;
  options.write_buffer_bytes = size_t{1} << 20;
  absl::StatusOr<std::unique_ptr<RocksDbStore>> store = RocksDbStore::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

struct Engine {
  const char* name;
  std::unique_ptr<Store> (*create)(const std::string& directory);
};

class StoreContractTest : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    store_ = GetParam().create(scratch_.File("store"));
    ASSERT_NE(store_, nullptr);
  }

  void Put(absl::string_view key, absl::string_view value) {
    WriteBatch batch;
    batch.Put(key, value);
    ASSERT_TRUE(store_->Commit(batch).ok());
  }

  void Delete(absl::string_view key) {
    WriteBatch batch;
    batch.Delete(key);
    ASSERT_TRUE(store_->Commit(batch).ok());
  }

  // "-" where there is nothing.
  static std::string Get(const Reader& reader, absl::string_view key) {
    absl::StatusOr<std::string> value = reader.Get(key);
    if (value.ok()) return *value;
    EXPECT_EQ(value.status().code(), absl::StatusCode::kNotFound) << value.status();
    return "-";
  }

  static Contents Scan(const Reader& reader, const KeyRange& range = KeyRange::Prefix("")) {
    Contents contents;
    absl::StatusOr<ScanEnd> end =
        reader.Scan(range, kAll, [&](absl::string_view key, absl::string_view value) {
          contents.emplace_back(key, value);
          return absl::OkStatus();
        });
    EXPECT_TRUE(end.ok()) << end.status();
    EXPECT_EQ(*end, ScanEnd::kRangeExhausted);
    return contents;
  }

  static std::vector<std::string> Keys(const Reader& reader, const KeyRange& range) {
    std::vector<std::string> keys;
    for (auto& [key, value] : Scan(reader, range)) keys.push_back(key);
    return keys;
  }

  ScratchDirectory scratch_;
  std::unique_ptr<Store> store_;
};

TEST_P(StoreContractTest, IsEmptyAtFirst) {
  EXPECT_EQ(Get(*store_, "a"), "-");
  EXPECT_THAT(Scan(*store_), IsEmpty());
}

TEST_P(StoreContractTest, ReturnsWhatWasPutLast) {
  Put("a", "1");
  Put("a", "2");
  Put("b", "");
  EXPECT_EQ(Get(*store_, "a"), "2");
  EXPECT_EQ(Get(*store_, "b"), "");
  EXPECT_EQ(Get(*store_, "ab"), "-");
  EXPECT_EQ(Get(*store_, ""), "-");
}

TEST_P(StoreContractTest, ForgetsWhatWasDeleted) {
  Put("a", "1");
  Delete("a");
  Delete("never there");
  EXPECT_EQ(Get(*store_, "a"), "-");
  EXPECT_THAT(Scan(*store_), IsEmpty());
  Put("a", "2");
  EXPECT_EQ(Get(*store_, "a"), "2");
}

TEST_P(StoreContractTest, KeepsAnyBytesAndTheLargestSizes) {
  const std::string key(kMaxKeyBytes, '\xff');
  const std::string value(kMaxValueBytes, '\0');
  Put(key, value);
  Put(std::string("\0", 1), std::string("\0\n\xff", 3));
  EXPECT_EQ(Get(*store_, key), value);
  EXPECT_EQ(Get(*store_, std::string("\0", 1)), std::string("\0\n\xff", 3));
  EXPECT_EQ(Get(*store_, std::string("\0\0", 2)), "-");
}

TEST_P(StoreContractTest, LaterChangeInABatchWins) {
  Put("deleted", "before");
  WriteBatch batch;
  batch.Put("put", "1");
  batch.Delete("put");
  batch.Put("put", "2");
  batch.Put("deleted", "1");
  batch.Delete("deleted");
  ASSERT_TRUE(store_->Commit(batch).ok());
  EXPECT_THAT(Scan(*store_), ElementsAre(Pair("put", "2")));
}

TEST_P(StoreContractTest, EmptyBatchDoesNothing) {
  Put("a", "1");
  EXPECT_TRUE(store_->Commit(WriteBatch()).ok());
  EXPECT_THAT(Scan(*store_), ElementsAre(Pair("a", "1")));
}

TEST_P(StoreContractTest, RefusesABatchOutOfBoundsWholeAndGoesOn) {
  WriteBatch batch;
  batch.Put("a", "1");
  batch.Put(std::string(kMaxKeyBytes + 1, 'k'), "2");
  EXPECT_EQ(store_->Commit(batch).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Scan(*store_), IsEmpty());
  Put("b", "3");
  EXPECT_THAT(Scan(*store_), ElementsAre(Pair("b", "3")));
}

TEST_P(StoreContractTest, MultiGetAnswersInTheOrderAsked) {
  Put("a", "1");
  Put("b", "2");
  const std::vector<absl::string_view> keys = {"b", "absent", "a", "b"};
  std::vector<absl::StatusOr<std::string>> values = store_->MultiGet(keys);
  ASSERT_EQ(values.size(), 4u);
  EXPECT_EQ(*values[0], "2");
  EXPECT_EQ(values[1].status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(*values[2], "1");
  EXPECT_EQ(*values[3], "2");
  EXPECT_THAT(store_->MultiGet({}), IsEmpty());
}

TEST_P(StoreContractTest, ScansInByteOrder) {
  const std::vector<std::string> ordered = {std::string("\0", 1),
                                            std::string("\0\0", 2),
                                            "\x01",
                                            "A",
                                            "a",
                                            std::string("a\0", 2),
                                            "aa",
                                            "b",
                                            "\x7f",
                                            "\x80",
                                            "\xff",
                                            "\xff\x01",
                                            "\xff\xff"};
  std::vector<std::string> shuffled = ordered;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(1));
  for (const std::string& key : shuffled) Put(key, "v");
  EXPECT_THAT(Keys(*store_, KeyRange::Prefix("")), ElementsAreArray(ordered));
  EXPECT_THAT(Keys(*store_, KeyRange::Prefix("a")), ElementsAre("a", std::string("a\0", 2), "aa"));
  EXPECT_THAT(Keys(*store_, KeyRange::Prefix("\xff")), ElementsAre("\xff", "\xff\x01", "\xff\xff"));
  EXPECT_THAT(Keys(*store_, KeyRange::Between("aa", "\x80")), ElementsAre("aa", "b", "\x7f"));
  EXPECT_THAT(Keys(*store_, KeyRange::Between("\x80", "")),
              ElementsAre("\x80", "\xff", "\xff\x01", "\xff\xff"));
  EXPECT_THAT(Keys(*store_, KeyRange::Between("b", "a")), IsEmpty());
  EXPECT_THAT(Keys(*store_, KeyRange::Between("b", "b")), IsEmpty());
}

TEST_P(StoreContractTest, ScanStopsAtItsLimitAndSaysSo) {
  for (const char* key : {"a1", "a2", "a3", "b1"}) Put(key, "v");
  std::vector<std::string> seen;
  const auto collect = [&](absl::string_view key, absl::string_view) {
    seen.emplace_back(key);
    return absl::OkStatus();
  };
  KeyRange range = KeyRange::Prefix("a");
  EXPECT_EQ(*store_->Scan(range, 2, collect), ScanEnd::kMoreRemain);
  EXPECT_THAT(seen, ElementsAre("a1", "a2"));
  range = range.After(seen.back());
  EXPECT_EQ(*store_->Scan(range, 2, collect), ScanEnd::kRangeExhausted);
  EXPECT_THAT(seen, ElementsAre("a1", "a2", "a3"));
  // A limit that is just reached leaves nothing behind.
  EXPECT_EQ(*store_->Scan(KeyRange::Prefix("a"), 3, collect), ScanEnd::kRangeExhausted);
  EXPECT_EQ(*store_->Scan(KeyRange::Prefix("a"), 0, collect), ScanEnd::kMoreRemain);
  EXPECT_EQ(*store_->Scan(KeyRange::Prefix("c"), 0, collect), ScanEnd::kRangeExhausted);
}

TEST_P(StoreContractTest, ScanReturnsTheVisitorsErrorAtOnce) {
  for (const char* key : {"a", "b", "c"}) Put(key, "v");
  int visits = 0;
  absl::StatusOr<ScanEnd> end =
      store_->Scan(KeyRange::Prefix(""), kAll, [&](absl::string_view key, absl::string_view) {
        ++visits;
        return key == "b" ? absl::OutOfRangeError("enough") : absl::OkStatus();
      });
  EXPECT_EQ(end.status(), absl::OutOfRangeError("enough"));
  EXPECT_EQ(visits, 2);
}

TEST_P(StoreContractTest, ScanDoesNotSeeWhatIsCommittedMeanwhile) {
  for (const char* key : {"a", "b", "c"}) Put(key, "old");
  Contents seen;
  absl::StatusOr<ScanEnd> end =
      store_->Scan(KeyRange::Prefix(""), kAll, [&](absl::string_view key, absl::string_view value) {
        if (seen.empty()) {
          Put("b", "new");
          Delete("c");
          Put("d", "new");
          EXPECT_EQ(Get(*store_, "b"), "new");
        }
        seen.emplace_back(key, value);
        return absl::OkStatus();
      });
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_THAT(seen, ElementsAre(Pair("a", "old"), Pair("b", "old"), Pair("c", "old")));
}

TEST_P(StoreContractTest, SnapshotStaysAsItWas) {
  Put("changed", "old");
  Put("deleted", "old");
  const std::unique_ptr<const Snapshot> snapshot = store_->NewSnapshot();
  Put("changed", "new");
  Delete("deleted");
  Put("inserted", "new");
  EXPECT_THAT(Scan(*snapshot), ElementsAre(Pair("changed", "old"), Pair("deleted", "old")));
  EXPECT_EQ(Get(*snapshot, "changed"), "old");
  EXPECT_EQ(Get(*snapshot, "deleted"), "old");
  EXPECT_EQ(Get(*snapshot, "inserted"), "-");
  const std::vector<absl::string_view> keys = {"inserted", "deleted"};
  EXPECT_EQ(snapshot->MultiGet(keys)[0].status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(*snapshot->MultiGet(keys)[1], "old");
  EXPECT_THAT(Scan(*store_), ElementsAre(Pair("changed", "new"), Pair("inserted", "new")));
}

TEST_P(StoreContractTest, SnapshotsDoNotDisturbOneAnother) {
  std::vector<std::unique_ptr<const Snapshot>> snapshots;
  for (int i = 0; i < 4; ++i) {
    Put("key", absl::StrCat(i));
    snapshots.push_back(store_->NewSnapshot());
  }
  Delete("key");
  snapshots.erase(snapshots.begin() + 1);
  snapshots.erase(snapshots.begin());
  Put("key", "again");
  EXPECT_EQ(Get(*snapshots[0], "key"), "2");
  EXPECT_EQ(Get(*snapshots[1], "key"), "3");
  EXPECT_EQ(Get(*store_, "key"), "again");
}

// Random commits, compared with a plain map after each and, through snapshots, long after.
TEST_P(StoreContractTest, AgreesWithAMapThroughRandomHistory) {
  std::mt19937 random(20261122);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  std::map<std::string, std::string> model;
  std::vector<std::pair<std::unique_ptr<const Snapshot>, std::map<std::string, std::string>>> held;
  for (int commit = 0; commit < 300; ++commit) {
    WriteBatch batch;
    for (unsigned changes = below(8); changes > 0; --changes) {
      const std::string key = absl::StrCat("k", below(40));
      if (below(3) == 0) {
        batch.Delete(key);
        model.erase(key);
      } else {
        model[key] = absl::StrCat(commit, "/", changes, std::string(below(200), 'x'));
        batch.Put(key, model[key]);
      }
    }
    ASSERT_TRUE(store_->Commit(batch).ok());
    ASSERT_THAT(Scan(*store_), ElementsAreArray(model)) << "after commit " << commit;
    if (below(10) == 0) held.emplace_back(store_->NewSnapshot(), model);
    if (held.size() > 5) held.erase(held.begin() + static_cast<int>(below(5)));
    for (const auto& [snapshot, then] : held) {
      ASSERT_THAT(Scan(*snapshot), ElementsAreArray(then)) << "after commit " << commit;
    }
  }
}

// Every commit sets ten keys to one value; no reader may ever see two values among them.
TEST_P(StoreContractTest, ReadersOnOtherThreadsNeverSeeHalfACommit) {
  const std::vector<absl::string_view> keys = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  const auto commit = [&](int number) {
    WriteBatch batch;
    for (const absl::string_view key : keys) batch.Put(key, absl::StrCat(number));
    return store_->Commit(batch);
  };
  ASSERT_TRUE(commit(0).ok());
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::atomic<int> reads = 0;
  const auto check = [&](const std::vector<std::string>& values) {
    ++reads;
    if (values.size() != keys.size() || values.front() != values.back() ||
        std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end()) {
      ++torn;
    }
  };
  std::thread scanner([&] {
    while (!done) {
      std::vector<std::string> values;
      for (auto& [key, value] : Scan(*store_)) values.push_back(value);
      check(values);
    }
  });
  std::thread getter([&] {
    while (!done) {
      const std::unique_ptr<const Snapshot> snapshot = store_->NewSnapshot();
      std::vector<std::string> together;
      together.reserve(keys.size());
      for (auto& value : store_->MultiGet(keys)) together.push_back(value.value_or("-"));
      check(together);
      std::vector<std::string> single;
      single.reserve(keys.size());
      for (const absl::string_view key : keys) single.push_back(Get(*snapshot, key));
      check(single);
    }
  });
  // At least 200 commits, and as many more as it takes until there were readers between them.
  absl::Status status;
  for (int number = 1; status.ok() && (number <= 200 || reads < 200); ++number) {
    status = commit(number);
  }
  done = true;
  scanner.join();
  getter.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(torn, 0);
}

TEST_P(StoreContractTest, TakesCommitsFromManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kCommits = 50;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  std::atomic<int> failures = 0;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kCommits; ++i) {
        WriteBatch batch;
        batch.Put(absl::StrCat(thread, "/", i), "v");
        if (!store_->Commit(batch).ok()) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(Scan(*store_).size(), static_cast<size_t>(kThreads * kCommits));
}

TEST_P(StoreContractTest, SizeGrowsWithWhatIsKept) {
  const uint64_t before = *store_->ApproximateSizeBytes();
  for (int i = 0; i < 100; ++i) Put(absl::StrCat(i), std::string(10'000, 'x'));
  const uint64_t after = *store_->ApproximateSizeBytes();
  EXPECT_GT(after, before + 500'000);
  EXPECT_LT(after, before + 3'000'000);
}

TEST_P(StoreContractTest, AnswersNothingOnceClosed) {
  Put("a", "1");
  ASSERT_TRUE(store_->Close().ok());
  EXPECT_TRUE(store_->Close().ok());
  const absl::StatusCode closed = absl::StatusCode::kFailedPrecondition;
  EXPECT_EQ(store_->Get("a").status().code(), closed);
  const std::vector<absl::string_view> keys = {"a", "b"};
  std::vector<absl::StatusOr<std::string>> values = store_->MultiGet(keys);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[1].status().code(), closed);
  const auto visit = [](absl::string_view, absl::string_view) { return absl::OkStatus(); };
  EXPECT_EQ(store_->Scan(KeyRange::Prefix(""), kAll, visit).status().code(), closed);
  EXPECT_EQ(store_->ApproximateSizeBytes().status().code(), closed);
  WriteBatch batch;
  batch.Put("b", "2");
  EXPECT_EQ(store_->Commit(batch).code(), closed);
}

TEST_P(StoreContractTest, DoesNotCloseUnderASnapshot) {
  Put("a", "1");
  std::unique_ptr<const Snapshot> snapshot = store_->NewSnapshot();
  EXPECT_EQ(store_->Close().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Get(*snapshot, "a"), "1");
  Put("b", "2");
  snapshot.reset();
  EXPECT_TRUE(store_->Close().ok());
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreContractTest,
                         ::testing::Values(Engine{"Memory", &NewMemoryStore},
                                           Engine{"RocksDb", &NewRocksDbStore}),
                         [](const auto& engine) { return std::string(engine.param.name); });

}  // namespace
}  // namespace touchstone::storage
