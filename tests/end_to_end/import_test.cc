// Imports that are killed, whose registry is killed or stops, whose list changes, or which have
// rows that cannot go in: run again, every good row is in once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/end_to_end/site.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr int kExitRefused = 1;
constexpr int kExitUsage = 2;
constexpr int kExitUnavailable = 3;

class ImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_ = site_.StartRegistry();
    site_.EnrolMaison();
    size_before_ = site_.NewestCheckpoint().checkpoint.size();
  }

  // A list of so many rings, in the site's directory.
  std::string WriteList(int rows) const {
    std::string list = "serial,category,title,species,carat,laboratory,report_number,inscription\n";
    for (int row = 1; row <= rows; ++row) {
      const int report = 221000000 + row;
      absl::StrAppend(&list, "R-", row, ",ring,\"Ring, number ", row, "\",diamond,1.01,GIA,",
                      report, ",GIA ", report, "\n");
    }
    WriteFile(site_.File("stock.csv"), list);
    return "stock.csv";
  }

  // Small batches, so that there is a middle to be stopped in.
  static Arguments Importing(const std::string& list) {
    return Site::AsMaison({"import", list, "--batch", "16"});
  }

  std::unique_ptr<Program> StartImport(const std::string& list) const {
    return std::make_unique<Program>(site_.TouchstoneCommand(Importing(list)), site_.directory());
  }

  // Until so many entries more are in the log than there were before anything was imported; false
  // if the import ended first.
  bool AwaitEntries(Program& import, uint64_t entries) const {
    const auto client = site_.Client();
    while (!import.EndsWithin(std::chrono::milliseconds(1))) {
      if (site_.NewestCheckpoint().checkpoint.size() >= size_before_ + entries) return true;
    }
    return false;
  }

  void RestartRegistry() { registry_ = site_.StartRegistry(); }

  // The import goes on to its end, and so many pieces are registered, each once.
  void ExpectCompletes(const std::string& list, int pieces) {
    const Outcome outcome = site_.Touchstone(Importing(list));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    Site::Stop(std::move(registry_));
    EXPECT_THAT(site_.ExportAndAudit(), AllOf(HasSubstr(absl::StrCat(" ", pieces, " passports")),
                                              HasSubstr("Nothing disagrees")));
  }

  Site site_;
  std::unique_ptr<Program> registry_;
  uint64_t size_before_ = 0;
};

TEST_F(ImportTest, KilledInTheMiddleItGoesOnWhereItWas) {
  constexpr int kRows = 1200;
  const std::string list = WriteList(kRows);
  int killed = 0;
  for (int part = 1; part <= 3; ++part) {
    const auto import = StartImport(list);
    if (!AwaitEntries(*import, static_cast<uint64_t>(part) * kRows / 4)) break;
    import->Signal(SIGKILL);
    EXPECT_EQ(import->Wait(), 128 + SIGKILL);
    ++killed;
  }
  EXPECT_GT(killed, 0) << "no import was still under way when it was to be killed";
  ExpectCompletes(list, kRows);
  // Once more, from the journal alone: there is nothing to be done and nobody to ask.
  const Outcome again = site_.Touchstone(Importing(list));
  EXPECT_THAT(again.out, HasSubstr(absl::StrCat("Registered 0 piece(s)")));
  EXPECT_THAT(again.out, HasSubstr(absl::StrCat(kRows, " were already in")));
}

TEST_F(ImportTest, ARegistryThatIsKilledIsGoneOnWithWhenItIsBack) {
  constexpr int kRows = 800;
  const std::string list = WriteList(kRows);
  const auto import = StartImport(list);
  ASSERT_TRUE(AwaitEntries(*import, kRows / 8));
  registry_->Signal(SIGKILL);
  EXPECT_EQ(registry_->Wait(), 128 + SIGKILL);
  EXPECT_EQ(import->Wait(), kExitUnavailable) << import->err();
  EXPECT_THAT(import->err(),
              AllOf(HasSubstr("stopped before its end"), HasSubstr("does not answer"),
                    HasSubstr("run the same command again")));
  RestartRegistry();
  ExpectCompletes(list, kRows);
}

