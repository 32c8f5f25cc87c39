#include "cli/passport_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "cli/examples.h"
#include "cli/message_description.h"
#include "cli/terminal_text.h"
#include "cli/text_page.h"
#include "tests/cli/sample_passport.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

Terminal Plain(int width) {
  Terminal terminal;
  terminal.width = width;
  return terminal;
}

TEST(PassportTextTest, TellsTheWholeStory) {
  TestLog log = SampleLog();
  log.Report(1, "maison key", "GIA", "2141438001");
  log.Care(1, "atelier key", v1::CareRecord::PRONG_RETIPPING);
  log.FirstSale(1, "maison key", "claim key");
  log.Claim(1, "claim key", "first owner");
  log.Transfer(1, "first owner", "second owner", v1::Transfer::GIFT);
  log.Commit();
  const std::string text = PassportToText(Held(log).record, Plain(100));
  for (const char* said :
       {"Solitaire ring\n", "serial R-1", "genuine, and complete: 6 entries", "1.01 ct",
        "6.41 x 6.45 x 3.98 mm", "gold 750", "\"GIA 2141438001\"", "as the issuer provided it",
        "owned, by its 2nd owner", "(atelier)", "(maison)", "signed by both owners",
        "says nothing about the object before you"}) {
    EXPECT_THAT(text, HasSubstr(said));
  }
  EXPECT_THAT(text, Not(HasSubstr("doubted")));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
}

TEST(PassportTextTest, NamesDoubtedEntries) {
  TestLog log = SampleLog();
  log.RevokeKey("maison", "maison key", /*compromised_from=*/3);
  log.Commit();
  EXPECT_THAT(PassportToText(Held(log).record, Plain(100)),
              HasSubstr("1 entry was signed while the key may have been in other hands"));
}

TEST(PassportTextTest, KeepsToTheWidthAndShowsColoursOnlyWhereTheyAreWanted) {
  TestLog log = SampleLog();
  for (const absl::string_view name : ExampleNames()) {
    v1::Piece piece;
    ASSERT_TRUE(piece.ParseFromString(
        ValueOrDie(MessageFromDescription("Piece", ValueOrDie(ExamplePiece(name))))));
    piece.clear_gtin14();
    log.Register(static_cast<int>(name.size()) + 10, "maison key", piece);
    log.Commit();
    const VerifiedRecord record = Held(log, static_cast<int>(name.size()) + 10).record;
    for (const int width : {60, 80, 100, 300}) {
      const std::string text = PassportToText(record, Plain(width));
      for (const absl::string_view line : absl::StrSplit(text, '\n')) {
        EXPECT_LE(TextColumns(line), static_cast<size_t>(std::min(width, 100))) << line;
      }
    }
    Terminal colourful = Plain(80);
    colourful.color = true;
    EXPECT_THAT(PassportToText(record, colourful), HasSubstr("\033[1m"));
  }
}

TEST(PassportTextTest, LetsNothingInTheRecordTurnTheTextAround) {
  TestLog log = SampleLog();
  VerifiedRecord record = Held(log).record;
  record.piece.set_title("Ring \u202e001 ylno");
  record.piece.set_maker("\033[31mred");
  const std::string text = PassportToText(record, Plain(100));
  EXPECT_THAT(text, Not(HasSubstr("\u202e")));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
}

TEST(TerminalTextTest, LetsNothingActOnTheTerminal) {
  EXPECT_EQ(ForTerminal("line one\nline \033[2J two\r\n"), "line one\nline ?[2J two?\n");
  EXPECT_EQ(ForTerminal("caf\u00e9 \u202e x"), "caf\u00e9 ? x");
  EXPECT_EQ(ForTerminal("\xff\xfe caf\u00e9"), "?? caf??");
  EXPECT_EQ(ForTerminal(""), "");
}

TEST(TextPageTest, BreaksLinesAtWordsAndCountsCharacters) {
  TextPage page(Plain(30));
  page.Heading("nothing below");
  page.Heading("Heading");
  page.Field("label", "one two three four");
  page.Field("a label that is long", "x");
  page.Field("none", "");
  EXPECT_EQ(std::move(page).Finish(),
            "Heading\n"
            "  label           one two\n"
            "                  three four\n"
            "  a label that is long\n"
            "                  x\n");
  EXPECT_EQ(TextColumns("caf\u00e9"), 4u);
  EXPECT_EQ(TextColumns("cafe\u0301"), 4u);
  EXPECT_EQ(TextColumns("\u5b9d\u77f3"), 2u);
}

}  // namespace
}  // namespace touchstone::cli
