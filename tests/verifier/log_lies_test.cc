// Registries that lie, and thieves of keys: what is in the log itself is wrong, and the passport
// file shows it faithfully.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/claim_scenario.h"
#include "tests/verifier/rule_scenario.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"
#include "verifier/verify_cards.h"

namespace touchstone {
namespace {

TestLog LogWithIssuer() {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  log.Register(1, "maison");
  return log;
}

Envelope CareEnvelope(TestLog& log, int passport, const KeyNames& signers) {
  v1::Statement statement = log.PassportStatement(passport);
  statement.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
  statement.mutable_care_record()->set_performed_on("2026-11-22");
  return SignStatement(statement, signers);
}

Subject Piece(int number) { return {IndexKind::kPassportEntry, TestPassportId(number)}; }

// ---- Frames. ----

struct FrameEdit {
  std::string name;
  std::function<void(Entry&)> edit;
  RefusalCode refused;
};

void PrintTo(const FrameEdit& edit, std::ostream* out) { *out << edit.name; }

class Frames : public testing::TestWithParam<FrameEdit> {};

TEST_P(Frames, AreRefused) {
  TestLog log = LogWithIssuer();
  log.Append(CareEnvelope(log, 1, {"atelier"}), Piece(1), {}, GetParam().edit);
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(GetParam().refused));
}

std::string FrameEditName(const testing::TestParamInfo<FrameEdit>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    All, Frames,
    testing::Values(FrameEdit{"number_skipped", [](Entry& entry) { entry.number = 2; },
                              RefusalCode::kBrokenChain},
                    FrameEdit{"number_again",
                              [](Entry& entry) {
                                entry.number = 0;
                                entry.previous = kZeroDigest;
                              },
                              RefusalCode::kBrokenChain},
                    FrameEdit{"another_previous", [](Entry& entry) { entry.previous[0] ^= 1; },
                              RefusalCode::kBrokenChain},
                    FrameEdit{"earlier_than_the_entry_before",
                              [](Entry& entry) { entry.time_ms -= 10'000'000; },
                              RefusalCode::kBrokenChain},
                    FrameEdit{"another_position", [](Entry& entry) { ++entry.position; },
                              RefusalCode::kBadInclusionProof},
                    FrameEdit{"position_before_the_registration",
                              [](Entry& entry) { entry.position = 1; },
                              RefusalCode::kBadInclusionProof},
                    FrameEdit{"payload_damaged", [](Entry& entry) { entry.payload.pop_back(); },
                              RefusalCode::kMalformed}),
    FrameEditName);

// ---- Statements. ----

TEST(LogLies, ASignatureThatDoesNotVerify) {
  TestLog log = LogWithIssuer();
  const Envelope genuine = CareEnvelope(log, 1, {"atelier"});
  std::vector<EnvelopeSignature> signatures = genuine.signatures();
  signatures[0].sig[10] ^= 1;
  const Envelope forged = ValueOrDie(
      Envelope::Create(PayloadType::kStatement, genuine.payload(), std::move(signatures)));
  log.Append(forged, Piece(1), {});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBadSignature));
}

TEST(LogLies, ASignatureOfAnotherStatement) {
  TestLog log = LogWithIssuer();
  const Envelope first = CareEnvelope(log, 1, {"atelier"});
  const Envelope second = CareEnvelope(log, 1, {"atelier"});
  log.Append(
      ValueOrDie(Envelope::Create(PayloadType::kStatement, second.payload(), first.signatures())),
      Piece(1), {});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBadSignature));
}

// ---- Statements that were said once, and are logged again: their signatures are genuine. ----

TEST(LogLies, ARoleIsNotGivenBackWithoutTheStewards) {
  TestLog log;
  Populate(log);
  Said given = Change(log, "gia", v1::LABORATORY, kStewards);
  given.statement.mutable_participant_changed()->mutable_details()->add_laboratory_names("GIA");
  Append(log, given);
  Append(log, Change(log, "gia", v1::APPRAISER, kStewards));
  TestLog honest = log;
  honest.Report(1, "gia", "GIA", "55501");
  honest.Commit();
  EXPECT_THAT(Check(honest, honest.Passport(1)), IsRefused(RefusalCode::kWrongRole));
  Append(log, given);
  log.Report(1, "gia", "GIA", "55501");
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBrokenChain));
}

TEST(LogLies, ARecordIsNotMadeTwice) {
  TestLog log = LogWithIssuer();
  const Envelope record = CareEnvelope(log, 1, {"atelier"});
  log.Append(record, Piece(1), {});
  log.Append(record, Piece(1), {});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBrokenChain));
}

