#include "verifier/field25519.h"

#include <cstddef>

#include "absl/base/attributes.h"
#include "absl/numeric/int128.h"

namespace touchstone {
namespace {

constexpr size_t kLimbBits = 51;
constexpr uint64_t kLimbMask = (uint64_t{1} << kLimbBits) - 1;
constexpr size_t kBytes = 32;

absl::uint128 Product(uint64_t a, uint64_t b) { return absl::uint128(a) * b; }

uint64_t Carry(absl::uint128 sum) { return absl::Uint128Low64(sum >> kLimbBits); }
uint64_t LowLimb(absl::uint128 sum) { return absl::Uint128Low64(sum) & kLimbMask; }

// The number Σ s_i·2^(51·i). What is carried out of the top comes back at the bottom, since
// 2^255 = 19. Each sum is at most 77 = 1 + 4·19 times 2^104 (limbs are below 2^52), so a carry is
// below 2^60. The top sum is at most 5 times 2^104, so 19 times its carry is below 2^60 as well,
// and what is carried on from that below 2^9: one more carry is not needed.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline FieldElement Reduce(absl::uint128 s0, absl::uint128 s1,
                                                        absl::uint128 s2, absl::uint128 s3,
                                                        absl::uint128 s4) {
  s1 += Carry(s0);
  s2 += Carry(s1);
  s3 += Carry(s2);
  s4 += Carry(s3);
  const uint64_t low = LowLimb(s0) + 19 * Carry(s4);
  return {
      {low & kLimbMask, LowLimb(s1) + (low >> kLimbBits), LowLimb(s2), LowLimb(s3), LowLimb(s4)}};
}

FieldElement Reduce(const std::array<uint64_t, 5>& limbs) {
  return Reduce(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]);
}

// Nearly all the time of this file goes here. Within a loop, GCC 12 finds no good use of the
// registers for it, and it takes a third longer.
ABSL_ATTRIBUTE_NOINLINE void SquareInPlace(FieldElement& a) {
  const auto& [a0, a1, a2, a3, a4] = a.limbs;
  const uint64_t twice_a0 = 2 * a0;
  const uint64_t twice_a1 = 2 * a1;
  const uint64_t a2_by_38 = 38 * a2;
  const uint64_t a3_by_19 = 19 * a3;
  const uint64_t a4_by_19 = 19 * a4;
  const uint64_t a4_by_38 = 2 * a4_by_19;
  a = Reduce(Product(a0, a0) + Product(a4_by_38, a1) + Product(a2_by_38, a3),
             Product(twice_a0, a1) + Product(a4_by_38, a2) + Product(a3, a3_by_19),
             Product(twice_a0, a2) + Product(a1, a1) + Product(a4_by_38, a3),
             Product(twice_a0, a3) + Product(twice_a1, a2) + Product(a4, a4_by_19),
             Product(twice_a0, a4) + Product(twice_a1, a3) + Product(a2, a2));
}

// a^(2^n).
FieldElement SquareTimes(FieldElement a, int n) {
  for (; n > 0; --n) SquareInPlace(a);
  return a;
}

// a^((p-5)/8), where (p-5)/8 = 2^252 - 3: 251 squarings and 11 products. x_n is a^(2^n - 1).
FieldElement PowerForRoots(const FieldElement& a) {
  const FieldElement square = Square(a);
  const FieldElement ninth = a * SquareTimes(square, 2);
  const FieldElement eleventh = square * ninth;
  const FieldElement x_5 = ninth * Square(eleventh);
  const FieldElement x_10 = x_5 * SquareTimes(x_5, 5);
  const FieldElement x_20 = x_10 * SquareTimes(x_10, 10);
  const FieldElement x_40 = x_20 * SquareTimes(x_20, 20);
  const FieldElement x_50 = x_10 * SquareTimes(x_40, 10);
  const FieldElement x_100 = x_50 * SquareTimes(x_50, 50);
  const FieldElement x_200 = x_100 * SquareTimes(x_100, 100);
  const FieldElement x_250 = x_50 * SquareTimes(x_200, 50);
  return a * SquareTimes(x_250, 2);
}

}  // namespace

