#include "cli/card_issue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/sample_passport.h"
#include "verifier/card_token.h"
#include "verifier/digital_link.h"
#include "verifier/verify_cards.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;

constexpr absl::CivilDay kDay(2026, 11, 22);

absl::StatusOr<std::string> Issue(const TestLog& log, int passport, absl::string_view key,
                                  absl::CivilDay day = kDay,
                                  absl::string_view resolver = "https://id.example") {
  return IssueCardLink(SamplePolicy(log), Held(log, passport), NamedKey(key), day, resolver,
                       log.now_ms());
}

TEST(CardIssueTest, SaysWhatThePieceIs) {
  const TestLog log = SampleLog();
  const DigitalLink link = ValueOrDie(DigitalLink::Parse(ValueOrDie(Issue(log, 1, "card key"))));
  const CardText text = ValueOrDie(CardToken::Parse(link.token())).text();
  EXPECT_EQ(text.passport_id, Held(log).record.passport_id);
  EXPECT_EQ(text.registration, Held(log).record.registration);
  EXPECT_EQ(text.serial, "R-1");
  EXPECT_EQ(text.inscription, "GIA 2141438001");
  EXPECT_EQ(text.title, "Solitaire ring");
  EXPECT_EQ(text.day, 2517);  // from 2020-01-01, two leap years on the way
  // The piece has no GTIN: the link names the passport.
  EXPECT_EQ(std::get<PassportId>(link.key()), Held(log).record.passport_id);
}

TEST(CardIssueTest, LeadsToTheGtinWhereThereIsOne) {
  TestLog log = SampleLog();
  log.Enrol("gtins", {v1::ISSUER}, {"gtins key"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("9521234"); });
  v1::Piece piece = SamplePiece(2);
  piece.set_gtin14("09521234100478");
  log.Register(2, "gtins key", piece);
  log.Commit();
  EXPECT_THAT(ValueOrDie(Issue(log, 2, "card key")),
              HasSubstr("HTTPS://ID.EXAMPLE/01/09521234100478/21/R-2#"));
}

TEST(CardIssueTest, CutsWhatACardHasNoRoomFor) {
  TestLog log = SampleLog();
  v1::Piece piece = SamplePiece(2);
  piece.set_title(std::string(47, 'x') + "\u00e9clat");  // the 48th byte is half a character
  piece.clear_inscriptions();
  log.Register(2, "maison key", piece);
  log.Commit();
  const DigitalLink link = ValueOrDie(DigitalLink::Parse(ValueOrDie(Issue(log, 2, "card key"))));
  const CardText text = ValueOrDie(CardToken::Parse(link.token())).text();
  EXPECT_EQ(text.title, std::string(47, 'x'));
  EXPECT_EQ(text.inscription, "");
}

TEST(CardIssueTest, RefusesAKeyThatIsNotEnrolled) {
  const TestLog log = SampleLog();
  const absl::Status status = Issue(log, 1, "maison key").status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("touchstone card enrol"));
}

TEST(CardIssueTest, RefusesDaysAndResolversThatAreNone) {
  const TestLog log = SampleLog();
  EXPECT_TRUE(Issue(log, 1, "card key", absl::CivilDay(2020, 1, 1)).ok());
  EXPECT_FALSE(Issue(log, 1, "card key", absl::CivilDay(2019, 12, 31)).ok());
  EXPECT_TRUE(Issue(log, 1, "card key", absl::CivilDay(2199, 6, 6)).ok());
  EXPECT_FALSE(Issue(log, 1, "card key", absl::CivilDay(2199, 6, 7)).ok());
  EXPECT_FALSE(Issue(log, 1, "card key", kDay, "id.example").ok());
}

TEST(CardIssueTest, MakesACardsFileOfAPassport) {
  const TestLog log = SampleLog();
  const std::string cards = ValueOrDie(CardsOfPassport(Held(log)));
  const VerifiedCards verified = ValueOrDie(CheckCards(SamplePolicy(log), cards, log.now_ms()));
  ASSERT_EQ(verified.keys.size(), 1u);
  EXPECT_EQ(verified.keys[0].key_id, NamedKeyId("card key"));
}

TEST(CardIssueTest, DefaultsToTheHostOfTheOrigin) {
  EXPECT_EQ(DefaultResolver("passports.example/log"), "https://passports.example");
  EXPECT_EQ(DefaultResolver("passports.example"), "https://passports.example");
}

}  // namespace
}  // namespace touchstone::cli
