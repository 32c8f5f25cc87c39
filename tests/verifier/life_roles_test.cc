// Who may say what in the life of a piece (docs/FORMAT.md, section 9): every event, by everybody,
// alone and beside the holder.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/verifier/life_scenario.h"

namespace touchstone {
namespace {

using Names = std::set<std::string>;
using Incidents = v1::IncidentReported;
using Outcomes = v1::IncidentResolved;
using Notices = v1::TransferNotice;

const char* const kEverybody[] = {"maison",    "rival",   "gia",   "igi",       "atelier",
                                  "appraiser", "insurer", "court", "steward 1", "stranger"};
const Names kParticipants = {"maison",  "rival",     "gia",     "igi",
                             "atelier", "appraiser", "insurer", "court"};
const Names kWorkshops = {"maison", "rival", "atelier"};

enum class Holder {
  kNever,   // has no place among the signatures
  kBeside,  // may sign beside a participant
  kAlone,   // may sign in place of one
};

// The piece is owned by "owner 1", unless `say` changes that.
struct Event {
  std::string name;
  Names alone;  // who may say it
  Holder holder = Holder::kNever;
  Names beside;  // who may together with the holder
  std::function<Said(TestLog&, KeyNames)> say;
};

std::function<Said(TestLog&, KeyNames)> Reported(Incidents::Kind kind) {
  return [kind](TestLog& log, KeyNames by) { return Incident(log, kind, std::move(by)); };
}

std::function<Said(TestLog&, KeyNames)> Ended(Incidents::Kind kind, const KeyNames& reporters,
                                              Outcomes::Outcome outcome) {
  return [kind, reporters, outcome](TestLog& log, KeyNames by) {
    const EntryPlace incident = Append(log, Incident(log, kind, reporters));
    return IncidentOutcome(log, incident.digest, outcome, std::move(by));
  };
}

Said Unconfirmed(TestLog& log, KeyNames by) {
  const EntryPlace incident =
      Append(log, Incident(log, Incidents::COUNTERFEIT_SUSPECTED, {"atelier"}));
  Append(log, IncidentOutcome(log, incident.digest, Outcomes::CONFIRMED, {"igi"}));
  return IncidentOutcome(log, incident.digest, Outcomes::UNFOUNDED, std::move(by));
}

std::function<Said(TestLog&, KeyNames)> Noticed(Notices::Kind kind, bool objected) {
  return [kind, objected](TestLog& log, KeyNames by) {
    if (objected) {
      Append(log, Notice(log, Notices::LOST_CODE, {"maison"}, "earlier heir"));
      Append(log, Objection(log, {"owner 1"}));
    }
    return Notice(log, kind, std::move(by));
  };
}

// After a notice by `giver`.
std::function<Said(TestLog&, KeyNames)> Pending(Notices::Kind kind, const std::string& giver,
                                                Said (*say)(TestLog&, KeyNames),
                                                const KeyNames& with = {}) {
  return [=](TestLog& log, KeyNames by) {
    Append(log, Notice(log, kind, {giver}));
    WaitForNotice(log);
    by.insert(by.end(), with.begin(), with.end());
    return say(log, std::move(by));
  };
}

std::vector<Event> Records() {
  return {
      {"report",
       {"maison", "gia"},
       Holder::kBeside,
       {"maison", "rival"},
       [](TestLog& log, KeyNames by) { return Report(log, 1, std::move(by)); }},
      {"assay", {"gia", "igi", "maison", "rival"}, Holder::kNever, {}, AssayReport},
      {"care",
       kWorkshops,
       Holder::kNever,
       {},
       [](TestLog& log, KeyNames by) { return Care(log, 1, std::move(by)); }},
      {"care_with_entitlement",
       {"maison"},
       Holder::kBeside,
       kWorkshops,
       [](TestLog& log, KeyNames by) {
         Append(log, Grant(log, {"maison"}, "cleaning"));
         return CareWith(log, std::move(by), "cleaning");
       }},
      {"modification",
       {"maison"},
       Holder::kBeside,
       kWorkshops,
       [](TestLog& log, KeyNames by) { return Modification(log, std::move(by)); }},
      {"appraisal", {"appraiser"}, Holder::kNever, {}, Appraisal},
      {"received",
       {"atelier", "maison", "rival", "gia", "igi", "appraiser"},
       Holder::kNever,
       {},
       Received},
      {"returned",
       {"gia", "maison"},
       Holder::kNever,
       {},
       [](TestLog& log, KeyNames by) {
         Append(log, Received(log, {"gia"}));
         return Returned(log, std::move(by));
       }},
      {"correction_of_care",
       {"atelier"},
       Holder::kNever,
       {},
       [](TestLog& log, KeyNames by) {
         const EntryPlace care = log.Care(1, "atelier");
         return Correction(log, std::move(by), care.digest);
       }},
      {"correction_of_a_document",
       {"court"},
       Holder::kNever,
       {},
       [](TestLog& log, KeyNames by) {
         const EntryPlace document = Append(log, Documents(log, {"court"}));
         return Correction(log, std::move(by), document.digest);
       }},
      {"correction_of_the_holders_document",
       {},
       Holder::kNever,
       {},
       [](TestLog& log, KeyNames by) {
         const EntryPlace document = Append(log, Documents(log, {"owner 1"}));
         return Correction(log, std::move(by), document.digest);
       }},
      {"grant",
       {"maison"},
       Holder::kNever,
       {},
       [](TestLog& log, KeyNames by) { return Grant(log, std::move(by), "cleaning"); }},
      {"documents", kParticipants, Holder::kAlone, {}, Documents},
      {"erasure", {"maison"}, Holder::kAlone, {}, DataErasure},
  };
}

std::vector<Event> Notes() {
  return {
      {"notice_of_inheritance",
       {"maison", "court"},
       Holder::kNever,
       {},
       Noticed(Notices::INHERITANCE, false)},
      {"notice_of_a_lost_code",
       {"maison", "court"},
       Holder::kNever,
       {},
       Noticed(Notices::LOST_CODE, false)},
      {"notice_of_subrogation",
       {"insurer", "court"},
       Holder::kNever,
       {},
       Noticed(Notices::SUBROGATION, false)},
      {"notice_by_court_order",
       {"court"},
       Holder::kNever,
       {},
       Noticed(Notices::COURT_ORDER, false)},
      {"notice_of_inheritance_after_an_objection",
       {"court"},
       Holder::kNever,
       {},
       Noticed(Notices::INHERITANCE, true)},
      {"notice_of_subrogation_after_an_objection",
       {"court"},
       Holder::kNever,
       {},
       Noticed(Notices::SUBROGATION, true)},
      {"withdrawal_of_a_notice_of_the_issuers",
       {"maison", "court"},
       Holder::kNever,
       {},
       Pending(Notices::INHERITANCE, "maison", NoticeWithdrawal)},
      {"withdrawal_of_a_notice_of_the_insurers",
       {"insurer", "court"},
       Holder::kNever,
       {},
       Pending(Notices::SUBROGATION, "insurer", NoticeWithdrawal)},
      {"withdrawal_of_a_notice_of_the_courts",
       {"court"},
       Holder::kNever,
       {},
       Pending(Notices::LOST_CODE, "court", NoticeWithdrawal)},
      {"move_for_the_issuer",
       {"maison"},
       Holder::kNever,
       {},
       Pending(Notices::LOST_CODE, "maison", Move, {"heir"})},
      {"move_for_the_insurer",
       {"insurer"},
       Holder::kNever,
       {},
       Pending(Notices::SUBROGATION, "insurer", Move, {"heir"})},
      {"move_for_the_court",
       {"court"},
       Holder::kNever,
       {},
       Pending(Notices::COURT_ORDER, "court", Move, {"heir"})},
  };
}

std::vector<Event> IncidentEvents() {
  const Names inspectors = {"gia", "igi", "atelier", "maison", "rival", "court"};
  const Names guardians = {"maison", "insurer", "court"};
  Names all_but_court = kParticipants;
  all_but_court.erase("court");
  return {
      {"lost", guardians, Holder::kAlone, {}, Reported(Incidents::LOST)},
      {"stolen", guardians, Holder::kAlone, {}, Reported(Incidents::STOLEN)},
      {"counterfeit", inspectors, Holder::kNever, {}, Reported(Incidents::COUNTERFEIT_SUSPECTED)},
      {"mismatch", inspectors, Holder::kNever, {}, Reported(Incidents::INSCRIPTION_MISMATCH)},
      {"damaged", all_but_court, Holder::kAlone, {}, Reported(Incidents::DAMAGED)},
      {"total_loss", {"insurer"}, Holder::kNever, {}, Reported(Incidents::TOTAL_LOSS)},
      {"dispute", guardians, Holder::kNever, {}, Reported(Incidents::OWNERSHIP_DISPUTED)},

      {"end_of_a_loss",
       {"insurer", "court"},
       Holder::kBeside,
       {"maison"},
       Ended(Incidents::LOST, {"maison"}, Outcomes::RECOVERED)},
      {"end_of_a_theft",
       {"insurer", "court"},
       Holder::kBeside,
       {"maison"},
       Ended(Incidents::STOLEN, {"owner 1"}, Outcomes::UNFOUNDED)},
      {"end_of_a_suspicion",
       {"atelier", "gia", "igi", "court"},
       Holder::kNever,
       {},
       Ended(Incidents::COUNTERFEIT_SUSPECTED, {"atelier"}, Outcomes::UNFOUNDED)},
      {"confirmation",
       {"gia", "igi", "court"},
       Holder::kNever,
       {},
       Ended(Incidents::INSCRIPTION_MISMATCH, {"atelier"}, Outcomes::CONFIRMED)},
      {"end_of_what_was_confirmed", {"gia", "igi", "court"}, Holder::kNever, {}, Unconfirmed},
      {"end_of_damage",
       {"maison", "rival", "atelier", "appraiser"},
       Holder::kNever,
       {},
       Ended(Incidents::DAMAGED, {"appraiser"}, Outcomes::REPAIRED)},
      {"end_of_damage_by_the_holder",
       kWorkshops,
       Holder::kAlone,
       {},
       Ended(Incidents::DAMAGED, {"owner 1"}, Outcomes::REPAIRED)},
      {"end_of_a_total_loss",
       {"insurer"},
       Holder::kNever,
       {},
       Ended(Incidents::TOTAL_LOSS, {"insurer"}, Outcomes::SETTLED)},
      {"end_of_a_dispute",
       {"maison", "court"},
       Holder::kNever,
       {},
       Ended(Incidents::OWNERSHIP_DISPUTED, {"maison"}, Outcomes::SETTLED)},
  };
}

Scenario Case(const Event& event, const std::string& how, KeyNames signers,
              std::optional<RefusalCode> refused) {
  std::string name = absl::StrCat(event.name, how);
  for (const std::string& signer : signers) absl::StrAppend(&name, "_", signer);
  std::replace(name.begin(), name.end(), ' ', '_');
  return {std::move(name),
          [say = event.say, signers = std::move(signers)](TestLog& log) {
            GiveToOwner(log);
            return say(log, signers);
          },
          refused};
}

// A participant who may not, or nobody that the log knows.
std::optional<RefusalCode> AnswerTo(const std::string& signer, const Names& allowed) {
  if (allowed.count(signer) > 0) return kAllowed;
  return kParticipants.count(signer) > 0 ? RefusalCode::kWrongRole : RefusalCode::kUnknownSigner;
}

std::vector<Scenario> Matrix(const std::vector<Event>& events) {
  std::vector<Scenario> scenarios;
  for (const Event& event : events) {
    for (const std::string signer : kEverybody) {
      scenarios.push_back(Case(event, "_by", {signer}, AnswerTo(signer, event.alone)));
      scenarios.push_back(Case(event, "_by", {signer, "owner 1"},
                               event.holder == Holder::kBeside
                                   ? AnswerTo(signer, event.beside)
                                   : std::optional(RefusalCode::kSurplusSignature)));
    }
    std::optional<RefusalCode> alone = RefusalCode::kUnknownSigner;
    if (event.holder == Holder::kBeside) alone = RefusalCode::kMissingSignature;
    if (event.holder == Holder::kAlone) alone = kAllowed;
    scenarios.push_back(Case(event, "_by", {"owner 1"}, alone));
  }
  return scenarios;
}

// What only holders say, with everybody in the place of each of them.
std::vector<Scenario> HoldersMatrix() {
  struct HoldersEvent {
    std::string name;
    KeyNames signers;
    std::function<Said(TestLog&, KeyNames)> say;
  };
  const std::vector<HoldersEvent> events = {
      {"offer_withdrawn", {"owner 1"}, OfferWithdrawal},
      {"objection",
       {"owner 1"},
       [](TestLog& log, KeyNames by) {
         GiveNotice(log);
         return Objection(log, std::move(by));
       }},
      {"pledge",
       {"owner 1", "pledgee"},
       [](TestLog& log, KeyNames by) { return PledgeTo(log, std::move(by)); }},
      {"release",
       {"owner 1", "pledgee"},
       [](TestLog& log, KeyNames by) {
         PledgePiece(log);
         return PledgeRelease(log, std::move(by));
       }},
      {"consignment",
       {"owner 1", "dealer"},
       [](TestLog& log, KeyNames by) {
         return TransferAs(log, v1::Transfer::CONSIGNMENT, std::move(by), "dealer");
       }},
  };
  std::vector<Scenario> scenarios;
  for (const HoldersEvent& event : events) {
    const Event as_event{event.name, {}, Holder::kNever, {}, event.say};
    scenarios.push_back(Case(as_event, "_by", event.signers, kAllowed));
    KeyNames more = event.signers;
    more.push_back("stranger");
    scenarios.push_back(Case(as_event, "_by", more, RefusalCode::kSurplusSignature));
    for (size_t place = 0; place < event.signers.size(); ++place) {
      for (const std::string signer : kEverybody) {
        KeyNames signers = event.signers;
        signers[place] = signer;
        scenarios.push_back(Case(as_event, "_by", signers, RefusalCode::kMissingSignature));
      }
    }
  }
  return scenarios;
}

INSTANTIATE_TEST_SUITE_P(LifeRecords, Rules, testing::ValuesIn(Matrix(Records())), ScenarioName);
INSTANTIATE_TEST_SUITE_P(LifeNotices, Rules, testing::ValuesIn(Matrix(Notes())), ScenarioName);
INSTANTIATE_TEST_SUITE_P(LifeIncidents, Rules, testing::ValuesIn(Matrix(IncidentEvents())),
                         ScenarioName);
INSTANTIATE_TEST_SUITE_P(LifeHolders, Rules, testing::ValuesIn(HoldersMatrix()), ScenarioName);

}  // namespace
}  // namespace touchstone
