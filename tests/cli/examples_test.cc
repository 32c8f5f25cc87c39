#include "cli/examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/message_description.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/gtin.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

using ::testing::ElementsAre;

v1::Piece PieceOf(absl::string_view example) {
  v1::Piece piece;
  EXPECT_TRUE(piece.ParseFromString(
      ValueOrDie(MessageFromDescription("Piece", ValueOrDie(ExamplePiece(example))))));
  return piece;
}

TEST(ExamplesTest, ThereAreThree) {
  EXPECT_THAT(ExampleNames(), ElementsAre("ring", "diamond", "brooch"));
  EXPECT_EQ(ExamplePiece("tiara").status().code(), absl::StatusCode::kNotFound);
}

TEST(ExamplesTest, AreTheFilesOfTheRepository) {
  for (const absl::string_view name : ExampleNames()) {
    std::ifstream file(absl::StrCat(TOUCHSTONE_SOURCE_DIR, "/cli/examples/", name, ".json"),
                       std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(ValueOrDie(ExamplePiece(name)), text);
  }
}

// Everything that a registry would ask of a registration's statement.
TEST(ExamplesTest, ArePiecesThatTheVerifierAccepts) {
  for (const absl::string_view name : ExampleNames()) {
    v1::Statement statement;
    statement.set_log_origin("passports.example/log");
    statement.set_rules_version(1);
    statement.set_nonce(std::string(16, 'n'));
    statement.mutable_subject()->set_passport_id(std::string(16, 'p'));
    statement.set_occurred_at_ms(1'795'348'800'000);
    *statement.mutable_registration()->mutable_piece() = PieceOf(name);
    const auto parsed = ParsedStatement::Parse(statement.SerializeAsString());
    ASSERT_THAT(parsed, IsOk()) << name;
    // Its inscription, and its laboratory report.
    EXPECT_GE(parsed->claims().size(), 2u) << name;
  }
}

TEST(ExamplesTest, MassesAddUp) {
  for (const absl::string_view name : ExampleNames()) {
    const v1::Piece piece = PieceOf(name);
    uint64_t mass_e5 = 0;  // 10^-5 carat is 0.002 mg
    for (const v1::Component& component : piece.components()) {
      mass_e5 += component.metal().mass_mg() * 500 + component.gemstone().carat_weight_e5();
    }
    EXPECT_EQ(piece.total_mass_mg() * 500, mass_e5) << name;
  }
}

TEST(ExamplesTest, GtinsAreUnderTheExamplePrefix) {
  for (const absl::string_view name : ExampleNames()) {
    const std::string gtin14 = PieceOf(name).gtin14();
    if (gtin14.empty()) continue;
    EXPECT_TRUE(ValueOrDie(Gtin::Parse14(gtin14)).HasCompanyPrefix("9521234")) << name;
  }
}

}  // namespace
}  // namespace touchstone::cli
