// The life of a claim (docs/FORMAT.md, section 8): every step that is forbidden, and those beside
// it that are allowed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/rule_replay.h"
#include "tests/verifier/claim_scenario.h"
#include "tests/verifier/rule_scenario.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

std::vector<Scenario> Contests() {
  return {
      {"contest_of_everything", [](TestLog& log) { return Copy(log, 2, {"rival"}, Both()); },
       kAllowed},
      {"no_contest", [](TestLog& log) { return Copy(log, 2, {"rival"}, {}); },
       RefusalCode::kClaimTaken},
      {"contest_of_one_of_two",
       [](TestLog& log) { return Copy(log, 2, {"rival"}, {InscriptionOfPiece1()}); },
       RefusalCode::kClaimTaken},
      {"contest_of_a_free_claim",
       [](TestLog& log) {
         Said said = Registration(log, 2, {"rival"});
         *said.statement.mutable_registration()->add_contests() =
             ReferenceTo({IndexKind::kInscriptionClaim, "GIA2141438002"});
         return said;
       },
       RefusalCode::kWrongClaimStep},
      {"contest_by_a_report",
       [](TestLog& log) {
         log.Register(2, "rival");
         return SameReport(log, 2, true);
       },
       kAllowed},
      {"report_without_contest",
       [](TestLog& log) {
         log.Register(2, "rival");
         return SameReport(log, 2, false);
       },
       RefusalCode::kClaimTaken},
      {"contest_by_a_third",
       [](TestLog& log) {
         Dispute(log);
         return Copy(log, 3, {"rival"}, Both());
       },
       kAllowed},
      {"claim_of_what_is_disputed",
       [](TestLog& log) {
         Dispute(log);
         return Copy(log, 3, {"rival"}, {});
       },
       RefusalCode::kClaimTaken},
      {"contest_of_what_it_holds", [](TestLog& log) { return SameReport(log, 1, true); },
       RefusalCode::kWrongClaimStep},
      {"contest_of_what_it_contests",
       [](TestLog& log) {
         Dispute(log);
         return SameReport(log, 2, true);
       },
       RefusalCode::kWrongClaimStep},
      {"contest_after_the_contender_lost",
       [](TestLog& log) {
         ResolveReport(log, 1);
         return SameReport(log, 2, true);
       },
       RefusalCode::kWrongClaimStep},
      {"contest_after_the_holder_lost",
       [](TestLog& log) {
         ResolveReport(log, 2);
         return SameReport(log, 1, true);
       },
       RefusalCode::kWrongClaimStep},
      {"contest_after_its_contest_was_won_and_released",
       [](TestLog& log) {
         ResolveReport(log, 2);
         const Digest release = log.RemoveStone(2, {"rival"}, {ReportOfPiece1()}).digest;
         log.Register(3, "maison");
         Said third = SameReport(log, 3, false);
         AddPredecessor(*third.statement.mutable_laboratory_report(), 2, release);
         Append(log, third);
         return SameReport(log, 2, true);
       },
       RefusalCode::kWrongClaimStep},
      {"contest_after_it_was_released",
       [](TestLog& log) {
         Append(log, Successor(log, 2, {ReleaseBoth(log)}));
         return SameReport(log, 1, true);
       },
       kAllowed},
      {"the_same_report_again", [](TestLog& log) { return SameReport(log, 1, false); }, kAllowed},
      {"the_same_report_again_while_disputed",
       [](TestLog& log) {
         Dispute(log);
         return SameReport(log, 2, false);
       },
       kAllowed},
      {"the_same_report_again_when_lost",
       [](TestLog& log) {
         ResolveReport(log, 1);
         return SameReport(log, 2, false);
       },
       kAllowed},
      {"contest_of_another_issuers_gtin",
       [](TestLog& log) {
         const auto same = [](v1::Piece& piece) {
           piece.set_gtin14("03612345678904");
           piece.set_serial("S-1");
         };
         Append(log, Registration(log, 3, {"maison"}, same));
         Said said = Registration(log, 4, {"rival"}, same);
         *said.statement.mutable_registration()->add_contests() =
             ReferenceTo({IndexKind::kGtinSerialClaim, "03612345678904S-1"});
         return said;
       },
       RefusalCode::kForeignGtin},
      {"contest_too_many",
       [](TestLog& log) {
         Stuff(log);
         return Copy(log, 13, {"rival"}, Both());
       },
       RefusalCode::kQuotaExceeded, 13},
      {"contest_of_what_was_released",
       [](TestLog& log) {
         ReleaseBoth(log);
         return Copy(log, 2, {"rival"}, Both());
       },
       kAllowed},
      {"contest_of_what_was_released_for_a_made_up_piece",
       [](TestLog& log) {
         log.EndLife(1, {"maison"}, v1::EndOfLife::REMOUNTED, Both(), {77});
         return Copy(log, 2, {"rival"}, Both());
       },
       kAllowed},
      {"contest_by_the_piece_that_released_it",
       [](TestLog& log) {
         ReleaseBoth(log);
         return SameReport(log, 1, true);
       },
       kAllowed},
      {"claim_of_what_was_released_and_contested",
       [](TestLog& log) {
         const Digest release = ReleaseBoth(log);
         Append(log, Copy(log, 2, {"rival"}, Both()));
         return Successor(log, 3, {release});
       },
       RefusalCode::kClaimTaken},
      {"release_of_what_is_free_and_contested",
       [](TestLog& log) {
         ReleaseBoth(log);
         Append(log, Copy(log, 2, {"rival"}, Both()));
         return StoneRemoved(log, 2, {"rival"}, {ReportOfPiece1()});
       },
       RefusalCode::kWrongClaimStep},
  };
}

