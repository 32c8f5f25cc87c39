// The life of a claim (docs/FORMAT.md, section 8), as only those see it who know all passports: the
// registry and an audit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/rule_replay.h"
#include "tests/verifier/claim_scenario.h"
#include "tests/verifier/rule_scenario.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

absl::Status Judge(const TestLog& log, const Said& said) {
  return RuleReplay(log).Judge(SignStatement(said.statement, said.signers),
                               {log.size(), log.now_ms()});
}

TEST(KnownClaims, AReleaseForASuccessorIsForNobodyElse) {
  TestLog log;
  Populate(log);
  const Digest release =
      log.EndLife(1, {"maison"}, v1::EndOfLife::REMOUNTED, Both(), {2, 3}).digest;
  EXPECT_THAT(Judge(log, Successor(log, 4, {release})), IsRefused(RefusalCode::kWrongPredecessors));
  EXPECT_THAT(Judge(log, Successor(log, 3, {release})), IsOk());
  EXPECT_THAT(Judge(log, Successor(log, 2, {release})), IsOk());
}

// A passport id that a release names is nobody's before it is registered.
TEST(KnownClaims, AReleaseForAnIssuerIsForNobodyElse) {
  TestLog log;
  Populate(log);
  Said end = EndOfLife(log, 1, {"maison"}, v1::EndOfLife::REMOUNTED, Both());
  end.statement.mutable_end_of_life()->add_successors(TestPassportId(2));
  end.statement.mutable_end_of_life()->set_successor_issuer("maison");
  const Digest release = Append(log, end).digest;
  Said successor = Successor(log, 2, {release});
  EXPECT_THAT(Judge(log, successor), IsRefused(RefusalCode::kWrongPredecessors));
  successor.signers = {"maison"};
  EXPECT_THAT(Judge(log, successor), IsOk());
  // Whoever reports: the piece is the rival's.
  log.Register(2, "rival");
  Said report = SameReport(log, 2, false);
  AddPredecessor(*report.statement.mutable_laboratory_report(), 1, release);
  EXPECT_THAT(Judge(log, report), IsRefused(RefusalCode::kWrongPredecessors));
  EXPECT_THAT(Judge(log, SameReport(log, 2, true)),
              IsOk());  // that is for the laboratory to settle
}

TEST(KnownClaims, AStoneIsReleasedForAnIssuer) {
  TestLog log;
  Populate(log);
  Said removed = StoneRemoved(log, 1, {"maison"}, Both());
  removed.statement.mutable_stone_removed()->set_successor_issuer("rival");
  const Digest release = Append(log, removed).digest;
  Said successor = Successor(log, 2, {release});
  EXPECT_THAT(Judge(log, successor), IsOk());
  successor.signers = {"maison"};
  EXPECT_THAT(Judge(log, successor), IsRefused(RefusalCode::kWrongPredecessors));
}

// Somebody who has only his own store cannot use up what a claim has room for.
TEST(KnownClaims, OneIssuerTakesPartInAClaimFourTimes) {
  TestLog log;
  Populate(log);
  for (int i = 2; i < 6; ++i) Append(log, Copy(log, i, {"rival"}, Both()));
  EXPECT_THAT(Judge(log, Copy(log, 6, {"rival"}, Both())), IsRefused(RefusalCode::kQuotaExceeded));
  EXPECT_THAT(Judge(log, Copy(log, 6, {"maison"}, Both())), IsOk());
  // Whoever signs, it is the piece that counts.
  log.Register(7, "rival");
  EXPECT_THAT(Judge(log, SameReport(log, 7, true)), IsRefused(RefusalCode::kQuotaExceeded));
  log.Register(8, "maison");
  EXPECT_THAT(Judge(log, SameReport(log, 8, true)), IsOk());
  // What is given to a piece is nothing that its issuer did.
  EXPECT_THAT(Judge(log, Resolution(log, 7, {"gia"}, ReportOfPiece1())), IsOk());
}

TEST(KnownClaims, APredecessorIsThePassportThatReleased) {
  TestLog log;
  Populate(log);
  const Digest release = ReleaseBoth(log);
  EXPECT_THAT(Judge(log, Successor(log, 2, {release}, /*predecessor=*/5)),
              IsRefused(RefusalCode::kWrongPredecessors));
  EXPECT_THAT(Judge(log, Successor(log, 2, {release}, /*predecessor=*/1)), IsOk());
}

}  // namespace
}  // namespace touchstone
