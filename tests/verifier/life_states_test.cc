// In which states of a piece what may be said of it (docs/FORMAT.md, section 9): every event in
// every phase, and under every restraint.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/verifier/life_scenario.h"

namespace touchstone {
namespace {

struct State {
  std::string name;
  std::function<void(TestLog&)> reach;
  std::string holder;  // empty: none
};

using Step = void (*)(TestLog&);

void Nothing(TestLog&) {}

State Reached(const std::string& name, Step phase, Step restraint, const std::string& holder) {
  return {name,
          [phase, restraint](TestLog& log) {
            phase(log);
            restraint(log);
          },
          holder};
}

// In the order of the columns of the table below.
std::vector<State> States() {
  return {
      Reached("with_store", Nothing, Nothing, ""),
      Reached("unclaimed", Sell, Nothing, "claim key"),
      Reached("owned", GiveToOwner, Nothing, "owner 1"),
      Reached("retired", GiveToOwner, DestroyPiece, ""),
      Reached("with_store_missing", Nothing, Steal, ""),
      Reached("with_store_disputed", Nothing, DisputeOwnership, ""),
      Reached("unclaimed_missing", Sell, Steal, "claim key"),
      Reached("unclaimed_disputed", Sell, DisputeOwnership, "claim key"),
      Reached("unclaimed_notice", Sell, GiveNotice, "claim key"),
      Reached("owned_missing", GiveToOwner, Steal, "owner 1"),
      Reached("owned_disputed", GiveToOwner, DisputeOwnership, "owner 1"),
      Reached("owned_notice", GiveToOwner, GiveNotice, "owner 1"),
      Reached("owned_pledged", GiveToOwner, PledgePiece, "owner 1"),
  };
}

// Said in that state, by whoever may.
struct Row {
  std::string event;
  // For each state: '.' allowed, P wrong phase, F frozen, S wrong state. Spaces between the groups.
  std::string answers;
  std::function<Said(TestLog&, const State&)> say;
};

// "Holder" in a phase that has none.
std::string HolderOf(const State& state) {
  return state.holder.empty() ? "stranger" : state.holder;
}

KeyNames WithHolder(const State& state, const std::string& participant) {
  return state.holder.empty() ? KeyNames{participant} : KeyNames{participant, state.holder};
}

std::function<Said(TestLog&, const State&)> By(const std::string& signer,
                                               Said (*say)(TestLog&, KeyNames)) {
  return [signer, say](TestLog& log, const State&) { return say(log, {signer}); };
}

std::function<Said(TestLog&, const State&)> NoticeBy(v1::TransferNotice::Kind kind,
                                                     const std::string& signer) {
  return [kind, signer](TestLog& log, const State&) {
    return Notice(log, kind, {signer}, "next heir");
  };
}

// What is referred to has to be there before the piece retires: an incident, a care record, a
// dispute about a claim.
Digest DigestOf(const TestLog& log, uint64_t position) { return EntryDigest(log.Frame(position)); }

// After what Populate appends, an index root last.
constexpr uint64_t kFirst = 12;
void Prepare(TestLog& log) {
  Dispute(log);
  log.Care(1, "atelier");
  Append(log, Incident(log, v1::IncidentReported::COUNTERFEIT_SUSPECTED, {"rival"}));
}

std::vector<Row> Rows() {
  using Notices = v1::TransferNotice;
  return {
      //                        S U O R  Sm Sd  Um Ud Un  Om Od On Op
      {"laboratory_report", "...P .. ... ....",
       [](TestLog& log, const State&) { return Report(log, 1, {"gia"}); }},
      {"care_record", "...P .. ... ....",
       [](TestLog& log, const State&) { return Care(log, 1, {"atelier"}); }},
      {"assay_report", "...P .. ... ....", By("gia", AssayReport)},
      {"modification", "...P F. F.. F...",
       [](TestLog& log, const State&) { return Modification(log, {"maison"}); }},
      {"appraisal", "...P .. ... ....", By("appraiser", Appraisal)},
      {"custody", "...P .. ... ....", By("atelier", Received)},
      {"correction", ".... .. ... ....",
       [](TestLog& log, const State&) {
         return Correction(log, {"atelier"}, DigestOf(log, kFirst + 1));
       }},
      {"entitlement_granted", "...P .. ... ....",
       [](TestLog& log, const State&) { return Grant(log, {"maison"}, "cleaning"); }},
      {"documents_added", "...P .. ... ....", By("court", Documents)},
      {"data_erased", ".... .. ... ....", By("maison", DataErasure)},
      {"first_sale", ".PPP FF PPP PPPP",
       [](TestLog& log, const State&) {
         return FirstSale(log, 1, {"maison", "new key"}, "new key");
       }},
      {"claim", "P.PP PP FFF PPPP",
       [](TestLog& log, const State& state) {
         return Claim(log, 1, {HolderOf(state), "new key"}, "new key");
       }},
      {"transfer", "PP.P PP PPP FFFF",
       [](TestLog& log, const State& state) {
         return Transfer(log, 1, {HolderOf(state), "new key"}, "new key");
       }},
      {"offer_withdrawn", "P..P PP ... ....",
       [](TestLog& log, const State& state) { return OfferWithdrawal(log, {HolderOf(state)}); }},
      {"notice_inheritance", "P..P PP FFF FFFF", NoticeBy(Notices::INHERITANCE, "maison")},
      {"notice_lost_code", "P..P PP FFF FFFF", NoticeBy(Notices::LOST_CODE, "court")},
      {"notice_subrogation", "P..P PP .FF .FFF", NoticeBy(Notices::SUBROGATION, "insurer")},
      {"notice_court_order", "P..P PP ..F ..F.", NoticeBy(Notices::COURT_ORDER, "court")},
      {"notice_objected", "PSSP PP SS. SS.S",
       [](TestLog& log, const State& state) { return Objection(log, {HolderOf(state)}); }},
      {"notice_withdrawn", "PSSP PP SS. SS.S", By("maison", NoticeWithdrawal)},
      {"ownership_moved", "PSSP PP SS. SS.S",
       [](TestLog& log, const State&) {
         WaitForNotice(log);
         return Move(log, {"maison", "heir"});
       }},
      {"pledged", "PP.P PP PPP FFFF",
       [](TestLog& log, const State& state) {
         return PledgeTo(log, {HolderOf(state), "new key"}, "new key");
       }},
      {"pledge_released", "PPSP PP PPP SSS.",
       [](TestLog& log, const State& state) {
         return PledgeRelease(log, {HolderOf(state), "pledgee"});
       }},
      {"claim_resolved", ".... .. ... ....",
       [](TestLog& log, const State&) {
         return Resolution(log, 1, {"court"}, InscriptionOfPiece1());
       }},
      {"incident_reported", "...P .. ... ....",
       [](TestLog& log, const State&) {
         return Incident(log, v1::IncidentReported::DAMAGED, {"atelier"});
       }},
      {"incident_resolved", ".... .. ... ....",
       [](TestLog& log, const State&) {
         return IncidentOutcome(log, DigestOf(log, kFirst + 2), v1::IncidentResolved::SETTLED,
                                {"gia"});
       }},
      {"end_of_life", "...P FF FFF FFFF",
       [](TestLog& log, const State& state) {
         return EndOfLife(log, 1, WithHolder(state, "maison"), v1::EndOfLife::DESTROYED);
       }},
      {"stone_removed", "...P FF FFF FFFF",
       [](TestLog& log, const State& state) {
         log.Resolve(1, "court", ReportOfPiece1());
         return StoneRemoved(log, 1, WithHolder(state, "maison"), {ReportOfPiece1()});
       }},
  };
}

std::optional<RefusalCode> AnswerOf(char letter) {
  switch (letter) {
    case 'P':
      return RefusalCode::kWrongPhase;
    case 'F':
      return RefusalCode::kFrozen;
    case 'S':
      return RefusalCode::kWrongState;
    default:
      return kAllowed;
  }
}

std::vector<Scenario> Table() {
  std::vector<Scenario> scenarios;
  const std::vector<State> states = States();
  for (const Row& row : Rows()) {
    const std::string answers = absl::StrReplaceAll(row.answers, {{" ", ""}});
    for (size_t i = 0; i < states.size(); ++i) {
      scenarios.push_back({absl::StrCat(row.event, "_", states[i].name),
                           [state = states[i], say = row.say](TestLog& log) {
                             Prepare(log);
                             state.reach(log);
                             return say(log, state);
                           },
                           AnswerOf(answers.at(i))});
    }
  }
  return scenarios;
}

INSTANTIATE_TEST_SUITE_P(LifeStates, Rules, testing::ValuesIn(Table()), ScenarioName);

}  // namespace
}  // namespace touchstone
