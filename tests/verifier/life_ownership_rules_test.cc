// The conditions of docs/FORMAT.md, section 9, "allowed when", of ownership, notices and pledges:
// what is allowed, and its nearest neighbours that are not.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/rule_replay.h"
#include "tests/vectors/second_opinion.h"
#include "tests/verifier/life_scenario.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

using Incidents = v1::IncidentReported;
using Outcomes = v1::IncidentResolved;
using Notices = v1::TransferNotice;
using Transfers = v1::Transfer;

constexpr auto kWrongState = RefusalCode::kWrongState;

// ---- Ownership. ----

Said Offer(TestLog& log, uint64_t from_now_ms) {
  GiveToOwner(log);
  return TransferAs(log, Transfers::RESALE, {"owner 1", "owner 2"}, "owner 2",
                    log.now_ms() + from_now_ms);
}

void Consign(TestLog& log) {
  GiveToOwner(log);
  Append(log, TransferAs(log, Transfers::CONSIGNMENT, {"owner 1", "dealer"}, "dealer"));
}

std::vector<Scenario> Offers() {
  return {
      {"offer_that_expires_a_moment_later", [](TestLog& log) { return Offer(log, 1); }, kAllowed},
      {"offer_that_expires_now", [](TestLog& log) { return Offer(log, 0); },
       RefusalCode::kOfferExpired},
      {"offer_that_expired_before",
       [](TestLog& log) {
         GiveToOwner(log);
         return TransferAs(log, Transfers::GIFT, {"owner 1", "owner 2"}, "owner 2", 1);
       },
       RefusalCode::kOfferExpired},
      {"offer_that_was_withdrawn",
       [](TestLog& log) {
         GiveToOwner(log);
         const Said offer = Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
         Append(log, OfferWithdrawal(log, {"owner 1"}));
         return offer;
       },
       RefusalCode::kStaleBuildsOn},
      {"offer_after_a_notice_that_was_withdrawn",
       [](TestLog& log) {
         GiveToOwner(log);
         const Said offer = Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
         GiveNotice(log);
         Append(log, NoticeWithdrawal(log, {"maison"}));
         return offer;
       },
       RefusalCode::kStaleBuildsOn},
      {"offer_after_an_incident",
       [](TestLog& log) {
         GiveToOwner(log);
         const Said offer = Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
         Append(log, Incident(log, Incidents::DAMAGED, {"owner 1"}));
         return offer;
       },
       kAllowed},
      {"consignment_of_what_is_consigned",
       [](TestLog& log) {
         Consign(log);
         return TransferAs(log, Transfers::CONSIGNMENT, {"dealer", "dealer 2"}, "dealer 2");
       },
       kWrongState},
      {"consignment_again_after_its_return",
       [](TestLog& log) {
         Consign(log);
         Append(log,
                TransferAs(log, Transfers::RETURN, {"dealer", "owner 1 again"}, "owner 1 again"));
         return TransferAs(log, Transfers::CONSIGNMENT, {"owner 1 again", "dealer 2"}, "dealer 2");
       },
       kAllowed},
      {"sale_by_the_dealer",
       [](TestLog& log) {
         Consign(log);
         return TransferAs(log, Transfers::RESALE, {"dealer", "owner 2"}, "owner 2");
       },
       kAllowed},
      {"sale_by_the_owner_while_with_the_dealer",
       [](TestLog& log) {
         Consign(log);
         return TransferAs(log, Transfers::RESALE, {"owner 1", "owner 2"}, "owner 2");
       },
       RefusalCode::kMissingSignature},
      {"transfer_with_an_open_total_loss",
       [](TestLog& log) {
         GiveToOwner(log);
         Append(log, Incident(log, Incidents::TOTAL_LOSS, {"insurer"}));
         return Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
       },
       kAllowed},
      {"transfer_after_recovery",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace theft = Append(log, Incident(log, Incidents::STOLEN, {"owner 1"}));
         Append(log, IncidentOutcome(log, theft.digest, Outcomes::RECOVERED, {"insurer"}));
         return Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
       },
       kAllowed},
      {"transfer_when_lost_and_stolen_and_only_found",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace loss = Append(log, Incident(log, Incidents::LOST, {"owner 1"}));
         Steal(log);
         Append(log, IncidentOutcome(log, loss.digest, Outcomes::RECOVERED, {"insurer"}));
         return Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
       },
       RefusalCode::kFrozen},
  };
}

