// Unsigned integers as big-endian bytes, the one order that our formats use. Not for text numbers
// (verifier/decimal.h).
#ifndef TOUCHSTONE_VERIFIER_BIG_ENDIAN_H_
#define TOUCHSTONE_VERIFIER_BIG_ENDIAN_H_

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>

#include "absl/strings/string_view.h"

namespace touchstone {

// Appends the sizeof(T) bytes of `value`. The type is named at the call, since it is the format:
// AppendBigEndian<uint16_t>(out, length).
template <std::unsigned_integral T>
void AppendBigEndian(std::string& out, std::type_identity_t<T> value) {
  for (size_t i = sizeof(T); i-- > 0;) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value >> (8 * i))));
  }
}

// Reads the first sizeof(T) bytes of `bytes`, which the caller knows to be that long.
template <std::unsigned_integral T>
T LoadBigEndian(absl::string_view bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>((value << 8) | static_cast<unsigned char>(bytes[i]));
  }
  return value;
}

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_BIG_ENDIAN_H_
