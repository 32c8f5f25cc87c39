// Base 32 of RFC 4648, section 6, capitals without padding: what QR codes pack best. Not for
// passport ids, which have Crockford's alphabet (verifier/passport_id.h).
#ifndef TOUCHSTONE_VERIFIER_BASE32_H_
#define TOUCHSTONE_VERIFIER_BASE32_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

std::string Base32Encode(absl::string_view bytes);

// Reads exactly what Base32Encode writes: capitals, no padding, no length that no bytes have, no
// set bits behind the last byte. So each byte string has exactly one text. kMalformed otherwise.
absl::StatusOr<std::string> Base32Decode(absl::string_view text);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_BASE32_H_
