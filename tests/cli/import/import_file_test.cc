#include "cli/import/import_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/import/csv_reader.h"
#include "cli/message_description.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/piece.pb.h"

namespace touchstone::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<ImportRow> ReadAll(absl::string_view text, ImportFormat format,
                               const ImportOptions& options = {}) {
  const std::unique_ptr<ImportFile> file =
      ValueOrDie(ImportFile::FromBytes(BytesOf(std::string(text)), format, options));
  std::vector<ImportRow> rows;
  while (true) {
    std::optional<ImportRow> row = ValueOrDie(file->Next());
    if (!row.has_value()) return rows;
    EXPECT_EQ(row->number, rows.size());
    rows.push_back(*std::move(row));
  }
}

v1::Piece PieceOf(const ImportRow& row) {
  v1::Piece piece;
  EXPECT_THAT(row.piece, IsOk());
  EXPECT_TRUE(piece.ParseFromString(row.piece->piece));
  return piece;
}

std::string Why(const ImportRow& row) {
  EXPECT_EQ(row.piece.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(row.piece.status().message());
}

std::string WhyNot(absl::string_view text, ImportFormat format, const ImportOptions& options = {}) {
  const auto file = ImportFile::FromBytes(BytesOf(std::string(text)), format, options);
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(file.status().message());
}

constexpr ImportFormat kCsv = ImportFormat::kCsv;
constexpr ImportFormat kJsonLines = ImportFormat::kJsonLines;

TEST(ImportFormatTest, IsInTheName) {
  EXPECT_EQ(ValueOrDie(ImportFormatOf("stock.CSV")), kCsv);
  EXPECT_EQ(ValueOrDie(ImportFormatOf("a/b.ndjson")), kJsonLines);
  EXPECT_EQ(ValueOrDie(ImportFormatOf("stock.jsonl.rejects")), kJsonLines);
  EXPECT_EQ(ValueOrDie(ImportFormatOf("stock.csv.rejects.rejects")), kCsv);
  EXPECT_FALSE(ImportFormatOf("stock.xlsx").ok());
  EXPECT_FALSE(ImportFormatOf(".rejects").ok());
}

TEST(CsvImportTest, ReadsPieces) {
  const std::vector<ImportRow> rows = ReadAll(
      "serial,category,title,species,carat,sold_on\r\n"
      "A-1,loose stone,Round brilliant,diamond,1.01,\r\n"
      "A-2,loose stone,\"Oval, \"\"light\"\"\",sapphire,2.5 ct,2026-11-22\r\n",
      kCsv);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].line, 2u);
  EXPECT_EQ(rows[0].piece->serial, "A-1");
  EXPECT_EQ(rows[0].piece->sold_on, std::nullopt);
  EXPECT_EQ(PieceOf(rows[0]).components(0).gemstone().carat_weight_e5(), 101'000u);
  EXPECT_EQ(PieceOf(rows[1]).title(), "Oval, \"light\"");
  EXPECT_EQ(rows[1].piece->sold_on, absl::CivilDay(2026, 11, 22));
}

TEST(CsvImportTest, BadRowsAreNamedAndTheRestGoesOn) {
  const std::vector<ImportRow> rows = ReadAll(
      "serial,category,title,species,carat\n"
      "A-1,ring,One,diamond,\"1,01\"\n"
      "A-2,rnig,Two,diamond,x\n"
      "A-3,ring,Three\n"
      "A-4,ring,Four,diamond,1,surplus\n"
      "A-5,ring,Five,,1\n"
      ",ring,Six,,\n"
      "A-7,ring,\"Seven,,\n"
      "A-8,ring,Eight,,\n"
      "A-9,ring,Nine,,,,\n",
      kCsv);
  ASSERT_EQ(rows.size(), 9u);
  EXPECT_THAT(Why(rows[0]), HasSubstr("line 2, column 5 \"carat\": \"1,01\" has a comma"));
  EXPECT_THAT(Why(rows[1]), HasSubstr("line 3, column 2 \"category\": \"rnig\" is none of"));
  EXPECT_THAT(Why(rows[1]), HasSubstr("; column 5 \"carat\": \"x\" is not a number"));
  EXPECT_THAT(Why(rows[2]), HasSubstr("line 4: the row has 3 values, the header 5 columns"));
  EXPECT_THAT(Why(rows[3]), HasSubstr("line 5, column 6 \"\": the header has only 5 columns"));
  EXPECT_THAT(Why(rows[4]), HasSubstr("line 6, column \"species\" is empty"));
  EXPECT_THAT(Why(rows[5]), HasSubstr("line 7, column \"serial\" is empty"));
  EXPECT_THAT(Why(rows[6]), HasSubstr("line 8, column 10: the quote that begins here"));
  EXPECT_EQ(PieceOf(rows[7]).title(), "Eight");
  EXPECT_EQ(PieceOf(rows[8]).title(), "Nine");
  EXPECT_THAT(rows[2].cells, ElementsAre("A-3", "ring", "Three"));
  EXPECT_EQ(rows[6].raw, "A-7,ring,\"Seven,,");
}