TEST(LogLies, ALaterDisputeIsNotResolvedAsAnEarlierOne) {
  TestLog log;
  Populate(log);
  Dispute(log);
  const Said resolution = Resolution(log, 1, {"gia"}, ReportOfPiece1());
  Append(log, resolution);
  log.Resolve(1, "gia", InscriptionOfPiece1());
  Append(log, Copy(log, 3, {"rival"}, Both()));
  Append(log, resolution);
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBrokenChain));
}

TEST(LogLies, AStoneThatCameBackIsNotRemovedAgain) {
  TestLog log;
  Populate(log);
  const Said removed = StoneRemoved(log, 1, {"maison"}, {ReportOfPiece1()});
  const Digest release = Append(log, removed).digest;
  Said back = SameReport(log, 1, false);
  AddPredecessor(*back.statement.mutable_laboratory_report(), 1, release);
  Append(log, back);
  Append(log, removed);
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBrokenChain));
}

TEST(LogLies, AStatementWithAnUnknownFieldCannotBeJudged) {
  TestLog log = LogWithIssuer();
  v1::Statement statement = log.PassportStatement(1);
  statement.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
  statement.mutable_care_record()->set_performed_on("2026-11-22");
  // Field 120 of Statement, a varint 1.
  const std::string bytes = statement.SerializeAsString() + "\xC0\x07\x01";
  log.Append(SignStatementBytes(bytes, {"atelier"}), Piece(1), {});
  log.Commit();
  const auto checked = Check(log, log.Passport(1));
  EXPECT_THAT(checked, IsRefused(RefusalCode::kUnknownField));
  EXPECT_EQ(OutcomeOf(checked.status()), Outcome::kCannotJudge);
}

TEST(LogLies, AStatementUnderLaterRulesCannotBeJudged) {
  TestLog log = LogWithIssuer();
  v1::Statement statement = log.PassportStatement(1);
  statement.set_rules_version(2);
  statement.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
  statement.mutable_care_record()->set_performed_on("2026-11-22");
  log.Say(statement, {"atelier"});
  log.Commit();
  const auto checked = Check(log, log.Passport(1));
  EXPECT_THAT(checked, IsRefused(RefusalCode::kUnknownRules));
  EXPECT_EQ(OutcomeOf(checked.status()), Outcome::kCannotJudge);
}

TEST(LogLies, AStatementAboutAnotherPiece) {
  TestLog log = LogWithIssuer();
  log.Register(2, "maison");
  log.Append(CareEnvelope(log, 2, {"atelier"}), Piece(1), {});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBrokenChain));
}

// ---- The index. ----

TEST(LogLies, ARecordThatIsNotInTheIndex) {
  TestLog log = LogWithIssuer();
  log.Care(1, "atelier");
  log.DropLastInsertion();
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBadIndexProof));
}

TEST(LogLies, AnotherRecordInTheIndex) {
  TestLog log = LogWithIssuer();
  const EntryPlace care = log.Care(1, "atelier");
  log.DropLastInsertion();
  Digest other = care.digest;
  other[5] ^= 1;
  log.InsertIntoIndex(
      {IndexKind::kPassportEntry, TestPassportId(1), 1, IndexEvent::kEntry, other, care.position});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBadIndexProof));
}

// The index knows of a record that the file does not show.
TEST(LogLies, ARecordInTheIndexThatIsNotShown) {
  TestLog log = LogWithIssuer();
  log.InsertIntoIndex(
      {IndexKind::kPassportEntry, TestPassportId(1), 1, IndexEvent::kEntry, Digest{1}, 5});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBadIndexProof));
}

TEST(LogLies, OneInscriptionForTwoPieces) {
  TestLog log = LogWithIssuer();
  v1::Piece copy = SamplePiece(2);
  copy.mutable_inscriptions(0)->set_text("GIA-2141438001");  // that of piece 1, spelt otherwise
  log.Register(2, "maison", copy);
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(2)), IsRefused(RefusalCode::kClaimTaken));

  // Nor does it help to leave the claim out of the file, or the first piece's event.
  v1::Passport without = log.Passport(2);
  ASSERT_EQ(without.claims_size(), 2);
  ASSERT_EQ(without.claims(0).events_size(), 2);
  v1::Passport alone = without;
  alone.mutable_claims(0)->mutable_events()->DeleteSubrange(0, 1);
  EXPECT_THAT(Check(log, alone), IsRefused(RefusalCode::kBadIndexProof));
  without.mutable_claims()->DeleteSubrange(0, 1);
  EXPECT_THAT(Check(log, without), IsRefused(RefusalCode::kWrongClaims));

  // The first piece's file shows the second claim, which no rule allows.
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kWrongClaims));
}

TEST(LogLies, AClaimThatIsNotInTheIndex) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Register(1, "maison");
  log.DropLastInsertion();
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kBadIndexProof));
}

