#include "verifier/gtin.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

// 09506000134352 is the example of the GS1 Digital Link standard, 96385074 and 036000291452 those
// of the literature for GTIN-8 and UPC-A; 10614141543219 is the GTIN-14 of the EPC Tag Data
// Standard.
TEST(Gtin, PadsPublishedNumbersTo14Digits) {
  EXPECT_EQ(ValueOrDie(Gtin::ParseAnyLength("96385074")).text(), "00000096385074");
  EXPECT_EQ(ValueOrDie(Gtin::ParseAnyLength("036000291452")).text(), "00036000291452");
  EXPECT_EQ(ValueOrDie(Gtin::ParseAnyLength("9506000134352")).text(), "09506000134352");
  EXPECT_EQ(ValueOrDie(Gtin::ParseAnyLength("10614141543219")).text(), "10614141543219");
  EXPECT_EQ(ValueOrDie(Gtin::Parse14("09506000134352")).text(), "09506000134352");
}

TEST(Gtin, NoticesEveryWrongDigit) {
  const std::string good = "09506000134352";
  for (size_t i = 0; i < good.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == good[i]) continue;
      std::string wrong = good;
      wrong[i] = digit;
      EXPECT_THAT(Gtin::Parse14(wrong), IsRefused(RefusalCode::kWrongCheckDigit)) << wrong;
    }
  }
}

TEST(Gtin, SaysWhichCheckDigitWouldFit) {
  const absl::Status status = Gtin::Parse14("09506000134357").status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("would come 2"));
}

TEST(Gtin, SignedBytesAndLinksHave14Digits) {
  for (const std::string& text :
       {std::string(), std::string("9506000134352"), std::string("009506000134352"),
        std::string("0950600013435X"), std::string(" 9506000134352"),
        std::string("0950600013435\0", 14)}) {
    EXPECT_THAT(Gtin::Parse14(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
  for (const absl::string_view text :
       {"", "9638507", "963850740", "950600013435", "95060001343523x"}) {
    EXPECT_FALSE(Gtin::ParseAnyLength(text).ok()) << text;
  }
}

TEST(Gtin, CompanyPrefixStandsAfterTheIndicator) {
  const Gtin gtin = ValueOrDie(Gtin::Parse14("10614141543219"));
  EXPECT_TRUE(gtin.HasCompanyPrefix("0614141"));
  EXPECT_TRUE(gtin.HasCompanyPrefix("061414154321"));
  EXPECT_FALSE(gtin.HasCompanyPrefix("1061"));
  EXPECT_FALSE(gtin.HasCompanyPrefix("6141"));
}

TEST(CompanyPrefix, Is4To12Digits) {
  EXPECT_THAT(ValidateCompanyPrefix("0614"), IsOk());
  EXPECT_THAT(ValidateCompanyPrefix("061414112345"), IsOk());
  for (const absl::string_view text : {"", "061", "0614141123456", "06141x", "0614 "}) {
    EXPECT_THAT(ValidateCompanyPrefix(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
}

}  // namespace
}  // namespace touchstone
