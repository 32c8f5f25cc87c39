#include "verifier/gtin.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr size_t kDigits = 14;
constexpr size_t kCompanyPrefixDigitsMin = 4;
constexpr size_t kCompanyPrefixDigitsMax = 12;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

absl::StatusOr<Gtin> Gtin::Parse14(absl::string_view digits) {
  if (digits.size() != kDigits || !AllDigits(digits)) {
    return Refuse(RefusalCode::kMalformed, "a GTIN here is 14 digits");
  }
  // Weights 3 and 1 in turn, so that the check digit makes the sum a multiple of ten.
  int sum = 0;
  for (size_t i = 0; i < kDigits; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
  if (sum % 10 != 0) {
    const int expected = (digits.back() - '0' + 10 - sum % 10) % 10;
    return Refuse(RefusalCode::kWrongCheckDigit,
                  absl::StrCat("the GTIN ", digits, " ends in ", digits.substr(kDigits - 1),
                               "; after the digits before it would come ", expected));
  }
  return Gtin(std::string(digits));
}

absl::StatusOr<Gtin> Gtin::ParseAnyLength(absl::string_view digits) {
  const size_t size = digits.size();
  if (size != 8 && size != 12 && size != 13 && size != kDigits) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("a GTIN has 8, 12, 13 or 14 digits, not ", size));
  }
  return Parse14(absl::StrCat(std::string(kDigits - size, '0'), digits));
}

bool Gtin::HasCompanyPrefix(absl::string_view prefix) const {
  return absl::StartsWith(absl::string_view(text_).substr(1), prefix);
}

absl::Status ValidateCompanyPrefix(absl::string_view prefix) {
  if (prefix.size() < kCompanyPrefixDigitsMin || prefix.size() > kCompanyPrefixDigitsMax ||
      !AllDigits(prefix)) {
    return Refuse(RefusalCode::kMalformed, "a GS1 company prefix is 4 to 12 digits");
  }
  return absl::OkStatus();
}

}  // namespace touchstone
