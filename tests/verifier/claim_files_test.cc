// What passport files say of claims that are disputed, lost or released, and files that lie about
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/verifier/claim_scenario.h"
#include "tests/verifier/rule_scenario.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"

namespace touchstone {
namespace {

// ---- What the files of the pieces say. ----

ClaimStanding StandingOf(const TestLog& log, int passport, const ClaimSubject& claim) {
  const auto record = Check(log, log.Passport(passport));
  EXPECT_THAT(record, IsOk());
  if (!record.ok()) return ClaimStanding::kNone;
  for (const ClaimStatus& status : record->completeness.claims) {
    if (status.claim == claim) return status.standing;
  }
  return ClaimStanding::kNone;
}

TEST(ClaimFiles, EachPieceShowsWhatBecameOfItsClaim) {
  TestLog log;
  Populate(log);
  Dispute(log);
  log.Commit();
  for (const ClaimSubject& claim : Both()) {
    EXPECT_EQ(StandingOf(log, 1, claim), ClaimStanding::kDisputed);
    EXPECT_EQ(StandingOf(log, 2, claim), ClaimStanding::kDisputed);
  }
  log.Resolve(2, "gia", ReportOfPiece1());
  log.Commit();
  EXPECT_EQ(StandingOf(log, 1, ReportOfPiece1()), ClaimStanding::kLost);
  EXPECT_EQ(StandingOf(log, 2, ReportOfPiece1()), ClaimStanding::kHeld);
  EXPECT_EQ(StandingOf(log, 1, InscriptionOfPiece1()), ClaimStanding::kDisputed);

  const Digest release = log.RemoveStone(2, {"rival"}, {ReportOfPiece1()}).digest;
  log.Register(3, "maison");
  Said said = SameReport(log, 3, false);
  AddPredecessor(*said.statement.mutable_laboratory_report(), 2, release);
  Append(log, said);
  log.Commit();
  EXPECT_EQ(StandingOf(log, 1, ReportOfPiece1()), ClaimStanding::kLost);
  EXPECT_EQ(StandingOf(log, 2, ReportOfPiece1()), ClaimStanding::kReleased);
  EXPECT_EQ(StandingOf(log, 3, ReportOfPiece1()), ClaimStanding::kHeld);
}

TEST(ClaimFiles, AQuestionableClaimIsAReservation) {
  TestLog log;
  Populate(log);
  const auto verdict = [&log](int passport) {
    return VerifyPassport(PolicyOf(log.PolicyText()), log.PassportFile(passport), Observed{},
                          log.now_ms());
  };
  EXPECT_TRUE(IsWithoutReservation(verdict(1)));
  Dispute(log);
  log.Commit();
  EXPECT_FALSE(IsWithoutReservation(verdict(1)));
  for (const ClaimSubject& claim : Both()) log.Resolve(1, "gia", claim);
  log.Commit();
  EXPECT_TRUE(IsWithoutReservation(verdict(1)));
  EXPECT_FALSE(IsWithoutReservation(verdict(2)));
  log.EndLife(1, {"maison"}, v1::EndOfLife::REMOUNTED, Both(), {5});
  log.Commit();
  EXPECT_FALSE(IsWithoutReservation(verdict(1)));
  EXPECT_EQ(verdict(1).record->status.phase, OwnershipPhase::kRetired);
  ASSERT_TRUE(verdict(1).record->status.end_of_life.has_value());
  EXPECT_EQ(verdict(1).record->status.end_of_life->kind, v1::EndOfLife::REMOUNTED);
}

// ---- Files of a disputed claim that lie. ----

TEST(ClaimFiles, NoEventOfADisputeCanBeLeftOutOrMoved) {
  TestLog log;
  Populate(log);
  Dispute(log);
  for (const ClaimSubject& claim : Both()) log.Resolve(2, "gia", claim);
  log.Commit();
  for (int passport = 1; passport <= 2; ++passport) {
    const v1::Passport whole = log.Passport(passport);
    ASSERT_THAT(Check(log, whole), IsOk());
    for (int claim = 0; claim < whole.claims_size(); ++claim) {
      const int events = whole.claims(claim).events_size();
      ASSERT_EQ(events, 3);
      for (int i = 0; i < events; ++i) {
        v1::Passport without = whole;
        without.mutable_claims(claim)->mutable_events()->DeleteSubrange(i, 1);
        EXPECT_FALSE(Check(log, without).ok()) << i;
        v1::Passport swapped = whole;
        swapped.mutable_claims(claim)->mutable_events()->SwapElements(i, (i + 1) % events);
        EXPECT_FALSE(Check(log, swapped).ok()) << i;
        v1::Passport unproven = whole;
        unproven.mutable_claims(claim)->mutable_events(i)->clear_present();
        EXPECT_FALSE(Check(log, unproven).ok()) << i;
        v1::Passport doubled = whole;
        *doubled.mutable_claims(claim)->add_events() = whole.claims(claim).events(i);
        EXPECT_FALSE(Check(log, doubled).ok()) << i;
      }
    }
  }
}

// The registry logs a resolution and keeps it out of the index, or the reverse.
TEST(ClaimFiles, AResolutionThatIsNotInTheIndex) {
  TestLog log;
  Populate(log);
  Dispute(log);
  log.Resolve(1, "gia", ReportOfPiece1());
  log.DropLastInsertion();
  log.Commit();
  EXPECT_FALSE(Check(log, log.Passport(1)).ok());
}

TEST(ClaimFiles, AResolutionThatIsInTheIndexAlone) {
  TestLog log;
  Populate(log);
  Dispute(log);
  const EntryPlace care = log.Care(1, "atelier");
  const ClaimSubject claim = ReportOfPiece1();
  log.InsertIntoIndex(
      {claim.kind, claim.subject, 2, IndexEvent::kResolve, care.digest, care.position});
  log.Commit();
  EXPECT_THAT(Check(log, log.Passport(1)), IsRefused(RefusalCode::kWrongClaims));
}

}  // namespace
}  // namespace touchstone
