#include "cli/import/exact_number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::HasSubstr;

std::string Why(absl::string_view text, int decimals, absl::string_view unit, uint64_t max) {
  const absl::StatusOr<uint64_t> value = ParseExact(text, decimals, unit, max);
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(value.status().message());
}

TEST(ExactNumberTest, ScalesWithoutRounding) {
  EXPECT_EQ(ValueOrDie(ParseExact("1.01", 5, "ct", UINT64_MAX)), 101'000u);
  EXPECT_EQ(ValueOrDie(ParseExact("0.1", 5, "ct", UINT64_MAX)), 10'000u);
  EXPECT_EQ(ValueOrDie(ParseExact("0.70003", 5, "ct", UINT64_MAX)), 70'003u);
  EXPECT_EQ(ValueOrDie(ParseExact("3106.75000", 5, "ct", UINT64_MAX)), 310'675'000u);  // Cullinan
  EXPECT_EQ(ValueOrDie(ParseExact("5.", 3, "", UINT64_MAX)), 5'000u);
  EXPECT_EQ(ValueOrDie(ParseExact(".5", 3, "", UINT64_MAX)), 500u);
  EXPECT_EQ(ValueOrDie(ParseExact("0007", 0, "", UINT64_MAX)), 7u);
  EXPECT_EQ(ValueOrDie(ParseExact("7.000", 0, "", UINT64_MAX)), 7u);
  EXPECT_EQ(ValueOrDie(ParseExact("1.0100000000000000000000000", 5, "", UINT64_MAX)), 101'000u);
}

TEST(ExactNumberTest, ReadsPastTheUnit) {
  EXPECT_EQ(ValueOrDie(ParseExact(" 1.01 ct ", 5, "ct", UINT64_MAX)), 101'000u);
  EXPECT_EQ(ValueOrDie(ParseExact("1.01CT", 5, "ct", UINT64_MAX)), 101'000u);
  EXPECT_THAT(Why("1.01 g", 5, "ct", UINT64_MAX), HasSubstr("is not a number"));
}

TEST(ExactNumberTest, KnowsItsBounds) {
  EXPECT_EQ(ValueOrDie(ParseExact("18446744073709551615", 0, "", UINT64_MAX)), UINT64_MAX);
  EXPECT_THAT(Why("18446744073709551616", 0, "", UINT64_MAX), HasSubstr("too large"));
  EXPECT_THAT(Why("99999999999999999999999999", 0, "", UINT64_MAX), HasSubstr("too large"));
  EXPECT_EQ(ValueOrDie(ParseExact("184467440737095.51615", 5, "", UINT64_MAX)), UINT64_MAX);
  EXPECT_THAT(Why("184467440737095.51616", 5, "", UINT64_MAX), HasSubstr("too large"));
  EXPECT_THAT(Why("184467440737096", 5, "", UINT64_MAX), HasSubstr("too large"));
  EXPECT_EQ(ValueOrDie(ParseExact("1000", 0, "", 1000)), 1000u);
  EXPECT_THAT(Why("1001", 0, "", 1000), HasSubstr("too large"));
  EXPECT_THAT(Why("3", 0, "", 2), HasSubstr("too large"));
}

TEST(ExactNumberTest, SaysWhatIsWrong) {
  EXPECT_THAT(Why("1,01", 5, "ct", UINT64_MAX), HasSubstr("has a comma"));
  EXPECT_THAT(Why("1.010001", 5, "ct", UINT64_MAX), HasSubstr("more than 5 places"));
  EXPECT_THAT(Why("1.5", 0, "", UINT64_MAX), HasSubstr("whole number"));
  for (const char* text :
       {"", ".", "ct", "-1", "+1", "1e3", "1.2.3", "0x10", "one", "1 000", "½"}) {
    EXPECT_THAT(Why(text, 5, "ct", UINT64_MAX), HasSubstr("is not a number")) << text;
  }
}

}  // namespace
}  // namespace touchstone::cli
