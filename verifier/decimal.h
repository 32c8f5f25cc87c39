// Decimal numbers as the C2SP text formats write them. Not for amounts or measurements.
#ifndef TOUCHSTONE_VERIFIER_DECIMAL_H_
#define TOUCHSTONE_VERIFIER_DECIMAL_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

// ASCII digits without sign, blanks, and leading zeros ("0" itself is fine), at most `max`.
// kMalformed otherwise.
absl::StatusOr<uint64_t> ParseDecimal(absl::string_view text, uint64_t max);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_DECIMAL_H_