std::vector<Scenario> Resolutions() {
  const ClaimSubject claim = InscriptionOfPiece1();
  return {
      {"for_the_holder",
       [=](TestLog& log) {
         Dispute(log);
         return Resolution(log, 1, {"gia"}, claim);
       },
       kAllowed},
      {"for_the_contender",
       [=](TestLog& log) {
         Dispute(log);
         return Resolution(log, 2, {"gia"}, claim);
       },
       kAllowed},
      {"of_what_it_holds", [=](TestLog& log) { return Resolution(log, 1, {"gia"}, claim); },
       RefusalCode::kWrongClaimStep},
      {"of_what_another_holds",
       [=](TestLog& log) {
         log.Register(2, "rival");
         return Resolution(log, 2, {"gia"}, claim);
       },
       kAllowed},
      {"of_what_another_holds_by_an_authority",
       [=](TestLog& log) {
         log.Register(2, "rival");
         return Resolution(log, 2, {"court"}, claim);
       },
       kAllowed},
      {"of_what_another_holds_by_its_issuer",
       [=](TestLog& log) {
         log.Register(2, "rival");
         return Resolution(log, 2, {"rival"}, claim);
       },
       RefusalCode::kWrongRole},
      {"of_what_was_released",
       [=](TestLog& log) {
         log.EndLife(1, {"maison"}, v1::EndOfLife::REMOUNTED, Both(), {77});
         log.Register(2, "rival");
         return Resolution(log, 2, {"gia"}, claim);
       },
       kAllowed},
      {"of_what_it_released_itself",
       [=](TestLog& log) {
         ReleaseBoth(log);
         return Resolution(log, 1, {"gia"}, claim);
       },
       kAllowed},
      {"of_what_nobody_ever_claimed",
       [=](TestLog& log) {
         log.Register(2, "rival");
         return Resolution(log, 2, {"gia"}, {IndexKind::kInscriptionClaim, "GIA777"});
       },
       RefusalCode::kWrongClaimStep},
      {"of_what_is_no_claim",
       [=](TestLog& log) {
         Dispute(log);
         return Resolution(log, 1, {"gia"}, {IndexKind::kInscriptionClaim, "GIA 2141438001"});
       },
       RefusalCode::kInvalidField},
      {"of_what_is_resolved",
       [=](TestLog& log) {
         Dispute(log);
         log.Resolve(1, "gia", claim);
         return Resolution(log, 1, {"gia"}, claim);
       },
       RefusalCode::kWrongClaimStep},
      {"for_the_one_that_lost",
       [=](TestLog& log) {
         Dispute(log);
         log.Resolve(1, "gia", claim);
         return Resolution(log, 2, {"gia"}, claim);
       },
       RefusalCode::kWrongClaimStep},
      {"for_a_piece_that_never_claimed_it",
       [=](TestLog& log) {
         Dispute(log);
         log.Register(3, "maison");
         return Resolution(log, 3, {"gia"}, claim);
       },
       kAllowed},
      {"when_there_is_room_for_nothing_else",
       [=](TestLog& log) {
         Stuff(log);
         log.Register(14, "maison");
         return Resolution(log, 14, {"gia"}, claim);
       },
       kAllowed, 14},
      {"for_the_one_from_which_it_was_taken",
       [=](TestLog& log) {
         log.Register(2, "rival");
         log.Resolve(2, "gia", claim);
         return Resolution(log, 1, {"gia"}, claim);
       },
       RefusalCode::kWrongClaimStep},
      {"for_a_piece_at_the_end_of_its_life",
       [=](TestLog& log) {
         Dispute(log);
         log.EndLife(1, {"maison"}, v1::EndOfLife::RECYCLED);
         return Resolution(log, 1, {"gia"}, claim);
       },
       kAllowed},
      {"by_two",
       [=](TestLog& log) {
         Dispute(log);
         return Resolution(log, 1, {"gia", "court"}, claim);
       },
       RefusalCode::kSurplusSignature},
  };
}

