// The rules of docs/FORMAT.md, section 9, one by one: what is allowed, and its nearest neighbours
// that are not.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/verifier/rule_scenario.h"

namespace touchstone {
namespace {

std::vector<Scenario> SingleRules() {
  return {
      // Signatures: no more, no fewer.
      {"registration_by_two_issuers",
       [](TestLog& log) {
         return Registration(log, 2, {"maison", "rival"});
       },
       RefusalCode::kSurplusSignature},
      {"care_by_workshop_and_issuer",
       [](TestLog& log) {
         return Care(log, 1, {"atelier", "maison"});
       },
       RefusalCode::kSurplusSignature},
      {"first_sale_without_claim_key",
       [](TestLog& log) { return FirstSale(log, 1, {"maison"}, "claim key"); },
       RefusalCode::kMissingSignature},
      {"first_sale_without_issuer",
       [](TestLog& log) { return FirstSale(log, 1, {"claim key"}, "claim key"); },
       RefusalCode::kMissingSignature},
      {"first_sale_with_a_third",
       [](TestLog& log) {
         return FirstSale(log, 1, {"maison", "claim key", "stranger"}, "claim key");
       },
       RefusalCode::kSurplusSignature},
      {"first_sale_to_the_issuers_own_key",
       [](TestLog& log) { return FirstSale(log, 1, {"maison"}, "maison"); },
       RefusalCode::kMissingSignature},
      {"claim_without_claim_key",
       [](TestLog& log) {
         Sell(log);
         return Claim(log, 1, {"owner 1"}, "owner 1");
       },
       RefusalCode::kMissingSignature},
      {"claim_without_owner",
       [](TestLog& log) {
         Sell(log);
         return Claim(log, 1, {"claim key"}, "owner 1");
       },
       RefusalCode::kMissingSignature},
      {"claim_with_the_issuer_too",
       [](TestLog& log) {
         Sell(log);
         return Claim(log, 1, {"claim key", "owner 1", "maison"}, "owner 1");
       },
       RefusalCode::kSurplusSignature},
      {"transfer_with_a_witness",
       [](TestLog& log) {
         GiveToOwner(log);
         return Transfer(log, 1, {"owner 1", "owner 2", "stranger"}, "owner 2");
       },
       RefusalCode::kSurplusSignature},
      {"transfer_by_an_earlier_owner",
       [](TestLog& log) {
         GiveToOwner(log);
         log.Transfer(1, "owner 1", "owner 2");
         return Transfer(log, 1, {"owner 1", "owner 3"}, "owner 3");
       },
       RefusalCode::kMissingSignature},
      {"transfer_by_the_claim_key",
       [](TestLog& log) {
         GiveToOwner(log);
         return Transfer(log, 1, {"claim key", "owner 2"}, "owner 2");
       },
       RefusalCode::kMissingSignature},

      // Laboratories report under their own names.
      {"report_under_an_alias", [](TestLog& log) { return Report(log, 1, {"gia"}, "G.I.A."); },
       kAllowed},
      {"report_under_anothers_name", [](TestLog& log) { return Report(log, 1, {"gia"}, "IGI"); },
       RefusalCode::kWrongRole},
      {"report_as_provided", [](TestLog& log) { return Report(log, 1, {"maison"}, "HRD"); },
       kAllowed},

      // Ownership: each transition, and each that there is not.
      {"first_sale",
       [](TestLog& log) {
         return FirstSale(log, 1, {"maison", "claim key"}, "claim key");
       },
       kAllowed},
      {"claim",
       [](TestLog& log) {
         Sell(log);
         return Claim(log, 1, {"claim key", "owner 1"}, "owner 1");
       },
       kAllowed},
      {"transfer",
       [](TestLog& log) {
         GiveToOwner(log);
         return Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
       },
       kAllowed},
      {"transfer_again",
       [](TestLog& log) {
         GiveToOwner(log);
         log.Transfer(1, "owner 1", "owner 2");
         return Transfer(log, 1, {"owner 2", "owner 3"}, "owner 3");
       },
       kAllowed},
      {"claim_before_sale",
       [](TestLog& log) {
         return Claim(log, 1, {"claim key", "owner 1"}, "owner 1");
       },
       RefusalCode::kWrongPhase},
      {"transfer_before_sale",
       [](TestLog& log) {
         return Transfer(log, 1, {"maison", "owner 1"}, "owner 1");
       },
       RefusalCode::kWrongPhase},
      {"transfer_before_claim",
       [](TestLog& log) {
         Sell(log);
         return Transfer(log, 1, {"claim key", "owner 1"}, "owner 1");
       },
       RefusalCode::kWrongPhase},
      {"second_first_sale_before_claim",
       [](TestLog& log) {
         Sell(log);
         return FirstSale(log, 1, {"maison", "claim key 2"}, "claim key 2");
       },
       RefusalCode::kWrongPhase},
      {"second_first_sale_after_claim",
       [](TestLog& log) {
         GiveToOwner(log);
         return FirstSale(log, 1, {"maison", "claim key 2"}, "claim key 2");
       },
       RefusalCode::kWrongPhase},
      {"second_claim",
       [](TestLog& log) {
         GiveToOwner(log);
         return Claim(log, 1, {"owner 1", "owner 2"}, "owner 2");
       },
       RefusalCode::kWrongPhase},
      {"first_sale_by_an_issuer_no_more",
       [](TestLog& log) {
         const Said change = Change(log, "maison", v1::WORKSHOP, kStewards);
         log.Say(change.statement, change.signers);
         return FirstSale(log, 1, {"maison", "claim key"}, "claim key");
       },
       RefusalCode::kWrongRole},

      // Fresh keys.
      {"owner_key_is_the_claim_key",
       [](TestLog& log) {
         Sell(log);
         return Claim(log, 1, {"claim key"}, "claim key");
       },
       RefusalCode::kKeyReused},
      {"next_owner_is_the_present_one",
       [](TestLog& log) {
         GiveToOwner(log);
         return Transfer(log, 1, {"owner 1"}, "owner 1");
       },
       RefusalCode::kKeyReused},
      {"next_owner_was_an_owner_before",
       [](TestLog& log) {
         GiveToOwner(log);
         log.Transfer(1, "owner 1", "owner 2");
         return Transfer(log, 1, {"owner 2", "owner 1"}, "owner 1");
       },
       RefusalCode::kKeyReused},
      {"next_owner_is_the_old_claim_key",
       [](TestLog& log) {
         GiveToOwner(log);
         return Transfer(log, 1, {"owner 1", "claim key"}, "claim key");
       },
       RefusalCode::kKeyReused},

      // builds_on.
      {"transfer_builds_on_the_registration",
       [](TestLog& log) {
         GiveToOwner(log);
         Said said = Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2");
         said.statement.set_builds_on(std::string(32, 'x'));
         return said;
       },
       RefusalCode::kStaleBuildsOn},
      {"first_sale_builds_on_a_care_record",
       [](TestLog& log) {
         const EntryPlace care = log.Care(1, "atelier");
         Said said = FirstSale(log, 1, {"maison", "claim key"}, "claim key");
         said.statement.set_builds_on(std::string(DigestBytes(care.digest)));
         return said;
       },
       RefusalCode::kStaleBuildsOn},
      {"first_sale_after_a_care_record_builds_on_the_registration",
       [](TestLog& log) {
         log.Care(1, "atelier");
         return FirstSale(log, 1, {"maison", "claim key"}, "claim key");
       },
       kAllowed},

      // Existence.
      {"registration_of_a_registered_piece",
       [](TestLog& log) {
         return Registration(log, 1, {"maison"}, [](v1::Piece& piece) {
           piece.clear_inscriptions();
           piece.clear_laboratory_reports();
         });
       },
       RefusalCode::kSubjectExists},
      {"care_of_an_unregistered_piece", [](TestLog& log) { return Care(log, 7, {"atelier"}); },
       RefusalCode::kNoSuchSubject},
      {"first_sale_of_an_unregistered_piece",
       [](TestLog& log) {
         return FirstSale(log, 7, {"maison", "claim key"}, "claim key");
       },
       RefusalCode::kNoSuchSubject},

      // GS1 company prefixes.
      {"gtin_under_the_prefix",
       [](TestLog& log) {
         return Registration(log, 2, {"maison"},
                             [](v1::Piece& piece) { piece.set_gtin14("03612345678904"); });
       },
       kAllowed},
      {"gtin_of_another",
       [](TestLog& log) {
         return Registration(log, 2, {"rival"},
                             [](v1::Piece& piece) { piece.set_gtin14("03612345678904"); });
       },
       RefusalCode::kForeignGtin},
      {"gtin_with_the_prefix_not_at_its_start",
       [](TestLog& log) {
         return Registration(log, 2, {"maison"},
                             [](v1::Piece& piece) { piece.set_gtin14("36123456789017"); });
       },
       RefusalCode::kForeignGtin},

      // Keys: from when to when.
      {"care_by_an_added_key",
       [](TestLog& log) {
         log.AddKey("atelier", "atelier 2");
         return Care(log, 1, {"atelier 2"});
       },
       kAllowed},
      {"care_by_a_revoked_key",
       [](TestLog& log) {
         log.AddKey("atelier", "atelier 2");
         log.RevokeKey("atelier", "atelier");
         return Care(log, 1, {"atelier"});
       },
       RefusalCode::kKeyRevoked},
      {"care_by_the_other_key_after_a_revocation",
       [](TestLog& log) {
         log.AddKey("atelier", "atelier 2");
         log.RevokeKey("atelier", "atelier");
         return Care(log, 1, {"atelier 2"});
       },
       kAllowed},
      {"role_was_lost",
       [](TestLog& log) {
         const Said change = Change(log, "atelier", v1::APPRAISER, kStewards);
         log.Say(change.statement, change.signers);
         return Care(log, 1, {"atelier"});
       },
       RefusalCode::kWrongRole},
      {"role_was_gained",
       [](TestLog& log) {
         const Said change = Change(log, "appraiser", v1::WORKSHOP, kStewards);
         log.Say(change.statement, change.signers);
         return Care(log, 1, {"appraiser"});
       },
       kAllowed},

      // Enrolled keys.
      {"adding_ones_own_key_again",
       [](TestLog& log) { return AddKey(log, "maison", "maison", kStewards); },
       RefusalCode::kKeyInUse, 1},
      {"adding_a_revoked_key_again",
       [](TestLog& log) {
         log.AddKey("maison", "maison 2");
         log.RevokeKey("maison", "maison 2");
         return AddKey(log, "maison", "maison 2", kStewards);
       },
       RefusalCode::kKeyInUse, 1},
      {"revoking_anothers_key",
       [](TestLog& log) { return Revoke(log, "maison", "rival", kStewards); },
       RefusalCode::kNoSuchKey, 1},
      {"revoking_a_key_twice",
       [](TestLog& log) {
         log.RevokeKey("maison", "maison");
         return Revoke(log, "maison", "maison", kStewards);
       },
       RefusalCode::kNoSuchKey, 1},
      {"compromised_from_the_revocation_itself",
       [](TestLog& log) { return Revoke(log, "maison", "maison", kStewards, log.size()); },
       kAllowed, 1},
      {"compromised_from_the_future",
       [](TestLog& log) { return Revoke(log, "maison", "maison", kStewards, log.size() + 1); },
       RefusalCode::kInvalidField, 1},
      {"enrolling_an_enrolled_participant",
       [](TestLog& log) {
         v1::Statement statement = log.ParticipantStatement("maison");
         v1::ParticipantEnrolled& enrolled = *statement.mutable_participant_enrolled();
         enrolled.mutable_details()->set_legal_name("Impostor");
         enrolled.mutable_details()->set_country("FR");
         enrolled.mutable_details()->add_roles(v1::ISSUER);
         enrolled.add_keys(NamedKeyBytes("impostor"));
         return Said{statement, kStewards};
       },
       RefusalCode::kSubjectExists, 1},
      {"second_genesis",
       [](TestLog& log) {
         v1::Statement statement = log.StewardsStatement();
         statement.mutable_genesis()->add_steward_keys(NamedKeyBytes("thief"));
         statement.mutable_genesis()->set_threshold(1);
         return Said{statement, {"thief"}};
       },
       RefusalCode::kSubjectExists},

      // Another log, a closed log.
      {"statement_for_another_log",
       [](TestLog& log) {
         Said said = Care(log, 1, {"atelier"});
         said.statement.set_log_origin("test.example/log");
         return said;
       },
       RefusalCode::kWrongOrigin},
      {"enrolment_for_another_log",
       [](TestLog& log) {
         Said said = AddKey(log, "maison", "maison 2", kStewards);
         said.statement.set_log_origin("passports.example/log2");
         return said;
       },
       RefusalCode::kWrongOrigin, 1},
      {"care_after_closing",
       [](TestLog& log) {
         log.Close();
         return Care(log, 1, {"atelier"});
       },
       RefusalCode::kLogClosed},
      {"card_key_after_closing",
       [](TestLog& log) {
         log.Close();
         v1::Statement statement = log.StewardsStatement();
         statement.mutable_card_key_enrolled()->set_key(NamedKeyBytes("card"));
         return Said{statement, kStewards};
       },
       RefusalCode::kLogClosed},
      {"key_after_closing",
       [](TestLog& log) {
         log.Close();
         return AddKey(log, "maison", "maison 2", kStewards);
       },
       RefusalCode::kLogClosed, 1},
  };
}

INSTANTIATE_TEST_SUITE_P(Single, Rules, testing::ValuesIn(SingleRules()), ScenarioName);

}  // namespace
}  // namespace touchstone