std::optional<FieldElement> FieldElementFromBytes(absl::string_view bytes) {
  if (bytes.size() != kBytes) return std::nullopt;
  std::array<uint64_t, 4> words = {};
  for (size_t i = 0; i < kBytes; ++i) {
    words[i / 8] |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * (i % 8));
  }
  const FieldElement number = {{words[0] & kLimbMask, (words[0] >> 51 | words[1] << 13) & kLimbMask,
                                (words[1] >> 38 | words[2] << 26) & kLimbMask,
                                (words[2] >> 25 | words[3] << 39) & kLimbMask,
                                (words[3] >> 12) & kLimbMask}};
  const bool top_is_full = number.limbs[1] == kLimbMask && number.limbs[2] == kLimbMask &&
                           number.limbs[3] == kLimbMask && number.limbs[4] == kLimbMask;
  if (top_is_full && number.limbs[0] >= kLimbMask - 18) return std::nullopt;
  return number;
}

FieldElement operator+(const FieldElement& a, const FieldElement& b) {
  std::array<uint64_t, 5> sum;
  for (size_t i = 0; i < sum.size(); ++i) sum[i] = a.limbs[i] + b.limbs[i];
  return Reduce(sum);
}

FieldElement operator-(const FieldElement& a, const FieldElement& b) {
  // 4p is added, in limbs that are larger than any of b's.
  std::array<uint64_t, 5> difference;
  for (size_t i = 0; i < difference.size(); ++i) {
    const uint64_t limb_of_p = i == 0 ? kLimbMask - 18 : kLimbMask;
    difference[i] = a.limbs[i] + 4 * limb_of_p - b.limbs[i];
  }
  return Reduce(difference);
}

FieldElement operator*(const FieldElement& a, const FieldElement& b) {
  const auto& [a0, a1, a2, a3, a4] = a.limbs;
  const auto& [b0, b1, b2, b3, b4] = b.limbs;
  const uint64_t b1_by_19 = 19 * b1;
  const uint64_t b2_by_19 = 19 * b2;
  const uint64_t b3_by_19 = 19 * b3;
  const uint64_t b4_by_19 = 19 * b4;
  return Reduce(
      Product(a0, b0) + Product(a1, b4_by_19) + Product(a2, b3_by_19) + Product(a3, b2_by_19) +
          Product(a4, b1_by_19),
      Product(a0, b1) + Product(a1, b0) + Product(a2, b4_by_19) + Product(a3, b3_by_19) +
          Product(a4, b2_by_19),
      Product(a0, b2) + Product(a1, b1) + Product(a2, b0) + Product(a3, b4_by_19) +
          Product(a4, b3_by_19),
      Product(a0, b3) + Product(a1, b2) + Product(a2, b1) + Product(a3, b0) + Product(a4, b4_by_19),
      Product(a0, b4) + Product(a1, b3) + Product(a2, b2) + Product(a3, b1) + Product(a4, b0));
}

bool operator==(const FieldElement& a, const FieldElement& b) {
  const FieldElement difference = a - b;
  // As Reduce writes it, it is below 2^255 + 2^60, so the only multiples of p are 0 and p itself.
  // What Reduce left to carry is carried here, which makes the limbs those of the number.
  const std::array<uint64_t, 5>& limbs = difference.limbs;
  uint64_t carry = 0;
  bool all_zero = true;
  bool all_of_p = true;
  for (size_t i = 0; i < limbs.size(); ++i) {
    const uint64_t limb = (limbs[i] + carry) & kLimbMask;
    carry = (limbs[i] + carry) >> kLimbBits;
    all_zero = all_zero && limb == 0;
    all_of_p = all_of_p && limb == (i == 0 ? kLimbMask - 18 : kLimbMask);
  }
  return (all_zero || all_of_p) && carry == 0;
}

FieldElement Square(const FieldElement& a) { return SquareTimes(a, 1); }

std::optional<FieldElement> SquareRoot(const FieldElement& a) {
  // Its square is a·a^((p-1)/4), and a^((p-1)/4) is 1 or -1 if a is a square.
  const FieldElement root = a * PowerForRoots(a);
  const FieldElement square = Square(root);
  if (square == a) return root;
  const FieldElement other = root * kSquareRootOfMinusOne;
  if (Square(other) == a) return other;
  return std::nullopt;
}

FieldElement QuarticCharacter(const FieldElement& a) {
  return Square(PowerForRoots(a)) * a;  // 2·(p-5)/8 + 1 = (p-1)/4
}

}  // namespace touchstone
