#include "verifier/decimal.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

constexpr uint64_t kMax64 = std::numeric_limits<uint64_t>::max();

TEST(Decimal, ReadsUpToTheLimit) {
  EXPECT_EQ(ValueOrDie(ParseDecimal("0", kMax64)), 0u);
  EXPECT_EQ(ValueOrDie(ParseDecimal("10", kMax64)), 10u);
  EXPECT_EQ(ValueOrDie(ParseDecimal("18446744073709551615", kMax64)), kMax64);
  EXPECT_EQ(ValueOrDie(ParseDecimal("5", 5)), 5u);
  EXPECT_EQ(ValueOrDie(ParseDecimal("0", 0)), 0u);
}

TEST(Decimal, RefusesWhatLiesBeyondTheLimit) {
  EXPECT_THAT(ParseDecimal("18446744073709551616", kMax64), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseDecimal("99999999999999999999999", kMax64), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseDecimal("6", 5), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseDecimal("1", 0), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseDecimal("100", 99), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseDecimal("64", 63), IsRefused(RefusalCode::kMalformed));
}

TEST(Decimal, RefusesSecondSpellings) {
  for (const absl::string_view text :
       {"", "00", "01", "+1", "-1", " 1", "1 ", "1\n", "1.0", "1e3", "0x1", "\xD9\xA1"}) {
    EXPECT_THAT(ParseDecimal(text, kMax64), IsRefused(RefusalCode::kMalformed)) << text;
  }
}

}  // namespace
}  // namespace touchstone
