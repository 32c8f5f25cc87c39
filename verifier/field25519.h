// Arithmetic modulo p = 2^255 - 19, as far as checking public points of Ed25519 needs it
// (verifier/ed25519_subgroup.h). Its time depends on the numbers: not for secrets.
#ifndef TOUCHSTONE_VERIFIER_FIELD25519_H_
#define TOUCHSTONE_VERIFIER_FIELD25519_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace touchstone {

// The number Σ limbs[i]·2^(51·i) modulo p. Every limb is below 2^52: that is what all functions
// here take and give, and one number can be written in several ways.
struct FieldElement {
  std::array<uint64_t, 5> limbs;
};

inline constexpr FieldElement kFieldOne = {{1, 0, 0, 0, 0}};

// A square root of -1: 2^((p-1)/4).
inline constexpr FieldElement kSquareRootOfMinusOne = {
    {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};

// The number in the low 255 bits of 32 bytes, little-endian; nothing if it is p or more.
std::optional<FieldElement> FieldElementFromBytes(absl::string_view bytes);

FieldElement operator+(const FieldElement& a, const FieldElement& b);
FieldElement operator-(const FieldElement& a, const FieldElement& b);
FieldElement operator*(const FieldElement& a, const FieldElement& b);

// Whether they are the same number, however it is written.
bool operator==(const FieldElement& a, const FieldElement& b);

FieldElement Square(const FieldElement& a);

// A number whose square is `a`; nothing if there is none. Which of the two is not said.
std::optional<FieldElement> SquareRoot(const FieldElement& a);

// a^((p-1)/4): 1 for a fourth power, -1 for another square, a square root of -1 for what is no
// square, 0 for 0. Multiplicative.
FieldElement QuarticCharacter(const FieldElement& a);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_FIELD25519_H_
