#include "verifier/signing/claim_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The code 000102030405060708090a0b0c0d0e0f, computed as the two below were.
constexpr char kCounting[] = "CLAIM-0004-1061-050R-3GG2-8A1C-60T3-GF5E";

std::string TextOf(const ClaimCode& code) {
  const SecretBytes text = ValueOrDie(code.Format());
  return std::string(text.ExposeText());
}

std::string HexOf(const ClaimCode& code) {
  const absl::Span<const uint8_t> bytes = code.ExposeBytes();
  return HexEncode(absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

PassportId IdOfHex(absl::string_view hex) {
  return ValueOrDie(PassportId::FromBytes(ValueOrDie(HexDecode(hex))));
}

// Computed with Python's integers from the words of docs/FORMAT.md, section 11.
TEST(ClaimCode, FormatsAndReadsTheVectors) {
  for (const auto& [hex, text] :
       {std::pair("00000000000000000000000000000000", "CLAIM-0000-0000-0000-0000-0000-0000-0000"),
        std::pair("ffffffffffffffffffffffffffffffff", "CLAIM-7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZM5"),
        std::pair("000102030405060708090a0b0c0d0e0f", kCounting),
        std::pair("0123456789abcdeffedcba9876543210",
                  "CLAIM-014D-2PF2-DBSQ-QZXQ-5TK1-V58C-GGY4")}) {
    const ClaimCode code = ValueOrDie(ClaimCode::Parse(text));
    EXPECT_EQ(HexOf(code), hex);
    EXPECT_EQ(TextOf(code), text);
  }
}

TEST(ClaimCode, ReadsWhatPeopleType) {
  for (const char* typed :
       {"claim-0004-1061-050r-3gg2-8a1c-60t3-gf5e", "0004-1061-050R-3GG2-8A1C-60T3-GF5E",
        "000410610 50R3GG28A1C60T3GF5E", " Claim 0004 1061 050R 3GG2 8A1C 60T3 GF5E ",
        "CLA1M-OOO4-lO6I-O5OR-3GG2-8AiC-6OT3-GF5E", "\tCLAIM0004106 1050R3GG28A1C60T3GF5E--"}) {
    EXPECT_EQ(TextOf(ValueOrDie(ClaimCode::Parse(typed))), kCounting) << typed;
  }
}

// One wrong symbol, or two neighbours exchanged: always found.
TEST(ClaimCode, FindsWhatIsMistyped) {
  const std::string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (int round = 0; round < 20; ++round) {
    const std::string right = TextOf(ValueOrDie(ClaimCode::Generate()));
    for (size_t i = kClaimCodePrefix.size(); i < right.size(); ++i) {
      if (right[i] == '-') continue;
      for (const char symbol : alphabet) {
        std::string typed = right;
        typed[i] = symbol;
        EXPECT_EQ(ClaimCode::Parse(typed).ok(), symbol == right[i]);
      }
      const size_t next = i + 1 < right.size() && right[i + 1] == '-' ? i + 2 : i + 1;
      if (next >= right.size() || right[i] == right[next]) continue;
      std::string typed = right;
      std::swap(typed[i], typed[next]);
      EXPECT_FALSE(ClaimCode::Parse(typed).ok());
    }
  }
}

TEST(ClaimCode, RefusesWithoutRepeatingTheCode) {
  std::string typed = kCounting;
  typed.back() = 'F';
  const absl::StatusOr<ClaimCode> mistyped = ClaimCode::Parse(typed);
  EXPECT_THAT(mistyped, IsRefused(RefusalCode::kWrongCheckSymbol));
  EXPECT_THAT(std::string(mistyped.status().message()), Not(HasSubstr("050R")));
  for (const std::string& wrong :
       {std::string(), std::string("CLAIM-"), std::string(kCounting) + "0",
        std::string(kCounting).substr(0, 39), "8" + std::string(kCounting).substr(7),
        std::string("CLAIM-0004-1061-050R-3GG2-8A1C-60T3-GF5U"), std::string(100, '0'),
        std::string(kCounting) + "\n", std::string(28, '\0')}) {
    const absl::StatusOr<ClaimCode> refused = ClaimCode::Parse(wrong);
    EXPECT_THAT(refused, IsRefused(RefusalCode::kMalformed)) << wrong;
    EXPECT_THAT(std::string(refused.status().message()), Not(HasSubstr("050R")));
  }
}

TEST(ClaimCode, IsNoPassportId) {
  const PassportId id = IdOfHex("000102030405060708090a0b0c0d0e0f");
  const absl::StatusOr<ClaimCode> code = ClaimCode::Parse(id.Format());
  EXPECT_THAT(code, IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(std::string(code.status().message()), HasSubstr("passport id"));
  EXPECT_FALSE(PassportId::Parse(kCounting).ok());
  EXPECT_FALSE(PassportId::Parse(std::string(kCounting).substr(6)).ok());
}

// The seed is fc077c2d..., computed with Python's hmac from the words of docs/FORMAT.md.
TEST(ClaimCode, TheKeyIsAsTheFormatSays) {
  const ClaimCode code = ValueOrDie(ClaimCode::Parse(kCounting));
  const SecretKey key = ValueOrDie(
      code.DeriveKey("passports.example/log", IdOfHex("27e1a2e252f49f328f3f84428a4c4452")));
  const absl::Span<const uint8_t> seed = key.ExposeSeed();
  EXPECT_EQ(HexEncode(absl::string_view(reinterpret_cast<const char*>(seed.data()), seed.size())),
            "fc077c2db18cf329a3dab7d397246d17f12ef21702427564bba83f10fd569e45");
}

TEST(ClaimCode, EveryInputOfTheKeyCounts) {
  const ClaimCode code = ValueOrDie(ClaimCode::Parse(kCounting));
  const ClaimCode other = ValueOrDie(ClaimCode::Generate());
  const PassportId id = IdOfHex("27e1a2e252f49f328f3f84428a4c4452");
  const PublicKey key = ValueOrDie(code.DeriveKey("a.example/log", id)).public_key();
  EXPECT_EQ(ValueOrDie(code.DeriveKey("a.example/log", id)).public_key(), key);
  EXPECT_NE(ValueOrDie(other.DeriveKey("a.example/log", id)).public_key(), key);
  EXPECT_NE(ValueOrDie(code.DeriveKey("b.example/log", id)).public_key(), key);
  EXPECT_NE(ValueOrDie(code.DeriveKey("a.example/log", IdOfHex("27e1a2e252f49f328f3f84428a4c4453")))
                .public_key(),
            key);
  EXPECT_FALSE(code.DeriveKey("", id).ok());
}

TEST(ClaimCode, IsAnotherOneEachTime) {
  EXPECT_NE(TextOf(ValueOrDie(ClaimCode::Generate())), TextOf(ValueOrDie(ClaimCode::Generate())));
}

}  // namespace
}  // namespace touchstone
