#include "cli/duration_text.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace touchstone::cli {

absl::StatusOr<uint64_t> ParseDurationMs(absl::string_view option, const std::string& text) {
  absl::Duration duration;
  int64_t days = 0;
  absl::string_view digits = text;
  if (absl::ConsumeSuffix(&digits, "d") && absl::SimpleAtoi(digits, &days)) {
    duration = absl::Hours(24) * days;
  } else if (!absl::ParseDuration(text, &duration)) {
    duration = -absl::InfiniteDuration();
  }
  if (duration < absl::ZeroDuration() || duration == absl::InfiniteDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " '", text, "' is not a duration like 90s, 30m, 24h or 7d"));
  }
  return static_cast<uint64_t>(absl::ToInt64Milliseconds(duration));
}

}  // namespace touchstone::cli
