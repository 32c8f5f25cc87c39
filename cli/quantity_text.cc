#include "cli/quantity_text.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace touchstone::cli {

std::string FormatScaled(uint64_t value, int decimals, int decimals_min) {
  std::string digits = absl::StrCat(value);
  const auto places = static_cast<size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  std::string fraction = digits.substr(digits.size() - places);
  const std::string whole = digits.substr(0, digits.size() - places);
  while (fraction.size() > static_cast<size_t>(decimals_min) && fraction.back() == '0') {
    fraction.pop_back();
  }
  return fraction.empty() ? whole : absl::StrCat(whole, ".", fraction);
}

std::string FormatMass(uint64_t mg) { return absl::StrCat(FormatScaled(mg, 3, 2), " g"); }

std::string FormatCarats(uint64_t carat_e5) {
  return absl::StrCat(FormatScaled(carat_e5, 5, 2), " ct");
}

std::string FormatLength(uint64_t um) { return absl::StrCat(FormatScaled(um, 3, 1), " mm"); }

std::string FormatAge(uint64_t age_ms) {
  struct Unit {
    uint64_t ms;
    const char* name;
  };
  constexpr Unit kUnits[] = {
      {86'400'000, "day"}, {3'600'000, "hour"}, {60'000, "minute"}, {1000, "second"}};
  for (const Unit& unit : kUnits) {
    const uint64_t count = age_ms / unit.ms;
    // "90 minutes" says more than "1 hour".
    if (count >= 2 || unit.ms == 1000) {
      return absl::StrCat(count, " ", unit.name, count == 1 ? "" : "s");
    }
  }
  return "";
}

std::string FormatOrdinal(uint32_t number) {
  const uint32_t last_two = number % 100;
  const uint32_t last = number % 10;
  const bool teen = last_two >= 11 && last_two <= 13;
  return absl::StrCat(number, teen        ? "th"
                              : last == 1 ? "st"
                              : last == 2 ? "nd"
                              : last == 3 ? "rd"
                                          : "th");
}

}  // namespace touchstone::cli
