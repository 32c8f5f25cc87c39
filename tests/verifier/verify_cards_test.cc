#include "verifier/verify_cards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/life_scenario.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"

namespace touchstone {
namespace {

CardText TextFor(const TestLog& log, int passport, const std::string& card_key) {
  return CardText{.card_key_id = CardKeyIdOf(NamedKey(card_key).public_key()),
                  .passport_id = ValueOrDie(PassportId::FromBytes(TestPassportId(passport))),
                  .registration = EntryDigest(log.Frame(5)),
                  .day = 2517,
                  .serial = absl::StrCat("R-", passport),
                  .inscription = "GIA 2141438001",
                  .title = "Solitaire ring"};
}

std::string Token(const TestLog& log, const CardText& text, const std::string& card_key) {
  const std::string body = ValueOrDie(EncodeCardBody(text));
  const std::string signature = NamedKey(card_key).Sign(CardSignedBytes(log.origin(), body));
  return ValueOrDie(CardToken::Assemble(body, signature)).Format();
}

TestLog LogWithCardKey() {
  TestLog log = WholeLife();
  log.EnrolCardKey("card 2026", "cards of 2026");
  log.Commit();
  return log;
}

TEST(VerifyCard, IsVerifiedWithACardsFile) {
  const TestLog log = LogWithCardKey();
  const std::string token = Token(log, TextFor(log, 1, "card 2026"), "card 2026");
  const CardVerdict verdict =
      VerifyCard(PolicyOf(log.PolicyText()), token, TestLog::CardsFile(log.Cards()), log.now_ms());
  ASSERT_EQ(verdict.outcome, Outcome::kVerified);
  EXPECT_FALSE(verdict.reason.has_value());
  EXPECT_EQ(verdict.text->serial, "R-1");
  EXPECT_EQ(verdict.card_key_label, "cards of 2026");
  EXPECT_EQ(verdict.card_key_id, NamedKeyId("card 2026"));
  EXPECT_EQ(verdict.log->size, log.size());
}

TEST(VerifyCard, ReadsTheWholeLink) {
  const TestLog log = LogWithCardKey();
  const std::string token = Token(log, TextFor(log, 1, "card 2026"), "card 2026");
  const std::string cards = TestLog::CardsFile(log.Cards());
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const auto verify = [&](const std::string& link) {
    return VerifyCard(policy, link, cards, log.now_ms());
  };
  const std::string id = ValueOrDie(PassportId::FromBytes(TestPassportId(1))).Format();
  const std::string other = ValueOrDie(PassportId::FromBytes(TestPassportId(2))).Format();
  EXPECT_EQ(verify("HTTPS://ID.EXAMPLE/p/" + id + "#" + token).outcome, Outcome::kVerified);
  EXPECT_EQ(verify("https://id.example/01/03612345678904/21/R-1#" + token).outcome,
            Outcome::kVerified);
  EXPECT_EQ(verify("HTTPS://ID.EXAMPLE/p/" + other + "#" + token).reason->code,
            RefusalCode::kWrongCard);
  EXPECT_EQ(verify("https://id.example/01/03612345678904/21/R-2#" + token).reason->code,
            RefusalCode::kWrongCard);
  EXPECT_EQ(verify("https://id.example/p/" + id).outcome, Outcome::kRefused);
}

TEST(VerifyCard, CannotBeJudgedWithoutACardsFile) {
  const TestLog log = LogWithCardKey();
  const CardVerdict verdict =
      VerifyCard(PolicyOf(log.PolicyText()), Token(log, TextFor(log, 1, "card 2026"), "card 2026"),
                 "", log.now_ms());
  EXPECT_EQ(verdict.outcome, Outcome::kCannotJudge);
  EXPECT_EQ(verdict.reason->code, RefusalCode::kUnknownCardKey);
  EXPECT_TRUE(verdict.text.has_value());
  EXPECT_FALSE(verdict.log.has_value());
}

TEST(VerifyCard, CannotJudgeAKeyEnrolledLater) {
  const TestLog log = LogWithCardKey();
  const CardVerdict verdict =
      VerifyCard(PolicyOf(log.PolicyText()), Token(log, TextFor(log, 1, "card 2026"), "card 2026"),
                 TestLog::CardsFile(log.Cards(15)), log.now_ms());
  EXPECT_EQ(verdict.outcome, Outcome::kCannotJudge);
  EXPECT_EQ(verdict.reason->code, RefusalCode::kUnknownCardKey);
}

// What the revoked key says of a card of 2026-11-22.
CardVerdict AfterRevocation(const std::string& good_before) {
  TestLog log = LogWithCardKey();
  Said revocation = CardKeyRevocation(log, "card 2026");
  revocation.statement.mutable_card_key_revoked()->set_good_before(good_before);
  Append(log, revocation);
  log.EnrolCardKey("card 2027");
  log.Commit();
  const std::string token = Token(log, TextFor(log, 1, "card 2026"), "card 2026");
  const std::string cards = TestLog::CardsFile(log.Cards());
  const CardVerdict verdict = VerifyCard(PolicyOf(log.PolicyText()), token, cards, log.now_ms());
  ExpectSecondReaderAgreesOnCard(log.PolicyText(), cards, token, verdict.outcome);
  return verdict;
}

TEST(VerifyCard, RefusesARevokedKeysFromTheDayOnAtWhichItMayHaveBeenStolen) {
  EXPECT_EQ(AfterRevocation("2026-11-23").outcome, Outcome::kVerified);
  for (const std::string good_before : {"2026-11-22", "2020-01-01", ""}) {
    const CardVerdict verdict = AfterRevocation(good_before);
    EXPECT_EQ(verdict.outcome, Outcome::kRefused) << good_before;
    EXPECT_EQ(verdict.reason->code, RefusalCode::kKeyRevoked) << good_before;
  }
}

TEST(VerifyCard, RefusesAForgedToken) {
  const TestLog log = LogWithCardKey();
  // It names the card key, and another key signed it.
  const CardVerdict verdict =
      VerifyCard(PolicyOf(log.PolicyText()), Token(log, TextFor(log, 1, "card 2026"), "thief"),
                 TestLog::CardsFile(log.Cards()), log.now_ms());
  EXPECT_EQ(verdict.outcome, Outcome::kRefused);
  EXPECT_EQ(verdict.reason->code, RefusalCode::kBadSignature);
  EXPECT_FALSE(verdict.log.has_value());
}

TEST(VerifyCard, RefusesACardsFileThatLies) {
  const TestLog log = LogWithCardKey();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const std::string token = Token(log, TextFor(log, 1, "card 2026"), "card 2026");
  v1::Passport cut = log.Cards();
  cut.mutable_stewards()->mutable_entries()->RemoveLast();
  EXPECT_EQ(VerifyCard(policy, token, TestLog::CardsFile(cut), 0).reason->code,
            RefusalCode::kBadIndexProof);
  EXPECT_EQ(VerifyCard(policy, token, TestLog::CardsFile(log.Passport(1)), 0).reason->code,
            RefusalCode::kMalformed);
  EXPECT_EQ(VerifyCard(policy, token, log.PassportFile(1), 0).reason->code,
            RefusalCode::kMalformed);
}

TEST(CheckCards, ListsTheKeys) {
  TestLog log = LogWithCardKey();
  log.EnrolCardKey("card 2027", "cards of 2027");
  log.Commit();
  const auto cards =
      CheckCards(PolicyOf(log.PolicyText()), TestLog::CardsFile(log.Cards()), log.now_ms());
  ASSERT_THAT(cards, IsOk());
  ASSERT_EQ(cards->keys.size(), 2u);
  EXPECT_EQ(cards->keys[1].label, "cards of 2027");
  EXPECT_EQ(cards->log.operator_name, "Example Registry");
}

TEST(CheckCards, RefusesEveryFlippedByte) {
  const TestLog log = LogWithCardKey();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const std::string file = TestLog::CardsFile(log.Cards());
  for (size_t i = 0; i < file.size(); ++i) {
    std::string flipped = file;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    ASSERT_FALSE(CheckCards(policy, flipped, log.now_ms()).ok()) << i;
  }
}

// The card against the passport that it is shown with.
TEST(VerifyPassport, ComparesTheCard) {
  const TestLog log = LogWithCardKey();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const auto match = [&](int passport, const std::string& token) {
    Observed observed;
    observed.card = token;
    const auto record = CheckPassport(policy, log.PassportFile(passport), observed, log.now_ms());
    EXPECT_THAT(record, IsOk());
    return record->object.at(0).match;
  };
  const CardText text = TextFor(log, 1, "card 2026");
  EXPECT_EQ(match(1, Token(log, text, "card 2026")), Match::kMatches);
  EXPECT_EQ(match(2, Token(log, text, "card 2026")), Match::kDiffers);
  EXPECT_EQ(match(1, Token(log, text, "thief")), Match::kDiffers);
  EXPECT_EQ(match(1, "no token"), Match::kDiffers);
  CardText other_registration = text;
  other_registration.registration[0] ^= 1;
  EXPECT_EQ(match(1, Token(log, other_registration, "card 2026")), Match::kDiffers);
  EXPECT_EQ(match(1, Token(log, TextFor(log, 1, "card 2027"), "card 2027")), Match::kNotRecorded);
}

}  // namespace
}  // namespace touchstone
