// The 16 bytes that name a passport, and the text in which people see and type them
// (docs/FORMAT.md, section 11). Not for how issuers derive them
// (verifier/signing/passport_id_derivation.h).
#ifndef TOUCHSTONE_VERIFIER_PASSPORT_ID_H_
#define TOUCHSTONE_VERIFIER_PASSPORT_ID_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

class PassportId {
 public:
  static constexpr size_t kBytes = 16;

  // Exactly 16 bytes, any; kMalformed otherwise.
  static absl::StatusOr<PassportId> FromBytes(absl::string_view bytes);

  // Reads the text form: 26 Crockford base 32 symbols and the check symbol, in either case, with
  // '-' anywhere, O for 0, I and L for 1. Errors: kMalformed, kWrongCheckSymbol.
  static absl::StatusOr<PassportId> Parse(absl::string_view text);

  // "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXX".
  std::string Format() const;

  // Valid while this object lives.
  absl::string_view bytes() const;

  friend auto operator<=>(const PassportId&, const PassportId&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const PassportId& id) {
    return H::combine(std::move(state), id.bytes_);
  }

 private:
  PassportId() = default;
  std::array<uint8_t, kBytes> bytes_ = {};
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PASSPORT_ID_H_