// What no other passport can have done, the file of one shows by itself.
TEST(LogLies, EventsOfAClaimThatAreNoSteps) {
  for (const IndexEvent event : {IndexEvent::kClaim, IndexEvent::kRelease}) {
    TestLog log = LogWithIssuer();
    log.InsertIntoIndex({IndexKind::kInscriptionClaim, "GIA2141438001", 1, event, Digest{7}, 5});
    log.Commit();
    EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kWrongClaims))
        << static_cast<int>(event);
  }
}

TEST(LogLies, AnEventOfAKindThatClaimsDoNotHave) {
  TestLog log = LogWithIssuer();
  log.InsertIntoIndex(
      {IndexKind::kInscriptionClaim, "GIA2141438001", 1, IndexEvent{5}, Digest{7}, 5});
  log.Commit();
  const auto checked = Check(log, log.Passport(1));
  EXPECT_THAT(checked, IsRefused(RefusalCode::kUnknownRules));
  EXPECT_EQ(OutcomeOf(checked.status()), Outcome::kCannotJudge);
}

TEST(LogLies, AnEventOfAClaimBeforeTheOneBefore) {
  TestLog log = LogWithIssuer();
  log.InsertIntoIndex(
      {IndexKind::kInscriptionClaim, "GIA2141438001", 1, IndexEvent::kContest, Digest{7}, 3});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kWrongClaims));
}

TEST(LogLies, AnEventOfAClaimBeyondTheLog) {
  TestLog log = LogWithIssuer();
  const ClaimSubject claim{IndexKind::kInscriptionClaim, "GIA2141438001"};
  log.InsertIntoIndex({claim.kind, claim.subject, 1, IndexEvent::kContest, Digest{7}, 1000});
  log.Commit();
  v1::Passport passport = log.Passport(1);
  v1::ClaimChain& chain = *passport.mutable_claims(0);
  v1::ClaimEvent& event = *chain.add_events();
  event.set_event(static_cast<uint32_t>(IndexEvent::kContest));
  const Digest digest{7};
  event.set_digest(std::string(DigestBytes(digest)));
  event.set_position(1000);
  event.set_present(log.IndexProofOf(claim.kind, claim.subject, 1));
  chain.set_next_absent(log.IndexProofOf(claim.kind, claim.subject, 2));
  EXPECT_THAT(Check(log, passport), IsRefused(RefusalCode::kWrongClaims));
}

// ---- Keys. ----

TEST(LogLies, ARecordAfterTheCutOffIsRefused) {
  TestLog log = LogWithIssuer();
  log.Care(1, "atelier");
  log.RevokeKey("atelier", "atelier");
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsOk());
  log.Care(1, "atelier");
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kKeyRevoked));
}

TEST(LogLies, RecordsSinceTheCompromiseAreDoubted) {
  TestLog log = LogWithIssuer();
  log.Care(1, "atelier");
  const uint64_t from = log.size();
  log.Care(1, "atelier");
  log.Care(1, "atelier");
  log.RevokeKey("atelier", "atelier", from);
  log.AddKey("atelier", "atelier 2");
  log.Care(1, "atelier 2");
  log.Commit();
  const auto record = Check(log, log.Passport(1));
  ASSERT_THAT(record, IsOk());
  std::vector<bool> doubted;
  for (const TimelineEntry& entry : record->timeline) doubted.push_back(entry.doubted);
  EXPECT_THAT(doubted, testing::ElementsAre(false, false, true, true, false));
  EXPECT_TRUE(record->signers[0].entries[1].doubted);
  EXPECT_FALSE(IsWithoutReservation(Verdict::FromRecord(*record)));
}

TEST(LogLies, AKeyThatSignedBeforeItsEnrolment) {
  TestLog log = LogWithIssuer();
  log.Append(CareEnvelope(log, 1, {"atelier 2"}), Piece(1), {});
  log.AddKey("atelier", "atelier 2");
  log.Care(1, "atelier");  // so that the atelier's chain is in the file
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kKeyNotYetEnrolled));
}

TEST(LogLies, OneKeyInTwoChains) {
  TestLog log = LogWithIssuer();
  log.Enrol("double", {v1::WORKSHOP}, {"atelier", "double"});
  log.Care(1, "double");
  log.Commit();
  v1::Passport passport = log.Passport(1);
  passport.clear_participants();
  for (const char* id : {"atelier", "double", "maison"}) {
    *passport.add_participants() = log.ChainOf({IndexKind::kParticipantEntry, id});
  }
  EXPECT_THAT(Check(log, passport), IsRefused(RefusalCode::kKeyInUse));
}

// ---- Stewards. ----

