// The conditions of docs/FORMAT.md, section 9, "allowed when", of incidents:
// what is allowed, and its nearest neighbours that are not.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/verifier/life_scenario.h"

namespace touchstone {
namespace {

using Incidents = v1::IncidentReported;
using Outcomes = v1::IncidentResolved;

constexpr auto kNoSuchEntry = RefusalCode::kNoSuchEntry;
constexpr auto kWrongState = RefusalCode::kWrongState;

// ---- Incidents. ----

// That many open ones of the kind.
void Pile(TestLog& log, Incidents::Kind kind, const std::string& signer, int count) {
  for (int i = 0; i < count; ++i) Append(log, Incident(log, kind, {signer}));
}

std::vector<Scenario> IncidentRules() {
  std::vector<Scenario> scenarios;
  // Each kind with each outcome, by whoever may.
  struct Kind {
    Incidents::Kind kind;
    std::string reporter;
    std::string resolver;
    std::vector<Outcomes::Outcome> outcomes;
    bool happens_once;
  };
  const std::vector<Kind> kinds = {
      {Incidents::LOST, "court", "court", {Outcomes::RECOVERED, Outcomes::UNFOUNDED}, true},
      {Incidents::STOLEN, "court", "court", {Outcomes::RECOVERED, Outcomes::UNFOUNDED}, true},
      {Incidents::COUNTERFEIT_SUSPECTED,
       "gia",
       "igi",
       {Outcomes::UNFOUNDED, Outcomes::SETTLED, Outcomes::CONFIRMED},
       false},
      {Incidents::INSCRIPTION_MISMATCH,
       "gia",
       "igi",
       {Outcomes::UNFOUNDED, Outcomes::SETTLED, Outcomes::CONFIRMED},
       false},
      {Incidents::DAMAGED, "atelier", "atelier", {Outcomes::UNFOUNDED, Outcomes::REPAIRED}, false},
      {Incidents::TOTAL_LOSS,
       "insurer",
       "insurer",
       {Outcomes::UNFOUNDED, Outcomes::REPAIRED, Outcomes::SETTLED},
       true},
      {Incidents::OWNERSHIP_DISPUTED,
       "court",
       "court",
       {Outcomes::UNFOUNDED, Outcomes::SETTLED},
       false},
  };
  const Outcomes::Outcome outcomes[] = {Outcomes::RECOVERED, Outcomes::UNFOUNDED,
                                        Outcomes::REPAIRED, Outcomes::SETTLED, Outcomes::CONFIRMED};
  for (const Kind& kind : kinds) {
    const std::string name = Incidents::Kind_Name(kind.kind);
    for (const Outcomes::Outcome outcome : outcomes) {
      const bool fits =
          std::find(kind.outcomes.begin(), kind.outcomes.end(), outcome) != kind.outcomes.end();
      scenarios.push_back({name + "_ends_as_" + Outcomes::Outcome_Name(outcome),
                           [=](TestLog& log) {
                             const EntryPlace incident =
                                 Append(log, Incident(log, kind.kind, {kind.reporter}));
                             return IncidentOutcome(log, incident.digest, outcome, {kind.resolver});
                           },
                           fits ? kAllowed : std::optional(kWrongState)});
    }
    scenarios.push_back({name + "_twice",
                         [=](TestLog& log) {
                           Append(log, Incident(log, kind.kind, {kind.reporter}));
                           return Incident(log, kind.kind, {kind.reporter});
                         },
                         kind.happens_once ? std::optional(kWrongState) : kAllowed});
    scenarios.push_back(
        {name + "_again_after_its_end",
         [=](TestLog& log) {
           const EntryPlace incident = Append(log, Incident(log, kind.kind, {kind.reporter}));
           Append(log, IncidentOutcome(log, incident.digest, Outcomes::UNFOUNDED, {kind.resolver}));
           return Incident(log, kind.kind, {kind.reporter});
         },
         kAllowed});
  }
  // Once confirmed.
  for (const Outcomes::Outcome outcome : outcomes) {
    const bool fits = outcome == Outcomes::UNFOUNDED;
    scenarios.push_back(
        {"what_was_confirmed_ends_as_" + Outcomes::Outcome_Name(outcome),
         [=](TestLog& log) {
           const EntryPlace incident =
               Append(log, Incident(log, Incidents::COUNTERFEIT_SUSPECTED, {"atelier"}));
           Append(log, IncidentOutcome(log, incident.digest, Outcomes::CONFIRMED, {"gia"}));
           return IncidentOutcome(log, incident.digest, outcome, {"igi"});
         },
         fits ? kAllowed : std::optional(kWrongState)});
  }
  return scenarios;
}

std::vector<Scenario> SingleIncidents() {
  return {
      {"resolution_of_no_incident",
       [](TestLog& log) {
         const EntryPlace care = log.Care(1, "atelier");
         return IncidentOutcome(log, care.digest, Outcomes::UNFOUNDED, {"court"});
       },
       kNoSuchEntry},
      {"resolution_of_another_pieces_incident",
       [](TestLog& log) {
         log.Register(2, "maison");
         Said other = Incident(log, Incidents::STOLEN, {"court"});
         other.statement.mutable_subject()->set_passport_id(TestPassportId(2));
         const EntryPlace incident = Append(log, other);
         return IncidentOutcome(log, incident.digest, Outcomes::RECOVERED, {"court"});
       },
       kNoSuchEntry},
      {"resolution_twice",
       [](TestLog& log) {
         const EntryPlace theft = Append(log, Incident(log, Incidents::STOLEN, {"court"}));
         Append(log, IncidentOutcome(log, theft.digest, Outcomes::RECOVERED, {"court"}));
         return IncidentOutcome(log, theft.digest, Outcomes::RECOVERED, {"court"});
       },
       kNoSuchEntry},
      {"recovery_by_the_thief_alone",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace theft = Append(log, Incident(log, Incidents::STOLEN, {"owner 1"}));
         return IncidentOutcome(log, theft.digest, Outcomes::RECOVERED, {"owner 1"});
       },
       RefusalCode::kMissingSignature},
      {"recovery_by_the_issuer_alone",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace theft = Append(log, Incident(log, Incidents::STOLEN, {"maison"}));
         return IncidentOutcome(log, theft.digest, Outcomes::UNFOUNDED, {"maison"});
       },
       RefusalCode::kWrongRole},
      {"recovery_with_the_store",
       [](TestLog& log) {
         const EntryPlace theft = Append(log, Incident(log, Incidents::STOLEN, {"court"}));
         return IncidentOutcome(log, theft.digest, Outcomes::RECOVERED, {"maison"});
       },
       kAllowed},
      {"recovery_with_the_store_by_another_issuer",
       [](TestLog& log) {
         const EntryPlace theft = Append(log, Incident(log, Incidents::STOLEN, {"court"}));
         return IncidentOutcome(log, theft.digest, Outcomes::RECOVERED, {"rival"});
       },
       RefusalCode::kWrongRole},
      {"recovery_by_the_issuer_and_the_claim_key",
       [](TestLog& log) {
         Sell(log);
         const EntryPlace theft = Append(log, Incident(log, Incidents::STOLEN, {"claim key"}));
         return IncidentOutcome(log, theft.digest, Outcomes::RECOVERED, {"maison", "claim key"});
       },
       kAllowed},
      {"report_of_a_theft_by_the_last_owner",
       [](TestLog& log) {
         GiveToOwner(log);
         log.Transfer(1, "owner 1", "owner 2");
         return Incident(log, Incidents::STOLEN, {"owner 1"});
       },
       RefusalCode::kUnknownSigner},
      {"end_of_damage_by_the_next_holder",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace damage = Append(log, Incident(log, Incidents::DAMAGED, {"owner 1"}));
         log.Transfer(1, "owner 1", "owner 2");
         return IncidentOutcome(log, damage.digest, Outcomes::REPAIRED, {"owner 2"});
       },
       kAllowed},
      {"end_of_damage_of_a_retired_piece",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace damage = Append(log, Incident(log, Incidents::DAMAGED, {"owner 1"}));
         DestroyPiece(log);
         return IncidentOutcome(log, damage.digest, Outcomes::REPAIRED, {"owner 1"});
       },
       RefusalCode::kUnknownSigner},
      {"damage_by_an_authority_that_is_a_laboratory_too",
       [](TestLog& log) {
         log.Enrol("assay-office", {v1::LABORATORY, v1::AUTHORITY}, {"assay office"});
         return Incident(log, Incidents::DAMAGED, {"assay office"});
       },
       kAllowed},
      {"theft_whoever_has_piled_up_incidents",
       [](TestLog& log) {
         GiveToOwner(log);
         Pile(log, Incidents::DAMAGED, "owner 1", 8);
         return Incident(log, Incidents::STOLEN, {"court"});
       },
       kAllowed},
      {"dispute_whoever_has_piled_up_incidents",
       [](TestLog& log) {
         Pile(log, Incidents::COUNTERFEIT_SUSPECTED, "atelier", 8);
         return Incident(log, Incidents::OWNERSHIP_DISPUTED, {"court"});
       },
       kAllowed},
      {"incident_number_8",
       [](TestLog& log) {
         Pile(log, Incidents::DAMAGED, "atelier", 4);
         Pile(log, Incidents::INSCRIPTION_MISMATCH, "atelier", 3);
         return Incident(log, Incidents::COUNTERFEIT_SUSPECTED, {"gia"});
       },
       kAllowed},
      {"incident_number_9",
       [](TestLog& log) {
         Pile(log, Incidents::DAMAGED, "atelier", 4);
         Pile(log, Incidents::INSCRIPTION_MISMATCH, "atelier", 4);
         return Incident(log, Incidents::COUNTERFEIT_SUSPECTED, {"gia"});
       },
       RefusalCode::kQuotaExceeded},
      {"dispute_number_4",
       [](TestLog& log) {
         Pile(log, Incidents::OWNERSHIP_DISPUTED, "insurer", 3);
         return Incident(log, Incidents::OWNERSHIP_DISPUTED, {"court"});
       },
       kAllowed},
      {"dispute_number_5",
       [](TestLog& log) {
         Pile(log, Incidents::OWNERSHIP_DISPUTED, "insurer", 4);
         return Incident(log, Incidents::OWNERSHIP_DISPUTED, {"court"});
       },
       RefusalCode::kQuotaExceeded},
      {"incident_after_one_of_too_many_has_ended",
       [](TestLog& log) {
         const EntryPlace first = Append(log, Incident(log, Incidents::DAMAGED, {"atelier"}));
         Pile(log, Incidents::DAMAGED, "atelier", 7);
         Append(log, IncidentOutcome(log, first.digest, Outcomes::REPAIRED, {"atelier"}));
         return Incident(log, Incidents::DAMAGED, {"atelier"});
       },
       kAllowed},
  };
}

INSTANTIATE_TEST_SUITE_P(IncidentRule, Rules, testing::ValuesIn(IncidentRules()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(SingleIncident, Rules, testing::ValuesIn(SingleIncidents()), ScenarioName);

}  // namespace
}  // namespace touchstone
