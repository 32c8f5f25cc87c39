#include "cli/calendar_day.h"

#include <gtest/gtest.h>

#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

TEST(CalendarDayTest, ReadsDaysThatExist) {
  EXPECT_EQ(ValueOrDie(ParseCalendarDay("2026-11-22")), absl::CivilDay(2026, 11, 22));
  EXPECT_EQ(ValueOrDie(ParseCalendarDay("2024-02-29")), absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(ValueOrDie(ParseCalendarDay("0001-01-01")), absl::CivilDay(1, 1, 1));
  EXPECT_EQ(FormatCalendarDay(ValueOrDie(ParseCalendarDay("0925-06-07"))), "0925-06-07");
}

TEST(CalendarDayTest, RefusesEverythingElse) {
  for (const char* text : {"", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31",
                           "2026-01-00", "0000-01-01", "2026-1-1", "22.11.2026", "2026/11/22",
                           "2026-11-22 ", "20261122", "2026-11-2x", "-026-11-22"}) {
    EXPECT_EQ(ParseCalendarDay(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(CalendarDayTest, NoonIsInUtc) {
  EXPECT_EQ(ValueOrDie(NoonUtcMs(absl::CivilDay(1970, 1, 1))), 12u * 3600 * 1000);
  EXPECT_EQ(ValueOrDie(NoonUtcMs(absl::CivilDay(2026, 11, 22))), 1795348800000u);
  EXPECT_FALSE(NoonUtcMs(absl::CivilDay(1969, 12, 30)).ok());
}

}  // namespace
}  // namespace touchstone::cli
