#include "cli/closest_word.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace touchstone::cli {
namespace {

const std::vector<absl::string_view> kWords = {"carat", "clarity", "color_grade", "cut", "serial"};

TEST(ClosestWordTest, FindsWhatWasMeant) {
  EXPECT_EQ(ClosestWord("clartiy", kWords), "clarity");
  EXPECT_EQ(ClosestWord("Serail", kWords), "serial");
  EXPECT_EQ(ClosestWord("carrat", kWords), "carat");
  EXPECT_EQ(ClosestWord("colour_grade", kWords), "color_grade");
  EXPECT_EQ(ClosestWord("grade", kWords), "color_grade");
}

TEST(ClosestWordTest, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(ClosestWord("fluorescence", kWords), "");
  EXPECT_EQ(ClosestWord("xx", kWords), "");
  EXPECT_EQ(ClosestWord("", kWords), "");
  EXPECT_EQ(ClosestWord(std::string(100000, 'c'), kWords), "");
  EXPECT_EQ(ClosestWord("cut", {}), "");
}

TEST(ClosestWordTest, Asks) {
  EXPECT_EQ(DidYouMean("carrat", kWords), "; did you mean \"carat\"?");
  EXPECT_EQ(DidYouMean("zzzzzz", kWords), "");
}

}  // namespace
}  // namespace touchstone::cli