// ---- Fresh keys: none that any ownership event has named. ----

std::vector<Scenario> FreshKeys() {
  const auto with_all = [](TestLog& log) {
    GiveToOwner(log);
    Append(log, Notice(log, Notices::INHERITANCE, {"court"}));
    Append(log, NoticeWithdrawal(log, {"court"}));
    PledgePiece(log);
    Append(log, PledgeRelease(log, {"owner 1", "pledgee"}));
  };
  std::vector<Scenario> scenarios;
  for (const std::string key : {"claim key", "owner 1", "heir", "pledgee"}) {
    std::string name = key;
    std::replace(name.begin(), name.end(), ' ', '_');
    const KeyNames signers = key == "owner 1" ? KeyNames{key} : KeyNames{"owner 1", key};
    scenarios.push_back({"transfer_to_the_" + name,
                         [=](TestLog& log) {
                           with_all(log);
                           return Transfer(log, 1, signers, key);
                         },
                         RefusalCode::kKeyReused});
    scenarios.push_back({"pledge_to_the_" + name,
                         [=](TestLog& log) {
                           with_all(log);
                           return PledgeTo(log, signers, key);
                         },
                         RefusalCode::kKeyReused});
    scenarios.push_back({"notice_for_the_" + name,
                         [=](TestLog& log) {
                           with_all(log);
                           return Notice(log, Notices::COURT_ORDER, {"court"}, key);
                         },
                         RefusalCode::kKeyReused});
  }
  scenarios.push_back({"transfer_to_a_fresh_key",
                       [=](TestLog& log) {
                         with_all(log);
                         return Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
                       },
                       kAllowed});
  return scenarios;
}

// ---- Notices. ----

void NoticeBy(TestLog& log, Notices::Kind kind, const std::string& giver) {
  Append(log, Notice(log, kind, {giver}));
}

// Moved that long after the notice's entry.
Said MovedAfter(TestLog& log, uint64_t wait_ms, Notices::Kind kind, const std::string& giver) {
  const uint64_t given_ms = log.now_ms();
  NoticeBy(log, kind, giver);
  log.AdvanceTo(given_ms + wait_ms);
  return Move(log, {giver, "heir"});
}

