#include "cli/qr_code.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

// Characters that fit a version with error correction M (ISO/IEC 18004, table 7).
TEST(QrCodeTest, TakesTheSmallestVersion) {
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(34, '7'))).version(), 1);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(35, '7'))).version(), 2);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(20, 'Q'))).version(), 1);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(21, 'Q'))).version(), 2);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(14, 'q'))).version(), 1);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(15, 'q'))).version(), 2);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(262, 'Q'))).version(), 9);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(263, 'Q'))).version(), 10);
  EXPECT_EQ(ValueOrDie(QrCode::Encode(std::string(5596, '7'))).version(), 40);
}

TEST(QrCodeTest, SplitsATextSoThatItTakesLessRoom) {
  // One '#' would make bytes of everything: 8 bits a character instead of 5.5.
  const std::string path = "HTTPS://PASSPORTS.EXAMPLE/01/09521234100478/21/AF-2026-00417";
  const std::string token(200, 'K');
  const int mixed = ValueOrDie(QrCode::Encode(absl::StrCat(path, "#", token))).version();
  const int bytes =
      ValueOrDie(QrCode::Encode(absl::StrCat(path, "#", std::string(200, 'k')))).version();
  EXPECT_EQ(mixed, ValueOrDie(QrCode::Encode(std::string(path.size() + 4 + 200, 'Q'))).version());
  EXPECT_LT(mixed, bytes);
  // Digits inside letters: 3.3 bits, if there are enough of them.
  EXPECT_EQ(ValueOrDie(QrCode::Encode(absl::StrCat("ABCDE", std::string(21, '7')))).version(), 1);
}

TEST(QrCodeTest, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(QrCode::Encode("").ok());
  EXPECT_FALSE(QrCode::Encode(std::string(5597, '7')).ok());
  EXPECT_FALSE(QrCode::Encode(std::string(2332, 'q')).ok());
  EXPECT_FALSE(QrCode::Encode(std::string(1 << 20, '7')).ok());
}

TEST(QrCodeTest, QuietZoneIsLight) {
  const QrCode code = ValueOrDie(QrCode::Encode("OPAL"));
  EXPECT_EQ(code.size(), 21);
  EXPECT_TRUE(code.dark(0, 0));   // a finder pattern's corner
  EXPECT_TRUE(code.dark(20, 0));  // another's
  EXPECT_FALSE(code.dark(-1, 0));
  EXPECT_FALSE(code.dark(21, 0));
  EXPECT_FALSE(code.dark(0, 21));
}

}  // namespace
}  // namespace touchstone::cli
