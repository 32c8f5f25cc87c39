#include "cli/import/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// One byte at a time, so that every record is cut everywhere.
ByteSource Dripping(std::string text) {
  return [text = std::move(text),
          offset = size_t{0}](absl::Span<char> into) mutable -> absl::StatusOr<size_t> {
    if (offset == text.size() || into.empty()) return 0;
    into[0] = text[offset++];
    return 1;
  };
}

std::vector<CsvRecord> ReadAll(ByteSource source) {
  CsvReader reader(std::move(source));
  std::vector<CsvRecord> records;
  while (true) {
    std::optional<CsvRecord> record = ValueOrDie(reader.Next());
    if (!record.has_value()) return records;
    records.push_back(*std::move(record));
  }
}

// "a|b" for each record, "!" and the reason for one that is wrong.
std::vector<std::string> Rows(const std::string& text) {
  std::vector<std::string> rows;
  for (const CsvRecord& record : ReadAll(BytesOf(text))) {
    if (!record.status.ok()) {
      rows.push_back(absl::StrCat("!", record.status.message()));
      continue;
    }
    std::string row;
    for (const CsvField& field : record.fields) {
      absl::StrAppend(&row, &field == &record.fields[0] ? "" : "|", field.text);
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(CsvReaderTest, ReadsWhatTheRfcShows) {
  EXPECT_THAT(Rows("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"), ElementsAre("aaa|bbb|ccc", "zzz|yyy|xxx"));
  EXPECT_THAT(Rows("aaa,bbb,ccc\r\nzzz,yyy,xxx"), ElementsAre("aaa|bbb|ccc", "zzz|yyy|xxx"));
  EXPECT_THAT(Rows("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx"),
              ElementsAre("aaa|b\r\nbb|ccc", "zzz|yyy|xxx"));
  EXPECT_THAT(Rows("\"aaa\",\"b\"\"bb\",\"ccc\""), ElementsAre("aaa|b\"bb|ccc"));
}

TEST(CsvReaderTest, ToleratesWhatPeopleHave) {
  EXPECT_THAT(Rows("\xEF\xBB\xBF"
                   "a,b\n1,2\n"),
              ElementsAre("a|b", "1|2"));
  EXPECT_THAT(Rows("a,b\r1,2\r"), ElementsAre("a|b", "1|2"));
  EXPECT_THAT(Rows("\n\na,b\n\n\r\n1,2\n\n"), ElementsAre("a|b", "1|2"));
  EXPECT_THAT(Rows("a;b\n1,5;2\n"), ElementsAre("a|b", "1,5|2"));
  EXPECT_THAT(Rows("a\tb\n1,5\t2\n"), ElementsAre("a|b", "1,5|2"));
  EXPECT_THAT(Rows("a, \"b\" ,c\n,,\n"), ElementsAre("a|b|c", "||"));
  EXPECT_THAT(Rows("a,6 1/2\",b"), ElementsAre("a|6 1/2\"|b"));
  EXPECT_THAT(Rows(""), ElementsAre());
  EXPECT_THAT(Rows("a,"), ElementsAre("a|"));
  EXPECT_THAT(Rows("\"\""), ElementsAre(""));
}

TEST(CsvReaderTest, ReadsTheSameInSmallPortions) {
  const std::string text =
      "\xEF\xBB\xBF"
      "a,\"b\r\n\"\"é\"\r\n1,\"2\"x\r\n3,4";
  const std::vector<CsvRecord> whole = ReadAll(BytesOf(text));
  const std::vector<CsvRecord> dripped = ReadAll(Dripping(text));
  ASSERT_EQ(whole.size(), dripped.size());
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i].line, dripped[i].line);
    EXPECT_EQ(whole[i].status, dripped[i].status);
    EXPECT_EQ(whole[i].fields.size(), dripped[i].fields.size());
  }
}