std::vector<Scenario> NoticeRules() {
  return {
      {"move_after_the_notice_period",
       [](TestLog& log) {
         GiveToOwner(log);
         return MovedAfter(log, kThirtyDaysMs, Notices::INHERITANCE, "maison");
       },
       kAllowed},
      {"move_a_moment_early",
       [](TestLog& log) {
         GiveToOwner(log);
         return MovedAfter(log, kThirtyDaysMs - 1, Notices::INHERITANCE, "maison");
       },
       RefusalCode::kTooEarly},
      {"move_by_court_order_a_moment_early",
       [](TestLog& log) {
         GiveToOwner(log);
         return MovedAfter(log, kThirtyDaysMs - 1, Notices::COURT_ORDER, "court");
       },
       RefusalCode::kTooEarly},
      {"move_of_an_unclaimed_piece",
       [](TestLog& log) {
         Sell(log);
         return MovedAfter(log, kThirtyDaysMs, Notices::LOST_CODE, "maison");
       },
       kAllowed},
      {"move_after_an_objection",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         Append(log, Objection(log, {"owner 1"}));
         WaitForNotice(log);
         return Move(log, {"maison", "heir"});
       },
       kWrongState},
      {"move_by_court_order_after_an_objection",
       [](TestLog& log) {
         GiveToOwner(log);
         NoticeBy(log, Notices::COURT_ORDER, "court");
         Append(log, Objection(log, {"owner 1"}));
         WaitForNotice(log);
         return Move(log, {"court", "heir"});
       },
       kAllowed},
      {"objection_to_a_court_order_twice",
       [](TestLog& log) {
         GiveToOwner(log);
         NoticeBy(log, Notices::COURT_ORDER, "court");
         Append(log, Objection(log, {"owner 1"}));
         return Objection(log, {"owner 1"});
       },
       kWrongState},
      {"objection_to_a_second_notice",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         Append(log, Objection(log, {"owner 1"}));
         Append(log, Notice(log, Notices::INHERITANCE, {"court"}, "heir 2"));
         return Objection(log, {"owner 1"});
       },
       kAllowed},
      {"notice_to_the_next_owner_after_an_objection_of_the_last",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         Append(log, Objection(log, {"owner 1"}));
         log.Transfer(1, "owner 1", "owner 2");
         return Notice(log, Notices::INHERITANCE, {"maison"}, "heir 2");
       },
       kAllowed},
      {"move_without_the_next_key",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         WaitForNotice(log);
         return Move(log, {"maison"});
       },
       RefusalCode::kMissingSignature},
      {"move_to_another_key",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         WaitForNotice(log);
         return Move(log, {"maison", "heir 2"});
       },
       RefusalCode::kMissingSignature},
      {"move_twice",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         WaitForNotice(log);
         Append(log, Move(log, {"maison", "heir"}));
         return Move(log, {"maison", "heir"});
       },
       kWrongState},
      {"transfer_by_the_heir",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         WaitForNotice(log);
         Append(log, Move(log, {"maison", "heir"}));
         return Transfer(log, 1, {"heir", "owner 2"}, "owner 2");
       },
       kAllowed},
      {"move_by_an_issuer_of_record_no_more",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         WaitForNotice(log);
         Append(log, Change(log, "maison", v1::WORKSHOP, kStewards));
         return Move(log, {"maison", "heir"});
       },
       RefusalCode::kWrongRole},
      // The notice is given as an authority, after an objection to the issuer's.
      {"move_by_an_authority_no_more_after_an_objection",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         Append(log, Objection(log, {"owner 1"}));
         Said both = Change(log, "maison", v1::ISSUER, kStewards);
         both.statement.mutable_participant_changed()->mutable_details()->add_roles(v1::AUTHORITY);
         Append(log, both);
         Append(log, Notice(log, Notices::INHERITANCE, {"maison"}, "heir 2"));
         WaitForNotice(log);
         Append(log, Change(log, "maison", v1::ISSUER, kStewards));
         return Move(log, {"maison", "heir 2"});
       },
       RefusalCode::kWrongRole},
      {"withdrawal_by_an_authority_of_what_another_left_behind",
       [](TestLog& log) {
         GiveToOwner(log);
         log.Enrol("court-2", {v1::AUTHORITY}, {"court 2"});
         NoticeBy(log, Notices::COURT_ORDER, "court");
         log.RevokeKey("court", "court");
         return NoticeWithdrawal(log, {"court 2"});
       },
       kAllowed},
      {"move_while_stolen_since_the_notice",
       [](TestLog& log) {
         GiveToOwner(log);
         GiveNotice(log);
         Steal(log);
         WaitForNotice(log);
         return Move(log, {"maison", "heir"});
       },
       RefusalCode::kFrozen},
      {"move_to_the_insurer_while_stolen",
       [](TestLog& log) {
         GiveToOwner(log);
         NoticeBy(log, Notices::SUBROGATION, "insurer");
         Steal(log);
         WaitForNotice(log);
         return Move(log, {"insurer", "heir"});
       },
       kAllowed},
      {"move_to_the_insurer_while_disputed",
       [](TestLog& log) {
         GiveToOwner(log);
         NoticeBy(log, Notices::SUBROGATION, "insurer");
         DisputeOwnership(log);
         WaitForNotice(log);
         return Move(log, {"insurer", "heir"});
       },
       RefusalCode::kFrozen},
      {"move_by_court_order_through_everything",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         Steal(log);
         DisputeOwnership(log);
         return MovedAfter(log, kThirtyDaysMs, Notices::COURT_ORDER, "court");
       },
       kAllowed},
      {"transfer_of_what_is_still_pledged_after_a_court_order",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         Append(log, MovedAfter(log, kThirtyDaysMs, Notices::COURT_ORDER, "court"));
         return Transfer(log, 1, {"heir", "owner 2"}, "owner 2");
       },
       RefusalCode::kFrozen},
      {"release_by_the_next_holder_of_what_is_still_pledged",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         Append(log, MovedAfter(log, kThirtyDaysMs, Notices::COURT_ORDER, "court"));
         return PledgeRelease(log, {"heir", "pledgee"});
       },
       kAllowed},
  };
}

// ---- Pledges. ----

