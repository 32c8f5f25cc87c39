#include "cli/passport_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/policy.h"
#include "verifier/verify_passport.h"

namespace touchstone::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ClaimSubject Inscription() { return {IndexKind::kInscriptionClaim, "GIA2141438001"}; }

class PassportChangesTest : public testing::Test {
 protected:
  PassportChangesTest() {
    log_.Enrol("maison", {v1::ISSUER}, {"maison"});
    log_.Enrol("gia", {v1::LABORATORY}, {"gia"},
               [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
    log_.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
    log_.Register(1, "maison");
    log_.Commit();
  }

  VerifiedRecord Now(int passport = 1) {
    return ValueOrDie(CheckPassport(ValueOrDie(TrustPolicy::Parse(log_.PolicyText())),
                                    log_.PassportFile(passport), Observed{}, log_.now_ms()));
  }

  // Another piece contests what piece 1 bears.
  void Contest(int by) {
    v1::Statement copy = log_.PassportStatement(by);
    v1::Registration& registration = *copy.mutable_registration();
    *registration.mutable_piece() = SamplePiece(by);
    *registration.mutable_piece()->mutable_inscriptions() = SamplePiece(1).inscriptions();
    *registration.add_contests() = ReferenceTo(Inscription());
    log_.Say(copy, {"maison"});
    log_.Commit();
  }

  // What has changed since `before`, as text; the JSON says that something has.
  std::string Since(const VerifiedRecord& before, int passport = 1) {
    const VerifiedRecord after = Now(passport);
    const PassportChanges changes = ValueOrDie(ChangesBetween(before, after));
    EXPECT_THAT(ChangesToJson(changes, before, after),
                HasSubstr(changes.any() ? "\"changed\": true" : "\"changed\": false"));
    const std::string text = ChangesToText(changes, before, after);
    EXPECT_EQ(changes.any(), text.rfind("Nothing has changed", 0) == std::string::npos);
    return text;
  }

  TestLog log_;
};

TEST_F(PassportChangesTest, NothingWhereOnlyTheLogGoesOn) {
  const VerifiedRecord before = Now();
  log_.Register(7, "maison");
  log_.Commit();
  EXPECT_THAT(Since(before), HasSubstr("Nothing has changed since"));
}

TEST_F(PassportChangesTest, NewEntries) {
  const VerifiedRecord before = Now();
  log_.Care(1, "atelier");
  log_.Commit();
  EXPECT_THAT(Since(before), AllOf(HasSubstr("   1  "), HasSubstr("The atelier company"),
                                   Not(HasSubstr("   0  ")), Not(HasSubstr("Holding"))));
}

TEST_F(PassportChangesTest, AClaimThatAnotherPieceContests) {
  const VerifiedRecord before = Now();
  Contest(2);
  const VerifiedRecord disputed = Now();
  EXPECT_THAT(Since(before), HasSubstr("DISPUTED now: inscription GIA2141438001"));
  Contest(3);
  EXPECT_THAT(Since(disputed), HasSubstr("Still DISPUTED, and contested once more"));
  EXPECT_THAT(Since(before), HasSubstr("DISPUTED now: inscription GIA2141438001"));
  const VerifiedRecord after = Now();
  EXPECT_THAT(ChangesToJson(ValueOrDie(ChangesBetween(before, after)), before, after),
              AllOf(HasSubstr("\"standing_before\": \"held\""),
                    HasSubstr("\"standing\": \"disputed\""), HasSubstr("\"new_events\": 2")));
}

TEST_F(PassportChangesTest, AClaimThatIsResolvedForAnotherPiece) {
  Contest(2);
  const VerifiedRecord before = Now();
  log_.Resolve(2, "gia", Inscription());
  log_.Commit();
  EXPECT_THAT(Since(before), HasSubstr("LOST now: inscription GIA2141438001"));
}

TEST_F(PassportChangesTest, AClaimThatIsContestedAndResolvedForThisPieceInBetween) {
  const VerifiedRecord before = Now();
  Contest(2);
  const VerifiedRecord other = Now(2);
  log_.Resolve(1, "gia", Inscription());
  log_.Commit();
  EXPECT_THAT(Since(before), HasSubstr("RESOLVED for this piece, which alone bears it"));
  EXPECT_THAT(Since(other, 2), HasSubstr("LOST now"));
}

TEST_F(PassportChangesTest, AClaimThatIsLetGoOfAndTakenByAnother) {
  const VerifiedRecord before = Now();
  const Digest release = log_.RemoveStone(1, {"maison"}, {Inscription()}).digest;
  log_.Commit();
  EXPECT_THAT(Since(before), HasSubstr("Released: inscription GIA2141438001"));
  const VerifiedRecord released = Now();
  v1::Statement taken = log_.PassportStatement(2);
  v1::Registration& registration = *taken.mutable_registration();
  *registration.mutable_piece() = SamplePiece(9);
  *registration.mutable_piece()->mutable_inscriptions() = SamplePiece(1).inscriptions();
  registration.add_predecessors()->set_passport_id(TestPassportId(1));
  registration.mutable_predecessors(0)->set_digest(std::string(DigestBytes(release)));
  log_.Say(taken, {"maison"});
  log_.Commit();
  EXPECT_THAT(Since(released), HasSubstr("Another piece has claimed what this one let go of"));
}

TEST_F(PassportChangesTest, ANewClaimGoesWithoutSayingUnlessItIsDisputed) {
  const VerifiedRecord before = Now();
  log_.Report(1, "gia", "GIA", "5551234567");
  log_.Commit();
  const VerifiedRecord after = Now();
  const PassportChanges changes = ValueOrDie(ChangesBetween(before, after));
  EXPECT_TRUE(changes.claims.empty());
  EXPECT_EQ(changes.added.size(), 1u);
}

TEST_F(PassportChangesTest, AnEntryThatIsDoubtedOnlyNow) {
  log_.Care(1, "atelier");
  const uint64_t since = log_.size() - 1;
  log_.Commit();
  const VerifiedRecord before = Now();
  log_.RevokeKey("atelier", "atelier", since);
  log_.Commit();
  EXPECT_THAT(Since(before), HasSubstr("   1  is DOUBTED now"));
}

TEST_F(PassportChangesTest, WhoHoldsIt) {
  const VerifiedRecord before = Now();
  log_.FirstSale(1, "maison", "claim");
  log_.Commit();
  EXPECT_THAT(Since(before), HasSubstr("Holding: "));
}

TEST_F(PassportChangesTest, ALogThatWasClosed) {
  const VerifiedRecord before = Now();
  log_.Close();
  log_.Commit();
  EXPECT_THAT(Since(before), HasSubstr("FINAL now"));
}

TEST_F(PassportChangesTest, AnotherHistoryIsNamed) {
  TestLog other = log_;
  log_.Care(1, "atelier");
  log_.Commit();
  const VerifiedRecord before = Now();
  log_ = other;
  log_.Care(1, "atelier", v1::CareRecord::POLISHING);
  log_.Commit();
  EXPECT_EQ(ChangesBetween(before, Now()).status().code(), absl::StatusCode::kDataLoss);
  log_ = other;
  EXPECT_EQ(ChangesBetween(before, Now()).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace touchstone::cli
