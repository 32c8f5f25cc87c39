// Calendar days (ISO 8601 dates), which have no time zone. Not for moments.
#ifndef TOUCHSTONE_CLI_CALENDAR_DAY_H_
#define TOUCHSTONE_CLI_CALENDAR_DAY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace touchstone::cli {

// "2026-11-22": a day that exists, of the years 0001 to 9999. InvalidArgument otherwise.
absl::StatusOr<absl::CivilDay> ParseCalendarDay(absl::string_view text);

std::string FormatCalendarDay(absl::CivilDay day);

// The day that the calendar on the wall shows at `moment`.
absl::CivilDay LocalDayAt(absl::Time moment);

// Noon of that day, UTC, in milliseconds since 1970-01-01T00:00:00Z: a moment that falls on the
// same day almost everywhere. InvalidArgument before 1970.
absl::StatusOr<uint64_t> NoonUtcMs(absl::CivilDay day);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CALENDAR_DAY_H_
