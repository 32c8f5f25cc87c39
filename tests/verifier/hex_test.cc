#include "verifier/hex.h"

#include <gtest/gtest.h>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TEST(Hex, WritesLowerCaseAndReadsEither) {
  const std::string bytes("\x00\x0F\xA5\xFF", 4);
  EXPECT_EQ(HexEncode(bytes), "000fa5ff");
  EXPECT_EQ(ValueOrDie(HexDecode("000fa5ff")), bytes);
  EXPECT_EQ(ValueOrDie(HexDecode("000FA5Ff")), bytes);
  EXPECT_EQ(ValueOrDie(HexDecode("")), "");
}

TEST(Hex, RefusesEverythingElse) {
  for (const absl::string_view text : {"0", "000", "0x00", "0g", "g0", " 00", "00 ", "0\n", "-1"}) {
    EXPECT_THAT(HexDecode(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
}

}  // namespace
}  // namespace touchstone
