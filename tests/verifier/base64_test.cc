#include "verifier/base64.h"

#include <gtest/gtest.h>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

// RFC 4648 section 10.
constexpr struct {
  absl::string_view bytes, text;
} kRfcVectors[] = {{"", ""},
                   {"f", "Zg=="},
                   {"fo", "Zm8="},
                   {"foo", "Zm9v"},
                   {"foob", "Zm9vYg=="},
                   {"fooba", "Zm9vYmE="},
                   {"foobar", "Zm9vYmFy"}};

TEST(Base64, EncodesTheVectorsOfTheRfc) {
  for (const auto& vector : kRfcVectors) EXPECT_EQ(Base64Encode(vector.bytes), vector.text);
}

TEST(Base64, DecodesTheVectorsOfTheRfc) {
  for (const auto& vector : kRfcVectors) {
    EXPECT_EQ(ValueOrDie(Base64Decode(vector.text)), vector.bytes);
  }
}

TEST(Base64, UsesTheStandardAlphabet) {
  EXPECT_EQ(Base64Encode("\xFB\xEF\xFF"), "++//");
  EXPECT_EQ(ValueOrDie(Base64Decode("++//")), "\xFB\xEF\xFF");
}

TEST(Base64, RefusesEverySecondSpellingOfTheSameBytes) {
  for (const absl::string_view text : {
           "Zg",
           "Zg=",
           "Zg===",
           "Zg====",
           "Zm8",
           "Zm8==",
           "Zm9v=",
           "=",
           "==",
           "====",
           "Z===",
           "Z",
           "Zm9vY",  // padding missing,
                     // partial or too much
           "Zh==",
           "Zm9=",
           "Zn==",
           "//==",  // set bits behind the last byte
           "Zg==Zg==",
           "Zg==Zm9v",
           "=Zg=",  // padding in the middle
           " Zg==",
           "Zg== ",
           "Zg==\n",
           "Z\ng==",
           "Zm 9v",
           "Zm9v\r\n",
           "-_-_",
           "Zm9*",
           "Zm9\xC3\xA9",
       }) {
    EXPECT_THAT(Base64Decode(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
  EXPECT_THAT(Base64Decode(absl::string_view("Zg=\0", 4)), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(Base64Decode(absl::string_view("Zm9\0", 4)), IsRefused(RefusalCode::kMalformed));
}

// libsodium's own reader takes some of these for letters.
TEST(Base64, RefusesEveryByteOutsideTheAlphabetInEveryPlace) {
  const absl::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (size_t place = 0; place < 4; ++place) {
      std::string text = "AAAA";
      text[place] = c;
      const bool is_in_alphabet = alphabet.find(c) != absl::string_view::npos;
      const bool is_padding = c == '=' && place == 3;
      EXPECT_EQ(Base64Decode(text).ok(), is_in_alphabet || is_padding) << byte << " at " << place;
    }
  }
}

// Whatever four characters are read, writing gives the same four.
TEST(Base64, HasOneTextForEachByteString) {
  const std::string alphabet = "ABgwZ/+9=-_ \n";
  size_t accepted = 0;
  for (const char a : alphabet) {
    for (const char b : alphabet) {
      for (const char c : alphabet) {
        for (const char d : alphabet) {
          const std::string text = {a, b, c, d};
          const absl::StatusOr<std::string> bytes = Base64Decode(text);
          if (!bytes.ok()) continue;
          ++accepted;
          EXPECT_EQ(Base64Encode(*bytes), text);
        }
      }
    }
  }
  EXPECT_GT(accepted, 8u * 8 * 8 * 8) << "the eight characters of the alphabet go together freely";
}

}  // namespace
}  // namespace touchstone