TEST(CsvImportTest, HeaderMistakesAreAllNamed) {
  const std::string why = WhyNot("serail,category,Colour,color,price\n", kCsv);
  EXPECT_THAT(why, HasSubstr("line 1, column 1: column \"serail\" is not known; did you mean "
                             "\"serial\"?"));
  EXPECT_THAT(why, HasSubstr("column \"color\" sets the same as column \"Colour\""));
  EXPECT_THAT(why, HasSubstr("column \"price\" is not known"));
  EXPECT_THAT(why, HasSubstr("column \"serial\" is missing"));
  EXPECT_THAT(why, HasSubstr("column \"title\" is missing"));
  EXPECT_THAT(WhyNot("", kCsv), HasSubstr("empty"));
  EXPECT_THAT(WhyNot("\n\n", kCsv), HasSubstr("empty"));
  EXPECT_THAT(WhyNot("serial,\"category\n", kCsv), HasSubstr("never closed"));
}

TEST(CsvImportTest, UnknownAndNamelessColumnsCanBeSkipped) {
  ImportOptions options;
  options.ignore_unknown_columns = true;
  const std::vector<ImportRow> rows =
      ReadAll("price,serial,,category,title\n9,A-1,?,ring,One\n", kCsv, options);
  EXPECT_EQ(PieceOf(rows[0]).serial(), "A-1");
}

TEST(CsvImportTest, DefaultsFillWhatIsEmpty) {
  ImportOptions options;
  options.defaults = {{"category", "loose stone"}, {"Maker", "Aurelle"}, {"total_mass_g", "1"}};
  const std::vector<ImportRow> rows =
      ReadAll("serial,title,maker,total_mass_mg\nA-1,One,,\nA-2,Two,Finch,7\n", kCsv, options);
  EXPECT_EQ(PieceOf(rows[0]).category(), v1::Piece::LOOSE_STONE);
  EXPECT_EQ(PieceOf(rows[0]).maker(), "Aurelle");
  EXPECT_EQ(PieceOf(rows[0]).total_mass_mg(), 1000u);
  EXPECT_EQ(PieceOf(rows[1]).maker(), "Finch");
  EXPECT_EQ(PieceOf(rows[1]).total_mass_mg(), 7u);
}

TEST(CsvImportTest, DefaultsAreCheckedAtOnce) {
  EXPECT_THAT(WhyNot("serial\n", kCsv, {false, {{"categroy", "ring"}}}),
              HasSubstr("did you mean \"category\"?"));
  EXPECT_THAT(WhyNot("serial\n", kCsv, {false, {{"category", "spoon"}}}),
              HasSubstr("default for \"category\""));
  EXPECT_THAT(WhyNot("serial\n", kCsv, {false, {{"color", "D"}, {"colour", "E"}}}),
              HasSubstr("two defaults"));
}

