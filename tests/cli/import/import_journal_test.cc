#include "cli/import/import_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::HasSubstr;

class ImportJournalTest : public ::testing::Test {
 protected:
  std::unique_ptr<ImportJournal> Open() {
    return ValueOrDie(ImportJournal::Open(path_, identity_));
  }

  std::string Contents() const {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  void Write(const std::string& text) { std::ofstream(path_, std::ios::trunc) << text; }

  const storage::ScratchDirectory scratch_;
  const std::string path_ = scratch_.File("stock.csv.journal");
  ImportIdentity identity_ = {Digest{7}, "passports.example/log", "aurelle"};
};

TEST_F(ImportJournalTest, RemembersWhatWasSynced) {
  {
    const auto journal = Open();
    EXPECT_FALSE(journal->IsDone(0));
    for (const uint64_t row : {0, 1, 2, 7, 5, 6, 9}) journal->MarkDone(row);
    ASSERT_THAT(journal->Sync(), IsOk());
    EXPECT_TRUE(journal->IsDone(7));
    journal->MarkDone(100);  // and then the machine stops
  }
  const auto journal = Open();
  EXPECT_EQ(journal->done_count(), 7u);
  for (const uint64_t row : {0, 1, 2, 5, 6, 7, 9}) EXPECT_TRUE(journal->IsDone(row)) << row;
  for (const uint64_t row : {3, 4, 8, 10, 100}) EXPECT_FALSE(journal->IsDone(row)) << row;
}

TEST_F(ImportJournalTest, IsATextThatPeopleCanRead) {
  const auto journal = Open();
  for (const uint64_t row : {3, 4, 5, 9}) journal->MarkDone(row);
  ASSERT_THAT(journal->Sync(), IsOk());
  EXPECT_EQ(Contents(), absl::StrCat("touchstone-import v1\nlist 07", std::string(62, '0'),
                                     "\nlog passports.example/log\nparticipant aurelle\n"
                                     "done 3-5\ndone 9-9\n"));
}

TEST_F(ImportJournalTest, EveryTornEndIsForgotten) {
  {
    const auto journal = Open();
    journal->MarkDone(3);
    journal->MarkDone(12);
    ASSERT_THAT(journal->Sync(), IsOk());
  }
  const std::string whole = Contents();
  for (size_t size = 0; size <= whole.size(); ++size) {
    Write(whole.substr(0, size));
    {
      const auto journal = Open();
      const uint64_t before = journal->done_count();
      EXPECT_LE(before, 2u);
      EXPECT_EQ(journal->IsDone(3), before >= 1);
      EXPECT_EQ(journal->IsDone(12), before == 2);
      journal->MarkDone(20);
      ASSERT_THAT(journal->Sync(), IsOk());
    }
    EXPECT_TRUE(Open()->IsDone(20)) << size;
  }
}

TEST_F(ImportJournalTest, BelongsToOneImport) {
  { Open()->MarkDone(1); }
  for (int other = 0; other < 3; ++other) {
    ImportIdentity identity = identity_;
    if (other == 0) identity.list[31] = 1;
    if (other == 1) identity.log_origin = "passports.example/test";
    if (other == 2) identity.participant = "finch";
    const absl::Status status = ImportJournal::Open(path_, identity).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  }
}

TEST_F(ImportJournalTest, RefusesOtherFilesAndDamage) {
  const std::string head = [this] {
    Open();
    return Contents();
  }();
  Write("serial,category,title\n");
  EXPECT_EQ(ImportJournal::Open(path_, identity_).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Contents(), "serial,category,title\n");
  for (const char* lines : {"done 5-3\n", "done 5\n", "done -3\n", "dona 1-2\n", "\ndone 1-1\n",
                            "done 1-99999999999999999999\n", "done 01-2\n", "done 1-2 \n"}) {
    Write(head + lines);
    EXPECT_EQ(ImportJournal::Open(path_, identity_).status().code(),
              absl::StatusCode::kInvalidArgument)
        << lines;
  }
  EXPECT_EQ(ImportJournal::Open(scratch_.path(), identity_).ok(), false);
}

TEST_F(ImportJournalTest, OnlyOneImportAtATime) {
  const auto first = Open();
  EXPECT_EQ(ImportJournal::Open(path_, identity_).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ImportJournalTest, RowsInAnyOrderAreASet) {
  std::minstd_rand random(11);  // NOLINT: the same order on every run
  std::set<uint64_t> expected;
  {
    const auto journal = Open();
    for (int i = 0; i < 2000; ++i) {
      const uint64_t row = random() % 1500;
      expected.insert(row);
      journal->MarkDone(row);
      if (i % 97 == 0) {
        ASSERT_THAT(journal->Sync(), IsOk());
      }
    }
    ASSERT_THAT(journal->Sync(), IsOk());
    EXPECT_EQ(journal->done_count(), expected.size());
  }
  const auto journal = Open();
  EXPECT_EQ(journal->done_count(), expected.size());
  for (uint64_t row = 0; row < 1500; ++row) {
    EXPECT_EQ(journal->IsDone(row), expected.count(row) == 1) << row;
  }
}

TEST_F(ImportJournalTest, SurvivesKill) {
  int synced[2];
  ASSERT_EQ(pipe(synced), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto journal = ImportJournal::Open(path_, identity_);
    if (!journal.ok()) _exit(1);
    for (uint64_t row = 0;; ++row) {
      (*journal)->MarkDone(2 * row);
      if (!(*journal)->Sync().ok()) _exit(1);
      if (write(synced[1], "x", 1) != 1) _exit(1);
    }
  }
  char told = 0;
  uint64_t rows = 0;
  for (; rows < 50; ++rows) ASSERT_EQ(read(synced[0], &told, 1), 1);
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  const auto journal = Open();
  EXPECT_GE(journal->done_count(), rows);
  for (uint64_t row = 0; row < rows; ++row) EXPECT_TRUE(journal->IsDone(2 * row)) << row;
  close(synced[0]);
  close(synced[1]);
}

}  // namespace
}  // namespace touchstone::cli
