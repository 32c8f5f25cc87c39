#include "registry/service/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace touchstone::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class LogTest : public ::testing::Test {
 protected:
  Log MakeLog(LogLevel least, LogFormat format) {
    return Log(
        least, format, [this](const std::string& line) { lines_.push_back(line); },
        [this] { return now_; });
  }

  absl::Time now_ = absl::FromUnixMillis(1763775296789);
  std::vector<std::string> lines_;
};

TEST_F(LogTest, TextIsOneLineThatPeopleCanRead) {
  Log log = MakeLog(LogLevel::kInfo, LogFormat::kText);
  log.Info("serving", "serving", {{"port", 7420}, {"origin", "a/log"}, {"who", "two words"}});
  EXPECT_THAT(lines_, ElementsAre("2025-11-22T01:34:56.789Z info    serving (serving) port=7420 "
                                  "origin=a/log who=\"two words\""));
}

TEST_F(LogTest, JsonIsOneObjectALine) {
  Log log = MakeLog(LogLevel::kInfo, LogFormat::kJson);
  log.Error("x", "say \"x\"\n", {{"n", uint64_t{18446744073709551615u}}, {"back", "\\\x01\x7f"}});
  EXPECT_THAT(lines_,
              ElementsAre(R"({"time":"2025-11-22T01:34:56.789Z","level":"error","event":"x",)"
                          R"("message":"say \"x\"\u000a","n":18446744073709551615,)"
                          R"("back":"\\\u0001\u007f"})"));
}

TEST_F(LogTest, AFieldCannotForgeALine) {
  Log log = MakeLog(LogLevel::kInfo, LogFormat::kText);
  log.Info("x", "x", {{"from", "a\n2026 error forged"}, {"empty", ""}, {"equal", "b=c"}});
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr(R"(from="a\u000a2026 error forged" empty="" equal="b=c")"));
}

TEST_F(LogTest, LeavesOutWhatIsBelowItsLevel) {
  Log log = MakeLog(LogLevel::kWarning, LogFormat::kText);
  log.Debug("a", "a");
  log.Info("b", "b");
  log.Warning("c", "c");
  log.Error("d", "d");
  EXPECT_THAT(lines_, SizeIs(2));
}

TEST_F(LogTest, AnEventThatRepeatsIsHeldBackAndCounted) {
  Log log = MakeLog(LogLevel::kInfo, LogFormat::kText);
  for (int i = 0; i < Log::kBurst + 1000; ++i) log.Error("noise", "noise");
  EXPECT_THAT(lines_, SizeIs(Log::kBurst));
  log.Error("other", "other");  // has an allowance of its own
  EXPECT_THAT(lines_, SizeIs(Log::kBurst + 1));

  now_ += absl::Seconds(1);
  for (int i = 0; i < 1000; ++i) log.Error("noise", "noise");
  ASSERT_THAT(lines_, SizeIs(Log::kBurst + 1 + Log::kPerSecond));
  EXPECT_THAT(lines_[Log::kBurst + 1], HasSubstr(" left_out=1000"));
  EXPECT_THAT(lines_.back(), ::testing::Not(HasSubstr("left_out")));
}

}  // namespace
}  // namespace touchstone::service
