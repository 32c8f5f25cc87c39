#include "cli/import/exact_number.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

// value × 10 + digit, or false beyond `max`.
bool AppendDigit(uint64_t digit, uint64_t max, uint64_t& value) {
  if (value > (max - digit) / 10 || digit > max) return false;
  value = 10 * value + digit;
  return true;
}

}  // namespace

absl::StatusOr<uint64_t> ParseExact(absl::string_view text, int decimals, absl::string_view unit,
                                    uint64_t max) {
  const auto wrong = [text](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" ", why));
  };
  absl::string_view number = absl::StripAsciiWhitespace(text);
  if (!unit.empty() && absl::EndsWithIgnoreCase(number, unit)) {
    number = absl::StripTrailingAsciiWhitespace(number.substr(0, number.size() - unit.size()));
  }
  if (absl::StrContains(number, ',')) {
    return wrong("has a comma; write 1234.5, with a point and nothing between the thousands");
  }
  const size_t point = number.find('.');
  const absl::string_view whole = number.substr(0, point);
  const absl::string_view fraction =
      point == absl::string_view::npos ? "" : number.substr(point + 1);
  if (whole.empty() && fraction.empty()) return wrong("is not a number");
  uint64_t value = 0;
  bool too_large = false;
  for (const char c : whole) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return wrong("is not a number");
    too_large = too_large || !AppendDigit(static_cast<uint64_t>(c - '0'), max, value);
  }
  int places = 0;
  bool too_fine = false;
  for (const char c : fraction) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return wrong("is not a number");
    if (++places > decimals) {
      too_fine = too_fine || c != '0';
    } else {
      too_large = too_large || !AppendDigit(static_cast<uint64_t>(c - '0'), max, value);
    }
  }
  for (; places < decimals; ++places) too_large = too_large || !AppendDigit(0, max, value);
  if (too_fine && decimals == 0) return wrong("should be a whole number");
  if (too_fine) {
    return wrong(absl::StrCat("has more than ", decimals, " places behind the point"));
  }
  if (too_large) return wrong("is too large");
  return value;
}

}  // namespace touchstone::cli
