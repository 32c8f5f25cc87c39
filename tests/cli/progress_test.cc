#include "cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace touchstone::cli {
namespace {

using ::testing::ElementsAre;

Terminal Interactive() {
  Terminal terminal;
  terminal.interactive = true;
  terminal.width = 100;
  return terminal;
}

// A clock that the test moves, and everything that was printed.
struct Stage {
  absl::Time now = absl::UnixEpoch();
  std::vector<std::string> printed;

  Progress Begin(const Terminal& terminal, uint64_t total, uint64_t already_done = 0) {
    return Progress(
        terminal, "rows", total, already_done,
        [this](absl::string_view text) { printed.emplace_back(text); }, [this] { return now; });
  }
};

TEST(ProgressTest, ShowsShareRateAndRemainingTime) {
  ProgressState state;
  state.what = "rows";
  state.done = 412'340;
  state.total = 1'000'000;
  state.elapsed = absl::Seconds(20);
  EXPECT_EQ(
      FormatProgress(state, Interactive()),
      "rows   41 % [================>                       ]  412,340 of 1,000,000  20,617/s  "
      "0:28 left");
}

TEST(ProgressTest, NeverWiderThanTheTerminal) {
  ProgressState state;
  state.what = "rows";
  state.total = 1'000'000;
  state.elapsed = absl::Seconds(7);
  Terminal terminal = Interactive();
  for (terminal.width = 64; terminal.width < 200; ++terminal.width) {
    for (const uint64_t done : {0, 1, 999'999, 1'000'000}) {
      state.done = done;
      EXPECT_LE(FormatProgress(state, terminal).size(), static_cast<size_t>(terminal.width));
    }
  }
}

TEST(ProgressTest, RowsOfAnEarlierRunDoNotCountForTheRate) {
  ProgressState state;
  state.what = "rows";
  state.done = 1'000;
  state.already_done = 900;
  state.elapsed = absl::Seconds(10);
  EXPECT_EQ(FormatProgress(state, Terminal()), "rows  1,000  10/s  0:10");
}

TEST(ProgressTest, DrawsOverItselfTenTimesASecond) {
  Stage stage;
  Progress progress = stage.Begin(Interactive(), 1000);
  for (uint64_t row = 1; row <= 1000; ++row) {
    stage.now += absl::Milliseconds(1);
    progress.Update(row);
  }
  EXPECT_THAT(stage.printed.size(), ::testing::AllOf(::testing::Ge(9u), ::testing::Le(11u)));
  EXPECT_EQ(stage.printed[0].substr(0, 5), "\rrows");
  progress.Finish();
  EXPECT_THAT(stage.printed.back(), "\n");
}

TEST(ProgressTest, WritesALineNowAndThenIntoALog) {
  Stage stage;
  Progress progress = stage.Begin(Terminal(), 100);
  for (uint64_t second = 1; second <= 25; ++second) {
    stage.now += absl::Seconds(1);
    progress.Update(second);
  }
  EXPECT_THAT(stage.printed, ElementsAre("rows   10 %  10 of 100  1/s  1:30 left\n",
                                         "rows   20 %  20 of 100  1/s  1:20 left\n"));
}

TEST(ProgressTest, NotesStandAboveTheBar) {
  Stage stage;
  Progress progress = stage.Begin(Interactive(), 100);
  progress.Note("line 7 is wrong");
  ASSERT_EQ(stage.printed.size(), 2u);
  EXPECT_EQ(stage.printed[0], "\r\033[Kline 7 is wrong\n");
  Stage log;
  Progress lines = log.Begin(Terminal(), 100);
  lines.Note("line 7 is wrong");
  EXPECT_THAT(log.printed, ElementsAre("line 7 is wrong\n"));
}

}  // namespace
}  // namespace touchstone::cli