std::vector<Scenario> Pledges() {
  return {
      {"pledge_of_a_pledge",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         return PledgeTo(log, {"owner 1", "pledgee 2"}, "pledgee 2");
       },
       RefusalCode::kFrozen},
      {"pledge_again_after_its_release",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         Append(log, PledgeRelease(log, {"owner 1", "pledgee"}));
         return PledgeTo(log, {"owner 1", "pledgee 2"}, "pledgee 2");
       },
       kAllowed},
      {"release_by_the_pledgee_alone",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         return PledgeRelease(log, {"pledgee"});
       },
       RefusalCode::kMissingSignature},
      {"release_by_the_owner_alone",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         return PledgeRelease(log, {"owner 1"});
       },
       RefusalCode::kMissingSignature},
      {"release_by_an_authority",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         return PledgeRelease(log, {"court"});
       },
       kAllowed},
      {"release_by_an_issuer",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         return PledgeRelease(log, {"maison"});
       },
       RefusalCode::kWrongRole},
      {"release_by_an_authority_and_the_pledgee",
       [](TestLog& log) {
         GiveToOwner(log);
         PledgePiece(log);
         return PledgeRelease(log, {"court", "pledgee"});
       },
       RefusalCode::kMissingSignature},
  };
}

// A dealer with whom the piece is on consignment is no owner, and its return makes no new one.
TEST(Owners, AreCounted) {
  TestLog log;
  Populate(log);
  const auto owners = [&log] { return RuleReplay(log).passport(1).owner_count(); };
  const auto pass = [&](Transfers::Kind kind, const std::string& from, const std::string& to) {
    Append(log, TransferAs(log, kind, {from, to}, to));
    return owners();
  };
  Sell(log);
  EXPECT_EQ(owners(), 0u);
  log.Claim(1, "claim key", "a");
  EXPECT_EQ(owners(), 1u);
  EXPECT_EQ(pass(Transfers::CONSIGNMENT, "a", "dealer"), 1u);
  EXPECT_EQ(pass(Transfers::RETURN, "dealer", "a again"), 1u);
  EXPECT_EQ(pass(Transfers::CONSIGNMENT, "a again", "dealer 2"), 1u);
  EXPECT_EQ(pass(Transfers::RESALE, "dealer 2", "b"), 2u);
  // To a shop, of what is not on consignment.
  EXPECT_EQ(pass(Transfers::RETURN, "b", "shop"), 3u);
  EXPECT_EQ(pass(Transfers::CONSIGNMENT, "shop", "dealer 3"), 3u);
  Append(log, MovedAfter(log, kThirtyDaysMs, Notices::COURT_ORDER, "court"));
  EXPECT_EQ(owners(), 4u);
  EXPECT_FALSE(RuleReplay(log).passport(1).life().consigned());
  EXPECT_EQ(pass(Transfers::RETURN, "heir", "c"), 5u);
  log.Commit();
  const std::string life = LifeBySecondReader(log.PolicyText(), log.PassportFile(1));
  EXPECT_EQ(life, "owned, owners 5");
}

// As long as the genesis says.
TEST(Notice, LastsAsLongAsTheGenesisSays) {
  TestLog::Options options;
  options.notice_period_ms = 5000;
  TestLog log(options);
  Populate(log);
  GiveToOwner(log);
  const uint64_t given_ms = log.now_ms();
  GiveNotice(log);
  const auto judge = [&log](uint64_t time_ms) {
    log.AdvanceTo(time_ms);
    const Said move = Move(log, {"maison", "heir"});
    TestLog after = log;
    Append(after, move);
    after.Commit();
    const std::string policy = after.PolicyText();
    const std::string file = after.PassportFile(1);
    const absl::Status status =
        CheckPassport(ValueOrDie(TrustPolicy::Parse(policy)), file, Observed{}, after.now_ms())
            .status();
    ExpectSecondReaderAgrees(policy, file, status);
    return status;
  };
  EXPECT_THAT(judge(given_ms + 4999), IsRefused(RefusalCode::kTooEarly));
  EXPECT_THAT(judge(given_ms + 5000), IsOk());
}

INSTANTIATE_TEST_SUITE_P(Offer, Rules, testing::ValuesIn(Offers()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(FreshKey, Rules, testing::ValuesIn(FreshKeys()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(NoticeRule, Rules, testing::ValuesIn(NoticeRules()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Pledge, Rules, testing::ValuesIn(Pledges()), ScenarioName);

}  // namespace
}  // namespace touchstone
