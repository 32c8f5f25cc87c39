#include "verifier/digest.h"

#include <gtest/gtest.h>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

constexpr absl::string_view kHex =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";
constexpr absl::string_view kBase64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=";

TEST(Digest, TextFormsLeadBack) {
  const Digest digest = ValueOrDie(DigestFromHex(kHex));
  EXPECT_EQ(digest[0], 0x00);
  EXPECT_EQ(digest[31], 0xFF);
  EXPECT_EQ(DigestToHex(digest), kHex);
  EXPECT_EQ(DigestToBase64(digest), kBase64);
  EXPECT_EQ(ValueOrDie(DigestFromBase64(kBase64)), digest);
  EXPECT_EQ(ValueOrDie(DigestFromBytes(DigestBytes(digest))), digest);
}

TEST(Digest, HasExactly32Bytes) {
  EXPECT_THAT(DigestFromBytes(std::string(31, 'x')), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DigestFromBytes(std::string(33, 'x')), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DigestFromBytes(""), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DigestFromHex(std::string(62, '0')), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DigestFromHex(std::string(66, '0')), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DigestFromHex(std::string(64, 'x')), IsRefused(RefusalCode::kMalformed));
  // 44 characters, but of 33 and of 31 bytes.
  EXPECT_THAT(DigestFromBase64(std::string(44, 'A')), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DigestFromBase64(std::string(42, 'A') + "=="), IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
