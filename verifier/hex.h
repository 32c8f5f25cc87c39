// Hexadecimal text of byte strings. Not for numbers.
#ifndef TOUCHSTONE_VERIFIER_HEX_H_
#define TOUCHSTONE_VERIFIER_HEX_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

// Two lower-case digits a byte.
std::string HexEncode(absl::string_view bytes);

// An even number of digits of either case, and nothing else; kMalformed otherwise.
absl::StatusOr<std::string> HexDecode(absl::string_view hex);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_HEX_H_
