// What the signed-note format asks of text: valid UTF-8 (RFC 3629), and no Unicode spaces in names.
// Not for case folding, normalisation or display.
#ifndef TOUCHSTONE_VERIFIER_UTF8_H_
#define TOUCHSTONE_VERIFIER_UTF8_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone {

// OK, or kMalformed naming the offset of the first byte that does not belong: overlong forms,
// surrogates, code points above U+10FFFF, and cut-off sequences are not UTF-8.
absl::Status ValidateUtf8(absl::string_view bytes);

// Whether valid UTF-8 `text` holds a character with the Unicode property White_Space.
bool ContainsUnicodeSpace(absl::string_view text);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_UTF8_H_
