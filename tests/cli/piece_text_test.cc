#include "cli/piece_text.h"

#include <gtest/gtest.h>

#include "cli/quantity_text.h"

namespace touchstone::cli {
namespace {

TEST(QuantityTextTest, ScalesExactly) {
  EXPECT_EQ(FormatScaled(0, 3, 2), "0.00");
  EXPECT_EQ(FormatScaled(5, 3, 2), "0.005");
  EXPECT_EQ(FormatScaled(12, 0, 0), "12");
  EXPECT_EQ(FormatScaled(5700, 2, 0), "57");
  EXPECT_EQ(FormatScaled(5750, 2, 0), "57.5");
  EXPECT_EQ(FormatMass(6152), "6.152 g");
  EXPECT_EQ(FormatMass(6100), "6.10 g");
  EXPECT_EQ(FormatCarats(101000), "1.01 ct");
  EXPECT_EQ(FormatCarats(101005), "1.01005 ct");
  EXPECT_EQ(FormatLength(53100), "53.1 mm");
  EXPECT_EQ(FormatMass(UINT64_MAX), "18446744073709551.615 g");
}

TEST(QuantityTextTest, RoundsAgesDown) {
  EXPECT_EQ(FormatAge(0), "0 seconds");
  EXPECT_EQ(FormatAge(1'999), "1 second");
  EXPECT_EQ(FormatAge(90'000), "90 seconds");
  EXPECT_EQ(FormatAge(120'000), "2 minutes");
  EXPECT_EQ(FormatAge(5'400'000), "90 minutes");
  EXPECT_EQ(FormatAge(7'200'000), "2 hours");
  EXPECT_EQ(FormatAge(uint64_t{47} * 3'600'000), "47 hours");
  EXPECT_EQ(FormatAge(uint64_t{400} * 86'400'000), "400 days");
}

TEST(QuantityTextTest, Ordinals) {
  const std::pair<uint32_t, const char*> ordinals[] = {
      {1, "1st"},   {2, "2nd"},   {3, "3rd"},   {4, "4th"},     {11, "11th"},   {12, "12th"},
      {13, "13th"}, {21, "21st"}, {22, "22nd"}, {111, "111th"}, {112, "112th"}, {123, "123rd"}};
  for (const auto& [number, text] : ordinals) EXPECT_EQ(FormatOrdinal(number), text);
}

TEST(PieceTextTest, DescribesStonesInTheWordsOfTheTrade) {
  v1::Gemstone stone;
  stone.set_species("diamond");
  EXPECT_EQ(DescribeGemstone(stone, 0), "diamond");
  stone.set_formation(v1::Gemstone::LABORATORY_GROWN_CVD);
  stone.set_carat_weight_e5(62000);
  stone.mutable_measurements()->set_length_or_min_um(4340);
  stone.mutable_measurements()->set_width_or_max_um(4370);
  stone.set_quality_category("Premium");
  stone.add_treatments()->set_code(v1::Treatment::NONE);
  EXPECT_EQ(DescribeGemstone(stone, 2),
            "2 x diamond, laboratory-grown (CVD), 0.62 ct together, 4.34 x 4.37 mm, quality "
            "Premium, no treatment");
  v1::Gemstone sapphire;
  sapphire.set_species("corundum");
  sapphire.set_variety("sapphire");
  sapphire.add_treatments()->set_code(v1::Treatment::OILING_RESIN_INFUSION);
  sapphire.mutable_treatments(0)->set_extent("minor");
  sapphire.mutable_proportions()->set_table_percent_e2(5750);
  EXPECT_EQ(DescribeGemstone(sapphire, 1),
            "sapphire (corundum), oiling resin infusion (minor); proportions: table 57.5 %");
}

TEST(PieceTextTest, DescribesMetals) {
  v1::Metal metal;
  metal.set_metal(v1::Metal::PLATINUM);
  EXPECT_EQ(DescribeMetal(metal), "platinum");
  metal.set_fineness_ppt(950);
  metal.set_mass_mg(5620);
  metal.mutable_hallmark()->set_office("London");
  metal.mutable_hallmark()->set_common_control_mark(true);
  metal.mutable_assay()->set_result_ppt(951);
  EXPECT_EQ(DescribeMetal(metal),
            "platinum 950, 5.62 g; hallmark: London; common control mark; assayed: 951/1000");
}

TEST(PieceTextTest, EnumNamesAsWords) {
  EXPECT_EQ(EnumWords("BAND_INSIDE"), "band inside");
  EXPECT_EQ(EnumWords("HS_CODE"), "HS code");
  EXPECT_EQ(EnumWords("LBMA_RESPONSIBLE_GOLD"), "LBMA responsible gold");
}

}  // namespace
}  // namespace touchstone::cli
