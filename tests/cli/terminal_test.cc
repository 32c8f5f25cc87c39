#include "cli/terminal.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>

namespace touchstone::cli {
namespace {

// The environment that a test wants, and nothing else of what matters.
void SetEnvironment(const std::map<std::string, std::string>& wanted) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG", "COLUMNS", "NO_COLOR", "TERM"}) {
    unsetenv(name);
  }
  for (const auto& [name, value] : wanted) setenv(name.c_str(), value.c_str(), 1);
}

// A terminal of a width that the test chooses.
class TerminalTest : public ::testing::Test {
 protected:
  TerminalTest() {
    winsize size = {};
    size.ws_row = 40;
    size.ws_col = 123;
    if (openpty(&master_, &terminal_, nullptr, nullptr, &size) != 0) std::abort();
  }
  ~TerminalTest() override {
    close(master_);
    close(terminal_);
    SetEnvironment({});
  }

  int master_ = -1;
  int terminal_ = -1;
};

TEST_F(TerminalTest, KnowsATerminal) {
  SetEnvironment({{"LANG", "en_GB.UTF-8"}, {"TERM", "xterm"}});
  const Terminal terminal = DescribeTerminal(terminal_, ColorChoice::kAuto);
  EXPECT_TRUE(terminal.interactive);
  EXPECT_EQ(terminal.width, 123);
  EXPECT_TRUE(terminal.color);
  EXPECT_TRUE(terminal.unicode);
}

TEST_F(TerminalTest, KnowsAPipe) {
  SetEnvironment({{"LANG", "C"}});
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const Terminal terminal = DescribeTerminal(pipe_ends[1], ColorChoice::kAuto);
  EXPECT_FALSE(terminal.interactive);
  EXPECT_EQ(terminal.width, 80);
  EXPECT_FALSE(terminal.color);
  EXPECT_FALSE(terminal.unicode);
  EXPECT_TRUE(DescribeTerminal(pipe_ends[1], ColorChoice::kAlways).color);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST_F(TerminalTest, HeedsTheEnvironment) {
  SetEnvironment({{"NO_COLOR", "1"}});
  EXPECT_FALSE(DescribeTerminal(terminal_, ColorChoice::kAuto).color);
  EXPECT_TRUE(DescribeTerminal(terminal_, ColorChoice::kAlways).color);
  SetEnvironment({{"NO_COLOR", ""}});
  EXPECT_TRUE(DescribeTerminal(terminal_, ColorChoice::kAuto).color);
  SetEnvironment({{"TERM", "dumb"}});
  EXPECT_FALSE(DescribeTerminal(terminal_, ColorChoice::kAuto).color);
  SetEnvironment({{"COLUMNS", "66"}});
  EXPECT_EQ(DescribeTerminal(terminal_, ColorChoice::kNever).width, 66);
  for (const char* nonsense : {"0", "-5", "x", "99999999999"}) {
    SetEnvironment({{"COLUMNS", nonsense}});
    EXPECT_EQ(DescribeTerminal(terminal_, ColorChoice::kNever).width, 123) << nonsense;
  }
}

TEST_F(TerminalTest, FirstLocaleVariableDecides) {
  SetEnvironment({{"LC_ALL", "C"}, {"LANG", "en_GB.UTF-8"}});
  EXPECT_FALSE(DescribeTerminal(terminal_, ColorChoice::kAuto).unicode);
  SetEnvironment({{"LC_ALL", ""}, {"LC_CTYPE", "C.utf8"}, {"LANG", "C"}});
  EXPECT_TRUE(DescribeTerminal(terminal_, ColorChoice::kAuto).unicode);
}

TEST_F(TerminalTest, StylesOnlyWhereColoursShow) {
  Terminal terminal;
  EXPECT_EQ(Styled(terminal, Style::kRed, "no"), "no");
  terminal.color = true;
  EXPECT_EQ(Styled(terminal, Style::kRed, "no"), "\033[31mno\033[0m");
}

TEST(ColorChoiceTest, HasThreeNames) {
  EXPECT_EQ(ParseColorChoice("auto"), ColorChoice::kAuto);
  EXPECT_EQ(ParseColorChoice("always"), ColorChoice::kAlways);
  EXPECT_EQ(ParseColorChoice("never"), ColorChoice::kNever);
  EXPECT_EQ(ParseColorChoice("yes"), std::nullopt);
}

}  // namespace
}  // namespace touchstone::cli