std::vector<Scenario> Releases() {
  const auto removed = [](TestLog& log, int passport) {
    return StoneRemoved(log, passport, {passport == 1 ? "maison" : "rival"}, {ReportOfPiece1()});
  };
  return {
      {"of_what_it_holds", [=](TestLog& log) { return removed(log, 1); }, kAllowed},
      {"of_what_is_disputed",
       [=](TestLog& log) {
         Dispute(log);
         return removed(log, 1);
       },
       RefusalCode::kWrongClaimStep},
      {"of_what_it_contests",
       [=](TestLog& log) {
         Dispute(log);
         return removed(log, 2);
       },
       RefusalCode::kWrongClaimStep},
      {"of_what_it_lost",
       [=](TestLog& log) {
         ResolveReport(log, 1);
         return removed(log, 2);
       },
       RefusalCode::kWrongClaimStep},
      {"of_what_it_won",
       [=](TestLog& log) {
         ResolveReport(log, 2);
         return removed(log, 2);
       },
       kAllowed},
      {"twice",
       [=](TestLog& log) {
         ReleaseBoth(log);
         return removed(log, 1);
       },
       RefusalCode::kWrongClaimStep},
      {"of_what_it_never_claimed",
       [=](TestLog& log) {
         log.Register(2, "rival");
         return removed(log, 2);
       },
       RefusalCode::kWrongClaimStep},
      {"of_what_was_given_to_it",
       [=](TestLog& log) {
         log.Register(2, "rival");
         log.Resolve(2, "gia", ReportOfPiece1());
         return removed(log, 2);
       },
       kAllowed},
      {"of_what_was_given_to_another",
       [=](TestLog& log) {
         log.Register(2, "rival");
         log.Resolve(2, "gia", ReportOfPiece1());
         return removed(log, 1);
       },
       RefusalCode::kWrongClaimStep},
      {"of_a_gtin",
       [](TestLog& log) {
         Append(log, Registration(log, 3, {"maison"},
                                  [](v1::Piece& piece) { piece.set_gtin14("03612345678904"); }));
         return StoneRemoved(log, 3, {"maison"},
                             {{IndexKind::kGtinSerialClaim, "03612345678904R-3"}});
       },
       RefusalCode::kInvalidField},
      {"without_the_owner",
       [](TestLog& log) {
         GiveToOwner(log);
         return StoneRemoved(log, 1, {"maison"}, {ReportOfPiece1()});
       },
       RefusalCode::kMissingSignature},
      {"by_the_owner_alone",
       [](TestLog& log) {
         GiveToOwner(log);
         return StoneRemoved(log, 1, {"owner 1"}, {ReportOfPiece1()});
       },
       RefusalCode::kMissingSignature},
  };
}

