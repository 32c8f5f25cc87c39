#include "verifier/ed25519_subgroup.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <array>
#include <random>
#include <string>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

unsigned char* Unsigned(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

const unsigned char* Unsigned(const std::string& bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// The oracle, which multiplies by the order of the subgroup.
bool SodiumAccepts(const std::string& encoding) {
  return crypto_core_ed25519_is_valid_point(Unsigned(encoding)) == 1;
}

void ExpectAgreement(const std::string& encoding) {
  EXPECT_EQ(IsInMainSubgroup(encoding), SodiumAccepts(encoding)) << HexEncode(encoding);
}

std::string WithSign(std::string encoding, bool negative) {
  encoding[31] = static_cast<char>((encoding[31] & 0x7F) | (negative ? 0x80 : 0));
  return encoding;
}

std::string Sum(const std::string& a, const std::string& b) {
  std::string sum(32, '\0');
  EXPECT_EQ(crypto_core_ed25519_add(Unsigned(sum), Unsigned(a), Unsigned(b)), 0);
  return sum;
}

// The multiples 0 to 7 of a point of order 8.
std::array<std::string, 8> SmallOrderPoints() {
  std::array<std::string, 8> points;
  points[0] = "\x01" + std::string(31, '\0');
  points[1] =
      ValueOrDie(HexDecode("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"));
  for (size_t i = 2; i < points.size(); ++i) points[i] = Sum(points[i - 1], points[1]);
  EXPECT_NE(points[4], points[0]);
  EXPECT_EQ(Sum(points[7], points[1]), points[0]);
  return points;
}

class RandomEncodings {
 public:
  explicit RandomEncodings(uint64_t seed) : random_(seed) {}

  std::string Next() {
    std::string encoding(32, '\0');
    for (char& byte : encoding) byte = static_cast<char>(random_());
    return encoding;
  }

  std::string NextInSubgroup() {
    const std::string seed = Next() + Next();
    std::string point(32, '\0');
    std::string scalar(32, '\0');
    crypto_core_ed25519_scalar_reduce(Unsigned(scalar), Unsigned(seed));
    EXPECT_EQ(crypto_scalarmult_ed25519_base_noclamp(Unsigned(point), Unsigned(scalar)), 0);
    return point;
  }

 private:
  std::mt19937_64 random_;
};

TEST(Ed25519Subgroup, AgreesWithLibsodiumOnRandomBytes) {
  constexpr int kEncodings = 200'000;
  RandomEncodings random(1);
  int accepted = 0;
  for (int i = 0; i < kEncodings; ++i) {
    const std::string encoding = random.Next();
    const bool in_subgroup = IsInMainSubgroup(encoding);
    accepted += in_subgroup ? 1 : 0;
    ASSERT_EQ(in_subgroup, SodiumAccepts(encoding)) << HexEncode(encoding);
  }
  // Every second number is the y of points, one in eight of which is in the subgroup.
  EXPECT_NEAR(accepted, kEncodings / 16, kEncodings / 160);
}

TEST(Ed25519Subgroup, AcceptsAPointAndNoneOfItsSumsWithPointsOfSmallOrder) {
  const std::array<std::string, 8> small = SmallOrderPoints();
  RandomEncodings random(2);
  for (int i = 0; i < 2000; ++i) {
    const std::string point = random.NextInSubgroup();
    for (size_t multiple = 0; multiple < small.size(); ++multiple) {
      const std::string sum = Sum(point, small[multiple]);
      ASSERT_EQ(IsInMainSubgroup(sum), multiple == 0) << HexEncode(sum);
      ASSERT_EQ(SodiumAccepts(sum), multiple == 0)
          << HexEncode(sum) << ": libsodium before the correction of CVE-2025-69277?";
    }
    ASSERT_TRUE(IsInMainSubgroup(WithSign(point, true)));
    ASSERT_TRUE(IsInMainSubgroup(WithSign(point, false)));
  }
}

TEST(Ed25519Subgroup, RefusesPointsOfSmallOrder) {
  for (const std::string& point : SmallOrderPoints()) {
    for (const bool negative : {false, true}) {
      EXPECT_FALSE(IsInMainSubgroup(WithSign(point, negative))) << HexEncode(point);
      ExpectAgreement(WithSign(point, negative));
    }
  }
}

// y, with either sign, around everything that is special: 0, 1, p - 1, p and beyond (which spell
// 0 to 18 once more), 2^255 - 1, and where limbs end.
TEST(Ed25519Subgroup, AgreesWithLibsodiumAtTheEdges) {
  for (int low = 0; low < 256; ++low) {
    for (const char rest : {'\0', '\xFF'}) {
      const std::string encoding = std::string(1, static_cast<char>(low)) + std::string(31, rest);
      for (const bool negative : {false, true}) {
        ExpectAgreement(WithSign(encoding, negative));
        if (rest == '\xFF' && low >= 0xED) {
          EXPECT_FALSE(IsInMainSubgroup(WithSign(encoding, negative)));
        }
      }
    }
  }
  for (int bit = 0; bit < 255; ++bit) {
    std::string power(32, '\0');
    power[static_cast<size_t>(bit / 8)] = static_cast<char>(1 << bit % 8);
    std::string ones(32, '\0');
    for (int below = 0; below < bit; ++below) {
      char& byte = ones[static_cast<size_t>(below / 8)];
      byte = static_cast<char>(byte | 1 << below % 8);
    }
    for (const std::string& encoding : {power, ones}) {
      for (const bool negative : {false, true}) ExpectAgreement(WithSign(encoding, negative));
    }
  }
}

TEST(Ed25519Subgroup, TakesExactly32Bytes) {
  const std::string point = RandomEncodings(3).NextInSubgroup();
  EXPECT_TRUE(IsInMainSubgroup(point));
  EXPECT_FALSE(IsInMainSubgroup(""));
  EXPECT_FALSE(IsInMainSubgroup(point.substr(0, 31)));
  EXPECT_FALSE(IsInMainSubgroup(point + '\0'));
}

TEST(Ed25519Subgroup, HasTheSlopeOfTheRightTangent) {
  const FieldElement two = kFieldOne + kFieldOne;
  const FieldElement a_plus_two = {{486664, 0, 0, 0, 0}};
  EXPECT_TRUE(Square(kTangentSlope + two) == a_plus_two);
  EXPECT_TRUE(SquareRoot(kTangentSlope + two).has_value());
  EXPECT_FALSE(SquareRoot(kTangentSlope).has_value());
}

}  // namespace
}  // namespace touchstone
