// Crockford's base 32 of 128 bits, for what people read aloud and type: passport ids and claim
// codes, which add check symbols of their own. Not for QR codes (verifier/base32.h).
#ifndef TOUCHSTONE_VERIFIER_CROCKFORD_H_
#define TOUCHSTONE_VERIFIER_CROCKFORD_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace touchstone {

inline constexpr unsigned kCrockfordDigits = 32;
// Crockford's check symbols are five more than the digits.
inline constexpr unsigned kCrockfordSymbols = 37;

// 128 bits in 26 digits, with two zero bits in front: the first digit is at most 7.
inline constexpr size_t kCrockford128Bytes = 16;
inline constexpr size_t kCrockford128Digits = 26;
inline constexpr unsigned kCrockford128FirstDigitMax = 7;

// `value` is below kCrockfordSymbols.
char CrockfordSymbol(unsigned value);

// The value of a symbol as people write it: in either case, O for 0, I and L for 1.
// kCrockfordSymbols for what is none.
unsigned CrockfordValue(char symbol);

// 16 bytes into 26 digits.
void WriteCrockford128(absl::Span<const uint8_t> bytes, absl::Span<char> digits);

// 26 digits' values, each below kCrockfordDigits and the first at most kCrockford128FirstDigitMax,
// into 16 bytes. The digits may be secret: nothing of them is kept.
class Crockford128Reader {
 public:
  // `bytes` are 16, and outlive this object.
  explicit Crockford128Reader(absl::Span<uint8_t> bytes) : bytes_(bytes) {}

  void Add(unsigned digit);

 private:
  absl::Span<uint8_t> bytes_;
  size_t filled_ = 0;
  // Bits that wait for the rest of their byte; the two zero bits in front stand in none.
  unsigned pending_ = 0;
  int pending_bits_ = -2;
};

// The bytes as a number, modulo `modulus`, which is below 2^24.
uint32_t RemainderOf(absl::Span<const uint8_t> bytes, uint32_t modulus);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CROCKFORD_H_
