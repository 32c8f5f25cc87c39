// When the stewards are changed, and card keys revoked (docs/FORMAT.md, section 9): what is
// allowed, and its nearest neighbours that are not.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/verifier/life_scenario.h"

namespace touchstone {
namespace {

const KeyNames kNewBoard = {"steward 4", "steward 5", "steward 6"};

// From two of three to three of three others.
void ReplaceStewards(TestLog& log) { Append(log, StewardsChange(log, kNewBoard, 3)); }

std::vector<Scenario> Boards() {
  return {
      {"change_by_the_new_stewards",
       [](TestLog& log) { return StewardsChange(log, kNewBoard, 3, kNewBoard); },
       RefusalCode::kUnknownSigner},
      {"old_stewards_after_the_change",
       [](TestLog& log) {
         ReplaceStewards(log);
         return CardKeyEnrolment(log, "card");
       },
       RefusalCode::kUnknownSigner},
      {"new_stewards_after_the_change",
       [](TestLog& log) {
         ReplaceStewards(log);
         return CardKeyEnrolment(log, "card", kNewBoard);
       },
       kAllowed},
      {"as_many_as_it_took_before",
       [](TestLog& log) {
         ReplaceStewards(log);
         return CardKeyEnrolment(log, "card", {"steward 4", "steward 5"});
       },
       RefusalCode::kMissingSignature},
      {"an_old_steward_among_the_new",
       [](TestLog& log) {
         ReplaceStewards(log);
         return CardKeyEnrolment(log, "card", {"steward 1", "steward 4", "steward 5"});
       },
       RefusalCode::kUnknownSigner},
      {"a_change_back",
       [](TestLog& log) {
         ReplaceStewards(log);
         Append(log, StewardsChange(log, {"steward 1"}, 1, kNewBoard));
         return CardKeyEnrolment(log, "card", {"steward 1"});
       },
       kAllowed},
      {"a_key_of_a_participant_by_old_stewards",
       [](TestLog& log) {
         ReplaceStewards(log);
         return AddKey(log, "maison", "maison 2", kStewards);
       },
       RefusalCode::kUnknownSigner, 1},
      {"a_key_of_a_participant_by_new_stewards",
       [](TestLog& log) {
         ReplaceStewards(log);
         return AddKey(log, "maison", "maison 2", kNewBoard);
       },
       kAllowed, 1},
      {"what_a_participant_says_after_the_change_of_those_who_enrolled_it",
       [](TestLog& log) {
         ReplaceStewards(log);
         return Care(log, 1, {"atelier"});
       },
       kAllowed},
  };
}

std::vector<Scenario> CardKeys() {
  return {
      {"revocation_of_a_card_key",
       [](TestLog& log) {
         log.EnrolCardKey("card");
         return CardKeyRevocation(log, "card");
       },
       kAllowed},
      {"revocation_of_no_card_key", [](TestLog& log) { return CardKeyRevocation(log, "maison"); },
       RefusalCode::kNoSuchKey},
      {"revocation_of_a_card_key_twice",
       [](TestLog& log) {
         log.EnrolCardKey("card");
         Append(log, CardKeyRevocation(log, "card"));
         return CardKeyRevocation(log, "card");
       },
       RefusalCode::kNoSuchKey},
      {"card_key_twice",
       [](TestLog& log) {
         log.EnrolCardKey("card");
         return CardKeyEnrolment(log, "card");
       },
       RefusalCode::kKeyInUse},
      {"card_key_that_was_revoked",
       [](TestLog& log) {
         log.EnrolCardKey("card");
         Append(log, CardKeyRevocation(log, "card"));
         return CardKeyEnrolment(log, "card");
       },
       RefusalCode::kKeyInUse},
      {"another_card_key",
       [](TestLog& log) {
         log.EnrolCardKey("card");
         return CardKeyEnrolment(log, "card 2");
       },
       kAllowed},
  };
}

INSTANTIATE_TEST_SUITE_P(Boards, Rules, testing::ValuesIn(Boards()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(CardKeys, Rules, testing::ValuesIn(CardKeys()), ScenarioName);

}  // namespace
}  // namespace touchstone
