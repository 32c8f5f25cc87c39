// tools/make-sample-stock against the columns that it is written for, and these against the
// verifier.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdio.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/import/import_file.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

std::string MakeSampleStock(absl::string_view options) {
  const std::string command =
      absl::StrCat(TOUCHSTONE_SOURCE_DIR, "/tools/make-sample-stock ", options);
  FILE* pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  std::string output;
  char portion[4096];
  size_t got = 0;
  while ((got = fread(portion, 1, sizeof(portion), pipe)) > 0) output.append(portion, got);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

std::vector<ImportRow> Read(const std::string& list, ImportFormat format) {
  const auto file = ValueOrDie(ImportFile::FromBytes(BytesOf(list), format, {}));
  std::vector<ImportRow> rows;
  while (std::optional<ImportRow> row = ValueOrDie(file->Next())) rows.push_back(*std::move(row));
  return rows;
}

absl::Status CheckPiece(const std::string& piece) {
  v1::Statement statement;
  statement.set_log_origin("passports.example/log");
  statement.set_rules_version(1);
  statement.set_nonce(std::string(16, 'n'));
  statement.mutable_subject()->set_passport_id(std::string(16, 'p'));
  statement.set_occurred_at_ms(1'795'348'800'000);
  if (!statement.mutable_registration()->mutable_piece()->ParseFromString(piece)) {
    return absl::InvalidArgumentError("not a Piece");
  }
  return ParsedStatement::Parse(statement.SerializeAsString()).status();
}

TEST(SampleStockTest, EveryRowIsAPieceThatTheVerifierAccepts) {
  const std::vector<ImportRow> rows = Read(MakeSampleStock("--rows 500"), ImportFormat::kCsv);
  ASSERT_EQ(rows.size(), 500u);
  std::set<std::string> serials;
  for (const ImportRow& row : rows) {
    ASSERT_THAT(row.piece, IsOk());
    EXPECT_THAT(CheckPiece(row.piece->piece), IsOk()) << row.line;
    EXPECT_TRUE(serials.insert(row.piece->serial).second) << row.piece->serial;
  }
}

TEST(SampleStockTest, BothFormatsSayTheSame) {
  const std::vector<ImportRow> csv = Read(MakeSampleStock("--rows 50"), ImportFormat::kCsv);
  const std::vector<ImportRow> json =
      Read(MakeSampleStock("--rows 50 --format jsonl"), ImportFormat::kJsonLines);
  ASSERT_EQ(csv.size(), json.size());
  for (size_t i = 0; i < csv.size(); ++i) EXPECT_EQ(csv[i].piece->piece, json[i].piece->piece);
}

TEST(SampleStockTest, BadRowsAreBadAndTheOthersGood) {
  for (const ImportFormat format : {ImportFormat::kCsv, ImportFormat::kJsonLines}) {
    const std::vector<ImportRow> rows = Read(
        MakeSampleStock(format == ImportFormat::kCsv ? "--rows 140 --bad-every 10"
                                                     : "--rows 140 --bad-every 10 --format jsonl"),
        format);
    ASSERT_EQ(rows.size(), 140u);
    for (const ImportRow& row : rows) {
      EXPECT_EQ(row.piece.ok(), (row.number + 1) % 10 != 0) << row.number;
    }
  }
}

TEST(SampleStockTest, ListsGoOnWhereOthersEnd) {
  const std::string whole = MakeSampleStock("--rows 30 --format jsonl");
  EXPECT_EQ(absl::StrCat(MakeSampleStock("--rows 10 --format jsonl"),
                         MakeSampleStock("--rows 20 --first 11 --format jsonl")),
            whole);
}

}  // namespace
}  // namespace touchstone::cli