std::vector<Scenario> Lineage() {
  return {
      {"named", [](TestLog& log) { return Successor(log, 2, {ReleaseBoth(log)}); }, kAllowed},
      {"not_named",
       [](TestLog& log) {
         ReleaseBoth(log);
         return Successor(log, 2, {});
       },
       RefusalCode::kWrongPredecessors},
      {"another_digest_named",
       [](TestLog& log) {
         ReleaseBoth(log);
         return Successor(log, 2, {Digest{7}});
       },
       RefusalCode::kWrongPredecessors},
      {"one_named_too_many",
       [](TestLog& log) {
         return Successor(log, 2, {ReleaseBoth(log), Digest{7}});
       },
       RefusalCode::kWrongPredecessors},
      {"named_where_nothing_was_released",
       [](TestLog& log) {
         Said said = Registration(log, 2, {"rival"});
         AddPredecessor(*said.statement.mutable_registration(), 1, Digest{7});
         return said;
       },
       RefusalCode::kWrongPredecessors},
      {"two_releases",
       [](TestLog& log) {
         const Digest one = log.RemoveStone(1, {"maison"}, {InscriptionOfPiece1()}).digest;
         const Digest two =
             log.EndLife(1, {"maison"}, v1::EndOfLife::REMOUNTED, {ReportOfPiece1()}, {2}).digest;
         return Successor(log, 2, {one, two});
       },
       kAllowed},
      {"one_of_two_releases_not_named",
       [](TestLog& log) {
         const Digest one = log.RemoveStone(1, {"maison"}, {InscriptionOfPiece1()}).digest;
         log.EndLife(1, {"maison"}, v1::EndOfLife::REMOUNTED, {ReportOfPiece1()}, {2});
         return Successor(log, 2, {one});
       },
       RefusalCode::kWrongPredecessors},
      {"by_a_third",
       [](TestLog& log) {
         const Digest release = ReleaseBoth(log);
         Append(log, Successor(log, 2, {release}));
         return Successor(log, 3, {release});
       },
       RefusalCode::kClaimTaken},
      {"contest_of_what_was_released_names_none",
       [](TestLog& log) {
         Said said = Copy(log, 2, {"rival"}, Both());
         AddPredecessor(*said.statement.mutable_registration(), 1, ReleaseBoth(log));
         return said;
       },
       RefusalCode::kWrongPredecessors},
      {"contest_needs_none",
       [](TestLog& log) {
         Append(log, Successor(log, 2, {ReleaseBoth(log)}));
         return Copy(log, 3, {"rival"}, Both());
       },
       kAllowed},
      {"back_into_the_same_piece",
       [](TestLog& log) {
         const Digest release = log.RemoveStone(1, {"maison"}, {ReportOfPiece1()}).digest;
         Said said = SameReport(log, 1, false);
         AddPredecessor(*said.statement.mutable_laboratory_report(), 1, release);
         return said;
       },
       kAllowed},
      {"back_into_the_same_piece_not_named",
       [](TestLog& log) {
         ReleaseBoth(log);
         return SameReport(log, 1, false);
       },
       RefusalCode::kWrongPredecessors},
      {"an_older_release_named",
       [](TestLog& log) {
         const Digest first = ReleaseBoth(log);
         Append(log, Successor(log, 2, {first}));
         log.RemoveStone(2, {"rival"}, Both());
         return Successor(log, 3, {first});
       },
       RefusalCode::kWrongPredecessors},
  };
}

// Nothing follows the end of a life; not even a second one.
std::vector<Scenario> AfterTheEnd() {
  const auto end = [](TestLog& log) {
    GiveToOwner(log);
    log.EndLife(1, {"owner 1", "atelier"}, v1::EndOfLife::RECYCLED);
  };
  const auto refused = RefusalCode::kWrongPhase;
  return {
      {"care",
       [=](TestLog& log) {
         end(log);
         return Care(log, 1, {"atelier"});
       },
       refused},
      {"report",
       [=](TestLog& log) {
         end(log);
         return Report(log, 1, {"gia"});
       },
       refused},
      {"transfer",
       [=](TestLog& log) {
         end(log);
         return Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
       },
       refused},
      {"end",
       [=](TestLog& log) {
         end(log);
         return EndOfLife(log, 1, {"owner 1", "atelier"}, v1::EndOfLife::DESTROYED);
       },
       refused},
      {"stone_removed",
       [=](TestLog& log) {
         end(log);
         return StoneRemoved(log, 1, {"owner 1", "atelier"}, Both());
       },
       refused},
      {"first_sale",
       [](TestLog& log) {
         log.EndLife(1, {"maison"}, v1::EndOfLife::RECYCLED);
         return FirstSale(log, 1, {"maison", "claim key"}, "claim key");
       },
       refused},
  };
}

INSTANTIATE_TEST_SUITE_P(Contests, Rules, testing::ValuesIn(Contests()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Resolutions, Rules, testing::ValuesIn(Resolutions()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Releases, Rules, testing::ValuesIn(Releases()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Lineage, Rules, testing::ValuesIn(Lineage()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(AfterTheEnd, Rules, testing::ValuesIn(AfterTheEnd()), ScenarioName);

}  // namespace
}  // namespace touchstone
