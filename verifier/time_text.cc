#include "verifier/time_text.h"

#include "absl/strings/str_format.h"

namespace touchstone {
namespace {

struct CivilTime {
  uint64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned millisecond = 0;
};

CivilTime ToCivil(uint64_t ms) {
  CivilTime time;
  time.millisecond = static_cast<unsigned>(ms % 1000);
  const uint64_t seconds = ms / 1000;
  time.second = static_cast<unsigned>(seconds % 60);
  time.minute = static_cast<unsigned>(seconds / 60 % 60);
  time.hour = static_cast<unsigned>(seconds / 3600 % 24);
  // Days since 0000-03-01, in eras of 400 years: counted from March, the leap day is a year's last.
  const uint64_t days = seconds / 86400 + 719468;
  const uint64_t era = days / 146097;
  const uint64_t day_of_era = days % 146097;
  const uint64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint64_t month_from_march = (5 * day_of_year + 2) / 153;
  time.day = static_cast<unsigned>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  time.month =
      static_cast<unsigned>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  time.year = era * 400 + year_of_era + (time.month <= 2 ? 1 : 0);
  return time;
}

}  // namespace

std::string FormatTime(uint64_t ms_since_epoch) {
  const CivilTime time = ToCivil(ms_since_epoch);
  return absl::StrFormat("%04d-%02d-%02d %02d:%02d:%02d UTC", time.year, time.month, time.day,
                         time.hour, time.minute, time.second);
}

std::string FormatRfc3339(uint64_t ms_since_epoch) {
  const CivilTime time = ToCivil(ms_since_epoch);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", time.year, time.month, time.day,
                         time.hour, time.minute, time.second, time.millisecond);
}

std::string FormatCardDay(uint16_t day) {
  constexpr uint64_t kMsOf20200101 = 1'577'836'800'000;
  constexpr uint64_t kMsPerDay = 86'400'000;
  return FormatTime(kMsOf20200101 + day * kMsPerDay).substr(0, 10);
}

}  // namespace touchstone
