#include "verifier/gs1_serial.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

// GS1 General Specifications, figure 7.11-1, line by line.
constexpr absl::string_view kCharacterSet82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

TEST(Gs1Serial, TakesCharacterSet82AndNothingElse) {
  ASSERT_EQ(kCharacterSet82.size(), 82u);
  for (int c = 0; c < 256; ++c) {
    const std::string serial(1, static_cast<char>(c));
    const bool in_set = kCharacterSet82.find(serial) != absl::string_view::npos;
    EXPECT_EQ(ValidateGs1Serial("A" + serial + "Z").ok(), in_set) << c;
  }
}

TEST(Gs1Serial, Has1To20Characters) {
  EXPECT_THAT(ValidateGs1Serial(""), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ValidateGs1Serial("7"), IsOk());
  EXPECT_THAT(ValidateGs1Serial(std::string(20, '7')), IsOk());
  EXPECT_THAT(ValidateGs1Serial(std::string(21, '7')), IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
