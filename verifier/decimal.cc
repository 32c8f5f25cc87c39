#include "verifier/decimal.h"

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {

absl::StatusOr<uint64_t> ParseDecimal(absl::string_view text, uint64_t max) {
  if (text.empty()) return Refuse(RefusalCode::kMalformed, "a decimal number is missing");
  if (text.size() > 1 && text[0] == '0') {
    return Refuse(RefusalCode::kMalformed, "a decimal number has a leading zero");
  }
  uint64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') {
      return Refuse(RefusalCode::kMalformed, "a decimal number holds something but digits");
    }
    const auto digit_value = static_cast<uint64_t>(digit - '0');
    // The same as value * 10 + digit_value > max, where that could overflow.
    if (value > max / 10 || value * 10 > max - digit_value || digit_value > max) {
      return Refuse(RefusalCode::kMalformed,
                    absl::StrCat("a decimal number exceeds the largest allowed one, ", max));
    }
    value = value * 10 + digit_value;
  }
  return value;
}

}  // namespace touchstone
