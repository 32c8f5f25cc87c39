#include "verifier/passport_id.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

PassportId IdOfHex(absl::string_view hex) {
  return ValueOrDie(PassportId::FromBytes(ValueOrDie(HexDecode(hex))));
}

struct Vector {
  absl::string_view hex;
  absl::string_view text;
};

// Computed with Python's integers from the words of docs/FORMAT.md, section 11. The last five have
// the check symbols that are no digits.
constexpr Vector kVectors[] = {
    {"00000000000000000000000000000000", "0000-0000-0000-0000-0000-0000-000"},
    {"ffffffffffffffffffffffffffffffff", "7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ*"},
    {"000102030405060708090a0b0c0d0e0f", "0004-1061-050R-3GG2-8A1C-60T3-GF6"},
    {"0123456789abcdeffedcba9876543210", "014D-2PF2-DBSQ-QZXQ-5TK1-V58C-GGA"},
    {"000001d30172aa1a2ee662db40000020", "0000-0X60-BJN8-D2XS-K2VD-0000-10*"},
    {"000001d30172aa1a2ee662db40000021", "0000-0X60-BJN8-D2XS-K2VD-0000-11~"},
    {"000001d30172aa1a2ee662db40000022", "0000-0X60-BJN8-D2XS-K2VD-0000-12$"},
    {"000001d30172aa1a2ee662db40000023", "0000-0X60-BJN8-D2XS-K2VD-0000-13="},
    {"000001d30172aa1a2ee662db40000024", "0000-0X60-BJN8-D2XS-K2VD-0000-14U"},
};

TEST(PassportId, FormatsAndReadsTheVectors) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(IdOfHex(vector.hex).Format(), vector.text);
    EXPECT_EQ(ValueOrDie(PassportId::Parse(vector.text)), IdOfHex(vector.hex));
  }
}

TEST(PassportId, ReadsWhatPeopleType) {
  const PassportId id = IdOfHex("000102030405060708090a0b0c0d0e0f");
  const std::string text = id.Format();
  std::string plain;
  std::string letters;
  for (const char c : text) {
    if (c != '-') plain.push_back(c);
    letters.push_back(c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c)));
  }
  EXPECT_EQ(ValueOrDie(PassportId::Parse(plain)), id);
  EXPECT_EQ(ValueOrDie(PassportId::Parse(letters)), id);
  for (char& c : letters) c = c == 'l' ? 'I' : c;
  EXPECT_EQ(ValueOrDie(PassportId::Parse("-" + letters + "-")), id);
}

TEST(PassportId, RoundTripsRandomIds) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    std::string bytes;
    for (size_t b = 0; b < PassportId::kBytes; ++b) bytes.push_back(static_cast<char>(random()));
    const PassportId id = ValueOrDie(PassportId::FromBytes(bytes));
    EXPECT_EQ(id.bytes(), bytes);
    EXPECT_EQ(ValueOrDie(PassportId::Parse(id.Format())), id);
  }
}

// 37 is a prime above 32: no single wrong symbol and no swap of two neighbours goes unseen.
TEST(PassportId, NoticesEveryWrongSymbolAndEverySwap) {
  const std::string text = IdOfHex("0123456789abcdeffedcba9876543210").Format();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-') continue;
    for (const char symbol : std::string("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U")) {
      if (symbol == text[i]) continue;
      std::string wrong = text;
      wrong[i] = symbol;
      EXPECT_FALSE(PassportId::Parse(wrong).ok()) << wrong;
    }
    if (i + 1 < text.size() && text[i + 1] != '-' && text[i + 1] != text[i]) {
      std::string swapped = text;
      std::swap(swapped[i], swapped[i + 1]);
      EXPECT_FALSE(PassportId::Parse(swapped).ok()) << swapped;
    }
  }
  std::string wrong = text;
  wrong[5] = wrong[5] == 'A' ? 'B' : 'A';
  EXPECT_THAT(PassportId::Parse(wrong), IsRefused(RefusalCode::kWrongCheckSymbol));
}

TEST(PassportId, RefusesWhatIsNoId) {
  const std::string zero = "0000-0000-0000-0000-0000-0000-000";
  ASSERT_THAT(PassportId::Parse(zero), IsOk());
  for (const std::string& text :
       {std::string(), zero + "0", zero.substr(1), zero.substr(0, zero.size() - 1),
        "U" + zero.substr(1),              // U is a check symbol only
        "8" + zero.substr(1),              // above 128 bits
        " " + zero.substr(1), zero + " ",  // blanks are not ignored
        zero + std::string(100, '-'),      // bounded
        "\xC3\xA9" + zero.substr(2), std::string(1, '\0') + zero.substr(1)}) {
    EXPECT_THAT(PassportId::Parse(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
}

TEST(PassportId, Has16Bytes) {
  for (const size_t size : {0, 15, 17, 32}) {
    EXPECT_THAT(PassportId::FromBytes(std::string(size, 'x')), IsRefused(RefusalCode::kMalformed));
  }
}

}  // namespace
}  // namespace touchstone
