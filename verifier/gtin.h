// GS1 Global Trade Item Numbers: check digit, padding to 14 digits, company prefixes (GS1 General
// Specifications, sections 2.1 and 7.9). Not for whether a GTIN is anybody's.
#ifndef TOUCHSTONE_VERIFIER_GTIN_H_
#define TOUCHSTONE_VERIFIER_GTIN_H_

#include <compare>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

class Gtin {
 public:
  // Exactly 14 digits, the last of them the check digit: the only form in signed bytes and links.
  // Errors: kMalformed, kWrongCheckDigit.
  static absl::StatusOr<Gtin> Parse14(absl::string_view digits);

  // 8, 12, 13 or 14 digits, as people have them; padded with zeros on the left.
  static absl::StatusOr<Gtin> ParseAnyLength(absl::string_view digits);

  // 14 digits.
  const std::string& text() const { return text_; }

  // Whether the digits after the first (the indicator) begin with `prefix`.
  bool HasCompanyPrefix(absl::string_view prefix) const;

  friend auto operator<=>(const Gtin&, const Gtin&) = default;

 private:
  explicit Gtin(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// OK for a GS1 company prefix: 4 to 12 digits. kMalformed otherwise.
absl::Status ValidateCompanyPrefix(absl::string_view prefix);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_GTIN_H_