TEST(LogLies, AnotherGenesisThanThePolicys) {
  const TestLog log = WholeLife();
  std::string text = log.PolicyText();
  const size_t digest = text.find("genesis ") + 8;
  text[digest] = text[digest] == '0' ? '1' : '0';
  EXPECT_THAT(CheckPassport(PolicyOf(text), log.PassportFile(1), Observed{}, log.now_ms()),
              IsRefused(RefusalCode::kWrongGenesis));
}

TEST(LogLies, APolicyWithoutGenesisCannotJudge) {
  const TestLog log = WholeLife();
  const auto checked =
      CheckPassport(PolicyOf(absl::StrCat("log ", log.LogVkey(), "\nquorum none\n")),
                    log.PassportFile(1), Observed{}, log.now_ms());
  EXPECT_THAT(checked, IsRefused(RefusalCode::kNoGenesis));
  EXPECT_EQ(OutcomeOf(checked.status()), Outcome::kCannotJudge);
}

// A registry whose first frame does not take its time from the statement.
TEST(LogLies, AGenesisAtAnotherTime) {
  TestLog::Options options;
  options.genesis_edit = [](Entry& entry) { entry.time_ms += 1; };
  const TestLog log(options);
  EXPECT_THAT(CheckCards(PolicyOf(log.PolicyText()), TestLog::CardsFile(log.Cards()), 0),
              IsRefused(RefusalCode::kWrongGenesis));
}

TEST(LogLies, AGenesisThatTooFewStewardsSigned) {
  TestLog::Options options;
  options.genesis_signers = {"steward 1"};
  const TestLog log(options);
  EXPECT_THAT(CheckCards(PolicyOf(log.PolicyText()), TestLog::CardsFile(log.Cards()), 0),
              IsRefused(RefusalCode::kMissingSignature));
}

TEST(LogLies, AGenesisThatAStrangerSigned) {
  TestLog::Options options;
  options.genesis_signers = {"steward 1", "stranger"};
  const TestLog log(options);
  EXPECT_THAT(CheckCards(PolicyOf(log.PolicyText()), TestLog::CardsFile(log.Cards()), 0),
              IsRefused(RefusalCode::kUnknownSigner));
}

TEST(LogLies, AStewardsChainThatIsCut) {
  TestLog log = LogWithIssuer();
  log.EnrolCardKey("card");
  log.Commit();
  v1::Passport passport = log.Passport(1);
  passport.mutable_stewards()->mutable_entries()->RemoveLast();
  EXPECT_THAT(Check(log, passport), IsRefused(RefusalCode::kBadIndexProof));
}

TEST(LogLies, AParticipantsChainThatIsCut) {
  TestLog log = LogWithIssuer();
  log.RevokeKey("maison", "maison");
  log.Commit();
  v1::Passport passport = log.Passport(1);
  passport.mutable_participants(0)->mutable_entries()->RemoveLast();
  EXPECT_THAT(Check(log, passport), IsRefused(RefusalCode::kBadIndexProof));
}

// ---- Closing. ----

TEST(LogLies, ALogThatGoesOnAfterItsClosing) {
  TestLog log = LogWithIssuer();
  log.Close();
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsOk());
  log.Commit();  // one more index root
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kLogClosed));
}

// ---- Quotas. ----

TEST(LogLies, APassportWithMoreThanItsQuota) {
  TestLog log = LogWithIssuer();
  // One workshop alone may not fill it.
  for (int i = 0; i < 4; ++i)
    log.Enrol(absl::StrCat("atelier-", i), {v1::WORKSHOP}, {absl::StrCat("atelier ", i)});
  for (int i = 1; i < 448; ++i) {
    log.Care(1, i <= 80 ? "atelier" : absl::StrCat("atelier ", (i - 81) / 92));
  }
  log.FirstSale(1, "maison", "claim key");
  log.Claim(1, "claim key", "owner 0");
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsOk());

  TestLog one_record_more = log;
  one_record_more.Care(1, "atelier");
  one_record_more.Commit();
  EXPECT_THAT(Check(one_record_more, one_record_more.Passport(1)),
              IsRefused(RefusalCode::kQuotaExceeded));

  for (int i = 0; i < 30; ++i) {
    log.Transfer(1, absl::StrCat("owner ", i), absl::StrCat("owner ", i + 1));
  }
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsOk());
  TestLog one_owner_more = log;
  one_owner_more.Transfer(1, "owner 30", "owner 31");
  one_owner_more.Commit();
  EXPECT_THAT(Check(one_owner_more, one_owner_more.Passport(1)),
              IsRefused(RefusalCode::kQuotaExceeded));

  // Its end can still be told.
  log.EndLife(1, {"atelier", "owner 30"}, v1::EndOfLife::DESTROYED);
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsOk());
}

}  // namespace
}  // namespace touchstone
