#include "verifier/field25519.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

// The oracle: OpenSSL's numbers.
struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

Number FromText(const char* hex) {
  BIGNUM* number = nullptr;
  EXPECT_GT(BN_hex2bn(&number, hex), 0);
  return Number(number);
}

Number FromText(absl::string_view hex) { return FromText(std::string(hex).c_str()); }

const BIGNUM& Prime() {
  static const Number prime =
      FromText("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
  return *prime;
}

BN_CTX* Context() {
  static const std::unique_ptr<BN_CTX, FreeNumber> context(BN_CTX_new());
  return context.get();
}

FieldElement ToElement(const BIGNUM& number) {
  std::string bytes(32, '\0');
  EXPECT_EQ(BN_bn2lebinpad(&number, reinterpret_cast<unsigned char*>(bytes.data()), 32), 32);
  const std::optional<FieldElement> element = FieldElementFromBytes(bytes);
  EXPECT_TRUE(element.has_value());
  return element.value_or(kFieldOne);
}

// What limbs and carries are most likely to get wrong, and some numbers without a pattern.
std::vector<Number> InterestingNumbers() {
  std::vector<Number> numbers;
  for (const int small : {0, 1, 2, 18, 19, 20, 38}) {
    Number number(BN_new());
    BN_set_word(number.get(), static_cast<BN_ULONG>(small));
    Number from_above(BN_new());
    BN_mod_sub(from_above.get(), number.get(), BN_value_one(), &Prime(), Context());
    numbers.push_back(std::move(number));
    numbers.push_back(std::move(from_above));
    if (small == 0) continue;
    Number below(BN_new());
    BN_sub(below.get(), &Prime(), numbers[numbers.size() - 2].get());
    numbers.push_back(std::move(below));
  }
  for (int bit = 50; bit < 255; bit += 51) {
    for (const int shift : {0, 1, 2}) {
      Number power(BN_new());
      BN_set_bit(power.get(), std::min(bit + shift, 254));
      Number below(BN_dup(power.get()));
      BN_sub_word(below.get(), 1);
      numbers.push_back(std::move(power));
      numbers.push_back(std::move(below));
    }
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 40; ++i) {
    std::string bytes;
    for (int j = 0; j < 32; ++j) bytes.push_back(static_cast<char>(random()));
    bytes[0] = static_cast<char>(bytes[0] & 0x3f);
    numbers.push_back(FromText(absl::string_view(HexEncode(bytes))));
  }
  return numbers;
}

TEST(Field25519, ComputesAsOpenSslDoes) {
  const std::vector<Number> numbers = InterestingNumbers();
  const Number expected(BN_new());
  for (const Number& a : numbers) {
    const FieldElement element = ToElement(*a);
    BN_mod_sqr(expected.get(), a.get(), &Prime(), Context());
    EXPECT_TRUE(Square(element) == ToElement(*expected));
    for (const Number& b : numbers) {
      BN_mod_add(expected.get(), a.get(), b.get(), &Prime(), Context());
      EXPECT_TRUE(element + ToElement(*b) == ToElement(*expected));
      BN_mod_sub(expected.get(), a.get(), b.get(), &Prime(), Context());
      EXPECT_TRUE(element - ToElement(*b) == ToElement(*expected));
      BN_mod_mul(expected.get(), a.get(), b.get(), &Prime(), Context());
      EXPECT_TRUE(element * ToElement(*b) == ToElement(*expected));
      EXPECT_EQ(element == ToElement(*b), BN_cmp(a.get(), b.get()) == 0);
    }
  }
}

// No function of this library writes such limbs; they are as large as the contract lets them be.
TEST(Field25519, TakesLimbsUpToTheirLimit) {
  constexpr uint64_t kLargest = (uint64_t{1} << 52) - 1;
  const FieldElement largest = {{kLargest, kLargest, kLargest, kLargest, kLargest}};
  const Number value(BN_new());
  const Number limb(BN_new());
  for (int i = 4; i >= 0; --i) {
    BN_lshift(value.get(), value.get(), 51);
    BN_set_word(limb.get(), kLargest);
    BN_add(value.get(), value.get(), limb.get());
  }
  BN_nnmod(value.get(), value.get(), &Prime(), Context());
  EXPECT_TRUE(largest == ToElement(*value));
  const Number expected(BN_new());
  BN_mod_sqr(expected.get(), value.get(), &Prime(), Context());
  EXPECT_TRUE(Square(largest) == ToElement(*expected));
  EXPECT_TRUE(largest * largest == ToElement(*expected));
  BN_mod_add(expected.get(), value.get(), value.get(), &Prime(), Context());
  EXPECT_TRUE(largest + largest == ToElement(*expected));
  BN_mod_sub(expected.get(), BN_value_one(), value.get(), &Prime(), Context());
  EXPECT_TRUE(kFieldOne - largest == ToElement(*expected));
}

TEST(Field25519, FindsRootsWhereThereAreAny) {
  const Number exponent(BN_dup(&Prime()));
  BN_rshift(exponent.get(), exponent.get(), 2);  // (p-1)/4
  const Number expected(BN_new());
  int squares = 0;
  const std::vector<Number> numbers = InterestingNumbers();
  for (const Number& a : numbers) {
    const FieldElement element = ToElement(*a);
    BN_mod_exp(expected.get(), a.get(), exponent.get(), &Prime(), Context());
    EXPECT_TRUE(QuarticCharacter(element) == ToElement(*expected));
    const std::optional<FieldElement> root = SquareRoot(element);
    EXPECT_EQ(root.has_value(), BN_kronecker(a.get(), &Prime(), Context()) >= 0);
    if (!root) continue;
    ++squares;
    EXPECT_TRUE(Square(*root) == element);
  }
  EXPECT_GT(squares, 20);
  EXPECT_LT(squares, static_cast<int>(numbers.size()) - 20);
  EXPECT_TRUE(Square(kSquareRootOfMinusOne) + kFieldOne == FieldElement{});
}

TEST(Field25519, ReadsNumbersBelowThePrimeOnly) {
  const std::string top(30, '\xFF');
  EXPECT_TRUE(FieldElementFromBytes("\xEC" + top + "\x7F").has_value());
  for (int low = 0xED; low <= 0xFF; ++low) {
    const std::string bytes = std::string(1, static_cast<char>(low)) + top;
    EXPECT_FALSE(FieldElementFromBytes(bytes + "\x7F").has_value());
    EXPECT_FALSE(FieldElementFromBytes(bytes + "\xFF").has_value());
  }
  // The highest bit is not the number's.
  const std::string one = "\x01" + std::string(30, '\0');
  EXPECT_TRUE(FieldElementFromBytes(one + "\x80").value() == kFieldOne);
  EXPECT_FALSE(FieldElementFromBytes(one).has_value());
  EXPECT_FALSE(FieldElementFromBytes(one + std::string(2, '\0')).has_value());
}

}  // namespace
}  // namespace touchstone