TEST(CsvReaderTest, KnowsWhereValuesStand) {
  const std::vector<CsvRecord> records = ReadAll(BytesOf("é,b\n\"x\ny\",2,3\n\n4,  \"5\"\n"));
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(FormatPosition(records[0].fields[1].at), "line 1, column 3");
  EXPECT_EQ(records[1].line, 2u);
  EXPECT_EQ(FormatPosition(records[1].fields[1].at), "line 3, column 4");
  EXPECT_EQ(FormatPosition(records[1].fields[2].at), "line 3, column 6");
  EXPECT_EQ(records[2].line, 5u);
  EXPECT_EQ(FormatPosition(records[2].fields[1].at), "line 5, column 5");
}

TEST(CsvReaderTest, OneLostQuoteCostsOneRow) {
  const std::vector<std::string> rows = Rows("a,b\n1,\"2\n3,4\n5,6\n");
  EXPECT_THAT(
      rows, ElementsAre("a|b", StartsWith("!line 2, column 3: the quote that begins here is never"),
                        "3|4", "5|6"));
  EXPECT_THAT(Rows("1,\"2\"3\n4,5\n"),
              ElementsAre(StartsWith("!line 1, column 6: something stands between"), "4|5"));
  // The quote is closed by another row's, lines later.
  EXPECT_THAT(Rows("1,\"2\n3,4\n5,\"6\"\n7,8\n"),
              ElementsAre(StartsWith("!line 3, column 4"), "3|4", "5|6", "7|8"));
}

TEST(CsvReaderTest, KeepsTheLineThatItCouldNotTakeApart) {
  const std::vector<CsvRecord> records = ReadAll(BytesOf("1,\"2\"3,x\r\n\"open\r\nnext"));
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].raw, "1,\"2\"3,x");
  EXPECT_EQ(records[1].raw, "\"open");
  EXPECT_EQ(records[1].line, 2u);
  EXPECT_EQ(records[2].line, 3u);
  EXPECT_THAT(records[2].status, IsOk());
}

TEST(CsvReaderTest, RefusesWhatIsNotUtf8) {
  EXPECT_THAT(Rows("a,b\nBr\xFCssel,1\n2,3\n"),
              ElementsAre("a|b", HasSubstr("line 2, column 1: not UTF-8"), "2|3"));
}

TEST(CsvReaderTest, BoundsRowsAndColumns) {
  const std::string wide(kImportColumnsMax - 1, ',');
  EXPECT_EQ(ReadAll(BytesOf(wide))[0].fields.size(), kImportColumnsMax);
  EXPECT_THAT(Rows(absl::StrCat(wide, ",\n1\n")),
              ElementsAre(HasSubstr("at most 256 values"), "1"));

  const std::string longest(kImportRowBytesMax, 'x');
  EXPECT_THAT(Rows(longest), ElementsAre(longest));
  EXPECT_THAT(Rows(absl::StrCat(longest, "xx\n1\n")), ElementsAre(HasSubstr("262144 bytes"), "1"));
  // A quote that is never closed before a long list: read on from the next line.
  std::string list = "\"open\n";
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&list, "row,", i, "\n");
  const std::vector<std::string> rows = Rows(list);
  ASSERT_EQ(rows.size(), 100'001u);
  EXPECT_THAT(rows[0], HasSubstr("is the quote here never closed?"));
  EXPECT_EQ(rows[100'000], "row|99999");
}

TEST(CsvReaderTest, EverythingOnOneEndlessLineEnds) {
  const std::vector<CsvRecord> records = ReadAll(BytesOf(std::string(3'000'000, 'x')));
  ASSERT_EQ(records.size(), 1u);
  EXPECT_FALSE(records[0].status.ok());
  EXPECT_LE(records[0].raw.size(), kImportRowBytesMax + 1);
}

TEST(CsvReaderTest, FailingDiskIsAnErrorAndNotTheEnd) {
  bool first = true;
  CsvReader reader([&first](absl::Span<char> into) -> absl::StatusOr<size_t> {
    if (!first) return absl::UnavailableError("the disk is gone");
    first = false;
    std::memcpy(into.data(), "a,b\n1,2", 7);
    return 7;
  });
  EXPECT_THAT(ValueOrDie(reader.Next()).has_value(), true);
  EXPECT_EQ(reader.Next().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace touchstone::cli
