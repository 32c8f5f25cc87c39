#include "cli/import/piece_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/import/column_values.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string NameOf(absl::string_view name) {
  const std::optional<PieceColumn> column = PieceColumn::Find(name);
  return column.has_value() ? column->name() : "";
}

absl::Status Apply(absl::string_view column, absl::string_view text, PieceDraft& draft) {
  return PieceColumn::Find(column)->Apply(text, draft);
}

std::string Why(absl::string_view column, absl::string_view text) {
  PieceDraft draft;
  const absl::Status status = Apply(column, text, draft);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << column << ": " << text;
  return std::string(status.message());
}

TEST(PieceColumnTest, NamesAreUnderstoodAsPeopleWriteThem) {
  EXPECT_EQ(NameOf("serial"), "serial");
  EXPECT_EQ(NameOf("  SERIAL "), "serial");
  EXPECT_EQ(NameOf("Stock #"), "serial");
  EXPECT_EQ(NameOf("Serial No."), "");  // "serial_no_": a point too many is not guessed at
  EXPECT_EQ(NameOf("Total-Mass MG"), "total_mass_mg");
  EXPECT_EQ(NameOf("Colour"), "color");
  EXPECT_EQ(NameOf("Table %"), "table_percent");
  EXPECT_EQ(NameOf("price"), "");
  EXPECT_EQ(NameOf(""), "");
}

TEST(PieceColumnTest, NumbersTellSeveralStonesApart) {
  EXPECT_EQ(NameOf("stone_carat"), "carat");
  EXPECT_EQ(NameOf("stone1_carat"), "carat");
  EXPECT_EQ(NameOf("stone2_carat"), "stone2_carat");
  EXPECT_EQ(NameOf("Stone2 Colour"), "stone2_color");
  EXPECT_EQ(NameOf("stone9_position"), "stone9_position");
  EXPECT_EQ(NameOf("metal2"), "metal2");
  EXPECT_EQ(NameOf("metal2_mass_mg"), "metal2_mass_mg");
  EXPECT_EQ(NameOf("metal2_fineness_ppt"), "metal2_fineness_ppt");
  EXPECT_EQ(NameOf("report2_number"), "report2_number");
  EXPECT_EQ(NameOf("report2_laboratory"), "report2_laboratory");
  EXPECT_EQ(NameOf("inscription2"), "inscription2");
  EXPECT_EQ(NameOf("inscription2_kind"), "inscription2_kind");
  for (const char* name : {"stone0_carat", "stone10_carat", "stone2_metal", "metal2_carat",
                           "stone2", "piece2_title", "stone2carat"}) {
    EXPECT_EQ(NameOf(name), "") << name;
  }
}

