#include "cli/calendar_day.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace touchstone::cli {

absl::StatusOr<absl::CivilDay> ParseCalendarDay(absl::string_view text) {
  constexpr absl::string_view kPattern = "YYYY-MM-DD";
  bool matches = text.size() == kPattern.size();
  int numbers[3] = {0, 0, 0};
  int part = 0;
  for (size_t i = 0; matches && i < text.size(); ++i) {
    if (kPattern[i] == '-') {
      matches = text[i] == '-';
      ++part;
    } else {
      matches = absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
      numbers[part] = 10 * numbers[part] + (text[i] - '0');
    }
  }
  if (!matches) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not a date as YYYY-MM-DD, e.g. 2026-11-22"));
  }
  // CivilDay makes 2 March of 30 February.
  const absl::CivilDay day(numbers[0], numbers[1], numbers[2]);
  if (numbers[0] == 0 || day.month() != numbers[1] || day.day() != numbers[2]) {
    return absl::InvalidArgumentError(absl::StrCat("there is no day ", text, " in the calendar"));
  }
  return day;
}

std::string FormatCalendarDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

absl::CivilDay LocalDayAt(absl::Time moment) {
  return absl::ToCivilDay(moment, absl::LocalTimeZone());
}

absl::StatusOr<uint64_t> NoonUtcMs(absl::CivilDay day) {
  const int64_t ms =
      absl::ToUnixMillis(absl::FromCivil(absl::CivilHour(day) + 12, absl::UTCTimeZone()));
  if (ms < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(FormatCalendarDay(day), " lies before 1970, where the log's time begins"));
  }
  return static_cast<uint64_t>(ms);
}

}  // namespace touchstone::cli
