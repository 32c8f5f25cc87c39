// Standard base64 (RFC 4648 section 4, with padding) as the C2SP formats use it. Not the URL-safe
// alphabet.
#ifndef TOUCHSTONE_VERIFIER_BASE64_H_
#define TOUCHSTONE_VERIFIER_BASE64_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

std::string Base64Encode(absl::string_view bytes);

// Reads only what Base64Encode writes: full padding, no blanks or line ends, no set bits behind the
// last byte. So each byte string has exactly one text. Anything else is kMalformed.
absl::StatusOr<std::string> Base64Decode(absl::string_view text);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_BASE64_H_