TEST(PieceColumnTest, EveryNameFindsItself) {
  std::set<absl::string_view> names;
  for (const absl::string_view name : PieceColumnNames()) {
    EXPECT_EQ(NameOf(name), name);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(SuggestColumn("Serail"), "; did you mean \"serial\"?");
}

// Each is a row of the manual's tables.
TEST(PieceColumnTest, EveryColumnIsInTheManual) {
  std::ifstream file(absl::StrCat(TOUCHSTONE_SOURCE_DIR, "/docs/IMPORT.md"));
  const std::string manual(std::istreambuf_iterator<char>(file), {});
  for (const absl::string_view name : PieceColumnNames()) {
    EXPECT_THAT(manual, HasSubstr(absl::StrCat("| `", name, "`")));
  }
}

TEST(PieceColumnTest, UnitsOfOneFieldAreToldApartFromOthers) {
  const auto same = [](const char* a, const char* b) {
    return PieceColumn::Find(a)->SameFieldAs(*PieceColumn::Find(b));
  };
  EXPECT_TRUE(same("total_mass_mg", "total_mass_g"));
  EXPECT_TRUE(same("carat", "carat_weight_e5"));
  EXPECT_TRUE(same("color", "colour"));
  EXPECT_FALSE(same("carat", "stone2_carat"));
  EXPECT_FALSE(same("color", "clarity"));
}

TEST(PieceColumnTest, SetsWhatItSays) {
  PieceDraft draft;
  const std::pair<const char*, const char*> values[] = {{"serial", "A-1"},
                                                        {"gtin", "9521234100478"},
                                                        {"category", "Ring"},
                                                        {"title", "A\nring"},
                                                        {"year_made", "2026"},
                                                        {"country_of_manufacture", "fr"},
                                                        {"total_mass_g", "6.152"},
                                                        {"ring_circumference_mm", "53.1"},
                                                        {"ring_size", "US 6 1/2"},
                                                        {"sold_on", "2026-11-22"},
                                                        {"species", "diamond"},
                                                        {"formation", "CVD"},
                                                        {"carat", "1.01"},
                                                        {"measurements", "6.41-6.45x3.98"},
                                                        {"table_percent", "57.5%"},
                                                        {"treatments", "HP, L"},
                                                        {"stone_quantity", "2"},
                                                        {"stone2_species", "sapphire"},
                                                        {"stone2_position", "halo"},
                                                        {"metal", "Au"},
                                                        {"fineness_ppt", "18K"},
                                                        {"metal_mass_mg", "4100"},
                                                        {"sponsor_mark", "A&F"},
                                                        {"laboratory", "GIA"},
                                                        {"report_number", "5221234567"},
                                                        {"report_date", "2026-08-27"},
                                                        {"inscription", "GIA 5221234567"},
                                                        {"inscription_location", "girdle"}};
  for (const auto& [column, text] : values)
    ASSERT_THAT(Apply(column, text, draft), IsOk()) << column;
  EXPECT_EQ(draft.sold_on(), absl::CivilDay(2026, 11, 22));

  v1::Piece piece;
  ASSERT_TRUE(piece.ParseFromString(ValueOrDie(draft.Finish())));
  EXPECT_EQ(piece.serial(), "A-1");
  EXPECT_EQ(piece.gtin14(), "09521234100478");
  EXPECT_EQ(piece.category(), v1::Piece::RING);
  EXPECT_EQ(piece.title(), "A ring");
  EXPECT_EQ(piece.year_made(), 2026u);
  EXPECT_EQ(piece.country_of_manufacture(), "FR");
  EXPECT_EQ(piece.total_mass_mg(), 6152u);
  EXPECT_EQ(piece.ring_size().inner_circumference_um(), 53100u);
  EXPECT_EQ(piece.ring_size().national_size(), "US 6 1/2");
  ASSERT_EQ(piece.components_size(), 3);
  const v1::Component& first = piece.components(0);
  EXPECT_EQ(first.quantity(), 2u);
  EXPECT_EQ(first.gemstone().species(), "diamond");
  EXPECT_EQ(first.gemstone().formation(), v1::Gemstone::LABORATORY_GROWN_CVD);
  EXPECT_EQ(first.gemstone().carat_weight_e5(), 101'000u);
  EXPECT_EQ(first.gemstone().measurements().width_or_max_um(), 6450u);
  EXPECT_EQ(first.gemstone().proportions().table_percent_e2(), 5750u);
  ASSERT_EQ(first.gemstone().treatments_size(), 2);
  EXPECT_EQ(first.gemstone().treatments(0).code(), v1::Treatment::HIGH_PRESSURE_HEAT);
  EXPECT_EQ(piece.components(1).position(), "halo");
  EXPECT_EQ(piece.components(2).metal().metal(), v1::Metal::GOLD);
  EXPECT_EQ(piece.components(2).metal().fineness_ppt(), 750u);
  EXPECT_EQ(piece.components(2).metal().hallmark().sponsor_mark(), "A&F");
  EXPECT_EQ(piece.laboratory_reports(0).report_date(), "2026-08-27");
  EXPECT_EQ(piece.inscriptions(0).kind(), v1::Inscription::LAB_REPORT);
  EXPECT_EQ(piece.inscriptions(0).location(), v1::Inscription::GIRDLE);
}

TEST(PieceColumnTest, EmptyCellsSayNothing) {
  PieceDraft draft;
  for (const absl::string_view name : PieceColumnNames()) {
    EXPECT_THAT(PieceColumn::Find(name)->Apply(" \t", draft), IsOk());
  }
  EXPECT_EQ(draft.piece().SerializeAsString(), "");
  EXPECT_THAT(std::string(draft.Finish().status().message()), HasSubstr("\"serial\" is empty"));
}

TEST(PieceColumnTest, SaysWhatIsWrongWithAValue) {
  EXPECT_THAT(Why("serial", "much too long a serial"), HasSubstr("20"));
  EXPECT_THAT(Why("serial", "ring 1"), HasSubstr(""));
  EXPECT_THAT(Why("gtin", "9521234100477"), HasSubstr("ends in 7"));
  EXPECT_THAT(Why("gtin", "9.52E+12"), HasSubstr("was rounded by a spreadsheet"));
  EXPECT_THAT(Why("report_number", "2.14144E+09"), HasSubstr("was rounded by a spreadsheet"));
  EXPECT_THAT(Why("category", "spoon"), HasSubstr("\"spoon\" is none of ring, earrings"));
  EXPECT_THAT(Why("title", std::string(121, 'x')), HasSubstr("121 bytes; at most 120"));
  EXPECT_THAT(Why("title", "a\x01"), HasSubstr("control character"));
  EXPECT_THAT(Why("year_made", "10000"), HasSubstr("too large"));
  EXPECT_THAT(Why("country_of_manufacture", "France"), HasSubstr("two letters"));
  EXPECT_THAT(Why("total_mass_mg", "6.1"), HasSubstr("whole number"));
  EXPECT_THAT(Why("carat", "1,01"), HasSubstr("comma"));
  EXPECT_THAT(Why("measurements", "6.4x3.9"), HasSubstr("three measurements"));
  EXPECT_THAT(Why("measurements", "6.4x3.9x2.12345"), HasSubstr("three measurements"));
  EXPECT_THAT(Why("treatments", "H X"), HasSubstr("\"X\" is no treatment code"));
  EXPECT_THAT(Why("formation", "synthetic"), HasSubstr("laboratory_grown_cvd"));
  EXPECT_THAT(Why("metal", "brass"), HasSubstr("gold, silver, platinum"));
  EXPECT_THAT(Why("fineness_ppt", "0"), HasSubstr("1 to 1000"));
  EXPECT_THAT(Why("fineness_ppt", "19K"), HasSubstr("karat"));
  EXPECT_THAT(Why("sold_on", "22.11.2026"), HasSubstr("YYYY-MM-DD"));
  EXPECT_THAT(Why("report_date", "2026-02-30"), HasSubstr("no day 2026-02-30"));
  EXPECT_THAT(Why("inscription_kind", "engraved"), HasSubstr("lab_report, brand, serial"));
  EXPECT_THAT(Why("table_percent", "101"), HasSubstr("too large"));
}

TEST(PieceDraftTest, InscriptionsWithoutAKindAreTheReportsOrTheSerials) {
  const auto kind = [](const char* text) {
    PieceDraft draft;
    for (const auto& [column, value] : {std::pair<const char*, const char*>{"serial", "A-1"},
                                        {"category", "ring"},
                                        {"title", "A ring"},
                                        {"laboratory", "GIA"},
                                        {"report_number", "5221234567"},
                                        {"inscription", text}}) {
      EXPECT_THAT(Apply(column, value, draft), IsOk());
    }
    v1::Piece piece;
    const absl::StatusOr<std::string> bytes = draft.Finish();
    if (!bytes.ok()) return v1::Inscription::KIND_UNSPECIFIED;
    EXPECT_TRUE(piece.ParseFromString(*bytes));
    return piece.inscriptions(0).kind();
  };
  EXPECT_EQ(kind("GIA 522-123-4567"), v1::Inscription::LAB_REPORT);
  EXPECT_EQ(kind("A-1"), v1::Inscription::SERIAL);
  EXPECT_EQ(kind("Forever"), v1::Inscription::KIND_UNSPECIFIED);
}

TEST(PieceDraftTest, NamesTheColumnThatIsMissing) {
  const auto missing = [](const char* column, const char* text) {
    PieceDraft draft;
    for (const auto& [needed, value] : {std::pair<const char*, const char*>{"serial", "A-1"},
                                        {"category", "ring"},
                                        {"title", "A ring"}}) {
      EXPECT_THAT(Apply(needed, value, draft), IsOk());
    }
    EXPECT_THAT(Apply(column, text, draft), IsOk());
    return std::string(draft.Finish().status().message());
  };
  EXPECT_THAT(missing("carat", "1"), HasSubstr("\"species\" is empty"));
  EXPECT_THAT(missing("stone2_carat", "1"), HasSubstr("\"stone2_species\" is empty"));
  EXPECT_THAT(missing("fineness_ppt", "750"), HasSubstr("\"metal\" is empty"));
  EXPECT_THAT(missing("metal2_mass_mg", "750"), HasSubstr("\"metal2\" is empty"));
  EXPECT_THAT(missing("report_number", "1"), HasSubstr("\"laboratory\" is empty"));
  EXPECT_THAT(missing("laboratory", "GIA"), HasSubstr("\"report_number\" is empty"));
  EXPECT_THAT(missing("report2_laboratory", "GIA"), HasSubstr("\"report2_number\" is empty"));
  EXPECT_THAT(missing("inscription_kind", "brand"), HasSubstr("\"inscription\" is empty"));
}

TEST(ColumnValuesTest, MeasurementsComeInManySpellings) {
  for (const char* text :
       {"5.05*5.12*3.15", "5.05-5.12x3.15", "5.05 x 5.12 x 3.15", "5.05 X 5.12 X 3.15 mm",
        "5.05 – 5.12 × 3.15", "5.050 - 5.120 × 3.150"}) {
    const absl::StatusOr<v1::Measurements> measurements = ParseMeasurementsCell(text);
    if (absl::string_view(text).find("–") != absl::string_view::npos) {
      EXPECT_FALSE(measurements.ok());  // an en dash is not guessed at
      continue;
    }
    ASSERT_THAT(measurements, IsOk()) << text;
    EXPECT_EQ(measurements->length_or_min_um(), 5050u);
    EXPECT_EQ(measurements->width_or_max_um(), 5120u);
    EXPECT_EQ(measurements->depth_um(), 3150u);
  }
}

TEST(ColumnValuesTest, OrdinaryTextIsNotTakenForARoundedNumber) {
  for (const char* text : {"E+", "1.E", "2.5 E+9", "GIA 2.14E+09", "10.5E-3", "1E5"}) {
    EXPECT_THAT(ParseTextCell(text, 100), IsOk()) << text;
  }
}

}  // namespace
}  // namespace touchstone::cli