TEST_F(ImportTest, ARegistryThatIsStoppedAnswersWhatItHasTaken) {
  constexpr int kRows = 1200;
  const std::string list = WriteList(kRows);
  for (int part = 1; part <= 3; ++part) {
    const auto import = StartImport(list);
    if (AwaitEntries(*import, static_cast<uint64_t>(part) * kRows / 4)) {
      Site::Stop(std::move(registry_));
      const int status = import->Wait();
      EXPECT_THAT(status, AnyOf(0, kExitUnavailable)) << import->err();
      if (status != 0) {
        EXPECT_THAT(import->err(), AnyOf(HasSubstr("stopping"), HasSubstr("does not answer"),
                                         HasSubstr("ended the call")));
      }
      RestartRegistry();
    }
  }
  ExpectCompletes(list, kRows);
}

TEST_F(ImportTest, TwoAtOnceOfOneListAreOneTooMany) {
  constexpr int kRows = 800;
  const std::string list = WriteList(kRows);
  const auto first = StartImport(list);
  ASSERT_TRUE(AwaitEntries(*first, kRows / 8));
  first->Signal(SIGSTOP);
  const Outcome second = site_.Touchstone(Importing(list));
  EXPECT_EQ(second.status, kExitUnavailable) << second.err;
  EXPECT_THAT(second.err, HasSubstr("another import of this list is running"));
  first->Signal(SIGCONT);
  EXPECT_EQ(first->Wait(), 0) << first->err();
  ExpectCompletes(list, kRows);
}

TEST_F(ImportTest, RejectsArePutRightAndImported) {
  WriteFile(site_.File("mixed.csv"),
            "serial,category,title,species,carat\n"
            "G-1,ring,Good ring,diamond,1.01\n"
            "B-2,ring,Bad ring,diamond,\"1,02\"\n"
            "G-3,ring,Another good ring,diamond,1.03\n"
            "B-4,rign,Bad category,diamond,1.04\n"
            "G-1,ring,Another piece of the same serial,diamond,1.05\n");
  const Outcome first = site_.Touchstone(Importing("mixed.csv"));
  EXPECT_EQ(first.status, kExitRefused) << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr("Registered 2 piece(s)"), HasSubstr("3 row(s)"),
                               HasSubstr("mixed.csv.rejects")));
  std::string rejects = ReadFile(site_.File("mixed.csv.rejects"));
  EXPECT_THAT(rejects, AllOf(HasSubstr("line 3, column 5"), HasSubstr("line 5, column 2"),
                             HasSubstr("line 6"), HasSubstr("registered already")));

  rejects = absl::StrReplaceAll(
      rejects, {{",\"1,02\"\r", ",1.02\r"}, {",rign,", ",ring,"}, {",G-1,", ",G-5,"}});
  WriteFile(site_.File("mixed.csv.rejects"), rejects);
  ExpectCompletes("mixed.csv.rejects", 5);
}

TEST_F(ImportTest, AChangedListNeedsAJournalOfItsOwn) {
  const std::string list = WriteList(20);
  site_.Succeed(Importing(list));
  WriteList(30);
  const Outcome refused = site_.Touchstone(Importing(list));
  EXPECT_EQ(refused.status, kExitUsage) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("stock.csv.journal"), HasSubstr("the list was changed"),
                                 HasSubstr("Remove the journal")));
  std::filesystem::remove(site_.File("stock.csv.journal"));
  EXPECT_THAT(site_.Succeed(Importing(list)),
              AllOf(HasSubstr("Registered 10 piece(s)"), HasSubstr("20 were already in")));
  ExpectCompletes(list, 30);
}

}  // namespace
}  // namespace touchstone::end_to_end