TEST(JsonLinesImportTest, ReadsFlatRowsAndWholePieces) {
  const std::vector<ImportRow> rows = ReadAll(
      "\xEF\xBB\xBF{\"serial\": \"A-1\", \"category\": \"ring\", \"title\": \"One\", "
      "\"Carat\": 1.01, \"species\": \"diamond\", \"maker\": null}\r\n"
      "\n"
      "{\"piece\": {\"serial\": \"A-2\", \"category\": \"RING\", \"title\": \"Two\"}, "
      "\"sold_on\": \"2026-11-22\"}",
      kJsonLines);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(PieceOf(rows[0]).components(0).gemstone().carat_weight_e5(), 101'000u);
  EXPECT_EQ(rows[1].line, 3u);
  EXPECT_EQ(rows[1].piece->serial, "A-2");
  EXPECT_EQ(rows[1].piece->sold_on, absl::CivilDay(2026, 11, 22));
  EXPECT_EQ(PieceOf(rows[1]).title(), "Two");
}

TEST(JsonLinesImportTest, BadRowsAreNamedAndTheRestGoesOn) {
  const std::vector<ImportRow> rows = ReadAll(
      "{\"serial\": \"A-1\"\n"
      "[1]\n"
      "{\"serial\": \"A-3\", \"category\": \"rnig\", \"title\": true, \"seriel\": 1}\n"
      "{\"piece\": {\"seriel\": 1, \"title\": 2}}\n"
      "{\"piece\": {\"title\": \"x\"}}\n"
      "{\"piece\": {\"serial\": \"A\"}, \"extra\": 1}\n"
      "{\"piece\": {\"serial\": \"A\"}, \"sold_on\": 7}\n"
      "{\"color\": \"D\", \"colour\": \"E\"}\n"
      "{\"serial\": \"A-9\", \"category\": \"ring\", \"title\": \"Nine\"}\n",
      kJsonLines);
  ASSERT_EQ(rows.size(), 9u);
  EXPECT_THAT(Why(rows[0]), HasSubstr("line 1, column 17: the text ends inside an object"));
  EXPECT_THAT(Why(rows[1]), HasSubstr("line 2, column 1: expected an object, not a list"));
  EXPECT_THAT(Why(rows[2]), HasSubstr("line 3, column 31 \"category\": \"rnig\" is none of"));
  EXPECT_THAT(Why(rows[2]), HasSubstr("column 48 \"title\": expected a text or a number"));
  EXPECT_THAT(Why(rows[2]), HasSubstr("\"seriel\": there is no such column; did you mean"));
  EXPECT_THAT(Why(rows[3]), HasSubstr("line 4, column 12: there is no field \"seriel\" here"));
  EXPECT_THAT(Why(rows[3]), HasSubstr("; line 4, column 34, title: expected a text"));
  EXPECT_THAT(Why(rows[4]), HasSubstr("line 5, column \"serial\" is empty"));
  EXPECT_THAT(Why(rows[5]), HasSubstr("line 6, column 28 \"extra\": beside \"piece\""));
  EXPECT_THAT(Why(rows[6]), HasSubstr("\"sold_on\": '7' is not a date"));
  EXPECT_THAT(Why(rows[7]), HasSubstr("sets the same as \"color\""));
  EXPECT_THAT(rows[8].piece, IsOk());
}

TEST(JsonLinesImportTest, BoundsLines) {
  const std::string row = "{\"serial\": \"A-9\", \"category\": \"ring\", \"title\": \"Nine\"}";
  const std::string longest = absl::StrCat(row, std::string(kImportRowBytesMax - row.size(), ' '));
  const std::vector<ImportRow> rows =
      ReadAll(absl::StrCat(longest, "\n", longest, " \n", row), kJsonLines);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0].piece, IsOk());
  EXPECT_THAT(Why(rows[1]), HasSubstr("line 2: the line has more than 262144 bytes"));
  EXPECT_THAT(rows[2].piece, IsOk());
  std::string wide = "{";
  for (size_t i = 0; i < kImportColumnsMax; ++i) absl::StrAppend(&wide, "\"x", i, "\": 1, ");
  EXPECT_THAT(Why(ReadAll(absl::StrCat(wide, "\"y\": 1}"), kJsonLines)[0]),
              HasSubstr("at most 256 values"));
}

TEST(JsonLinesImportTest, AnEmptyListHasNoRows) {
  EXPECT_THAT(ReadAll("", kJsonLines), IsEmpty());
  EXPECT_THAT(ReadAll("\n \r\n", kJsonLines), IsEmpty());
}

TEST(ImportFileTest, CsvAndJsonMakeTheSameBytes) {
  const std::vector<ImportRow> csv = ReadAll(
      "serial,category,title,metal,fineness,metal_mass_g\nA-1,ring,One,gold,750,4.1\n", kCsv);
  const std::vector<ImportRow> flat = ReadAll(
      R"({"metal_mass_mg": 4100, "fineness_ppt": 750, "metal": "Au", "title": "One", "category": "RING", "serial": "A-1"})",
      kJsonLines);
  const std::vector<ImportRow> whole = ReadAll(
      R"({"piece": {"serial": "A-1", "category": "RING", "title": "One", "components": [{"metal": {"metal": "GOLD", "fineness_ppt": 750, "mass_mg": 4100}}]}})",
      kJsonLines);
  EXPECT_EQ(csv[0].piece->piece, flat[0].piece->piece);
  EXPECT_EQ(csv[0].piece->piece, whole[0].piece->piece);
}

TEST(ImportFileTest, OpensRegularFilesOnly) {
  const storage::ScratchDirectory scratch;
  EXPECT_EQ(ImportFile::Open(scratch.File("none.csv"), kCsv, {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ImportFile::Open(scratch.path(), kCsv, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ImportFile::Open("/dev/zero", kCsv, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  const std::string path = scratch.File("stock.csv");
  std::ofstream(path) << "price\n";
  EXPECT_THAT(std::string(ImportFile::Open(path, kCsv, {}).status().message()),
              HasSubstr(absl::StrCat(path, ": line 1, column 1")));
  uint64_t size = 0;
  EXPECT_EQ(DigestToHex(ValueOrDie(DigestOfImport(path, size))),
            "e546b9fd00fbf39ab5c25921fedf60d5f3fa5ab4f0f81c78cbb522cb5237832f");
  EXPECT_EQ(size, 6u);
}

}  // namespace
}  // namespace touchstone::cli
