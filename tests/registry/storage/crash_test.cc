// kill -9 in the middle of commits, again and again: every acknowledged batch is there and whole,
// and of the one that was under way everything or nothing.

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "registry/storage/directory_lock.h"
#include "registry/storage/guard_file.h"
#include "registry/storage/rocksdb_store.h"
#include "tests/registry/storage/numbered_batches.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

// Runs crash_child until it has acknowledged `count` batches, kills it wherever it is by then, and
// returns the last number that it acknowledged (0: none).
uint64_t CommitAndKill(const std::string& directory, const std::string& guard, int count) {
  int acknowledgements[2];
  EXPECT_EQ(pipe(acknowledgements), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(acknowledgements[1], STDOUT_FILENO);
    close(acknowledgements[0]);
    close(acknowledgements[1]);
    execl(TOUCHSTONE_CRASH_CHILD, TOUCHSTONE_CRASH_CHILD, directory.c_str(), guard.c_str(),
          nullptr);
    _exit(127);
  }
  close(acknowledgements[1]);
  std::string text;
  char byte;
  while (read(acknowledgements[0], &byte, 1) == 1) {
    text.push_back(byte);
    if (byte == '\n' && --count == 0) kill(child, SIGKILL);
  }
  close(acknowledgements[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
      << "the child ended by itself, with status " << status;
  uint64_t last = 0;
  if (text.size() >= 2) {
    const size_t line = text.rfind('\n', text.size() - 2) + 1;  // npos + 1 is 0
    EXPECT_TRUE(absl::SimpleAtoi(text.substr(line), &last)) << text.substr(line);
  }
  return last;
}

uint64_t Number(const absl::StatusOr<std::string>& text) {
  EXPECT_TRUE(text.ok()) << text.status();
  uint64_t number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(text.value_or("-"), &number));
  return number;
}

// All of batch `number`, and no record more.
void ExpectWholeBatch(const Store& store, uint64_t number) {
  uint64_t records = 0;
  const auto end =
      store.Scan(KeyRange::Prefix(RecordPrefix(number)), 1000,
                 [&](absl::string_view key, absl::string_view value) {
                   uint64_t record = 0;
                   key.remove_prefix(RecordPrefix(number).size());
                   if (!absl::SimpleAtoi(key, &record) || value != RecordValue(number, record)) {
                     return absl::DataLossError(absl::StrCat("record ", key, " of batch ", number));
                   }
                   ++records;
                   return absl::OkStatus();
                 });
  EXPECT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(records, RecordCount(number)) << "in batch " << number;
}

uint64_t CountRecords(const Store& store) {
  uint64_t records = 0;
  const auto end = store.Scan(KeyRange::Prefix("record/"), ~uint64_t{0},
                              [&](absl::string_view, absl::string_view) {
                                ++records;
                                return absl::OkStatus();
                              });
  EXPECT_TRUE(end.ok()) << end.status();
  return records;
}

TEST(CrashTest, NothingAcknowledgedIsLostAndNothingIsHalfThere) {
  constexpr int kRounds = 25;
  constexpr int kBatchesMax = 40;
  const ScratchDirectory scratch;
  const std::string guard_path = scratch.File("guard");
  RocksDbOptions options;
  options.directory = scratch.File("store");
  options.mode = OpenMode::kCreateNew;
  {
    auto store = RocksDbStore::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Commit(NumberedBatch(1)).ok());
    ASSERT_TRUE(GuardFile::Create(guard_path, "1\n").ok());
  }
  options.mode = OpenMode::kOpenExisting;

  std::mt19937 random(std::random_device{}());
  uint64_t committed = 1;
  int unacknowledged = 0;
  for (int round = 1; round <= kRounds; ++round) {
    const int count = 1 + static_cast<int>(random() % kBatchesMax);
    SCOPED_TRACE(absl::StrCat("round ", round, ", killed after ", count, " batches"));
    const uint64_t acknowledged = CommitAndKill(scratch.path(), guard_path, count);
    ASSERT_GE(acknowledged, committed + static_cast<uint64_t>(count));

    // The dead process holds nothing any more.
    ASSERT_TRUE(DirectoryLock::Acquire(scratch.path()).ok());
    const auto guard = GuardFile::Open(guard_path);
    ASSERT_TRUE(guard.ok()) << guard.status();
    const auto store = RocksDbStore::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    committed = Number((*store)->Get(kHeadKey));
    const uint64_t guarded = Number((*guard)->contents());
    ASSERT_GE(guarded, acknowledged);
    ASSERT_GE(committed, guarded);
    ASSERT_LE(committed, acknowledged + 1);
    unacknowledged += committed > acknowledged;

    uint64_t expected = 0;
    for (uint64_t number = committed > kBatchesKept ? committed - kBatchesKept + 1 : 1;
         number <= committed; ++number) {
      ExpectWholeBatch(**store, number);
      expected += RecordCount(number);
    }
    // Neither half of a later batch nor what was deleted.
    EXPECT_EQ(CountRecords(**store), expected);
  }
  RecordProperty("batches", static_cast<int>(committed));
  RecordProperty("committed_but_not_acknowledged", unacknowledged);
}

}  // namespace
}  // namespace touchstone::storage
