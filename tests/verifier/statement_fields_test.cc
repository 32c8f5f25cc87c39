#include "verifier/statement_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/test_log.h"
#include "tests/verifier/field_case.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

class EventFields : public testing::TestWithParam<FieldCase> {};

TEST_P(EventFields, AreChecked) { ExpectAnswer(GetParam()); }

void AddStewards(v1::Genesis& genesis, int count) {
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i) keys.push_back(NamedKeyBytes("s" + std::to_string(i)));
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) genesis.add_steward_keys(key);
}

v1::ParticipantDetails& Details(Statement& statement) {
  v1::ParticipantDetails& details = *statement.mutable_participant_changed()->mutable_details();
  details.set_legal_name("Maison Example SA");
  details.set_country("CH");
  details.add_roles(v1::ISSUER);
  return details;
}

FieldCase DetailsCase(const std::string& name,
                      const std::function<void(v1::ParticipantDetails&)>& edit,
                      const std::string& refused = "") {
  return {"details_" + name, [edit](Statement& s) { edit(Details(s)); },
          refused.empty() ? "" : "participant_changed.details." + refused};
}

std::vector<FieldCase> OtherCases() {
  using D = v1::ParticipantDetails;
  return {
      {"threshold",
       [](Statement& s) {
         AddStewards(*s.mutable_genesis(), 32);
         s.mutable_genesis()->set_threshold(32);
       },
       ""},
      {"threshold_zero", [](Statement& s) { AddStewards(*s.mutable_genesis(), 2); },
       "genesis.threshold is not stated; it is required"},
      {"threshold_beyond_the_keys",
       [](Statement& s) {
         AddStewards(*s.mutable_genesis(), 2);
         s.mutable_genesis()->set_threshold(3);
       },
       "genesis.threshold is 3; accepted are 1 to 2"},
      {"stewards_33",
       [](Statement& s) {
         AddStewards(*s.mutable_genesis(), 33);
         s.mutable_genesis()->set_threshold(1);
       },
       "genesis.steward_keys has 33 elements; accepted are 1 to 32"},
      {"no_stewards", [](Statement& s) { s.mutable_genesis()->set_threshold(1); },
       "genesis.steward_keys has 0 elements"},
      {"steward_twice",
       [](Statement& s) {
         AddStewards(*s.mutable_genesis(), 1);
         AddStewards(*s.mutable_genesis(), 1);
         s.mutable_genesis()->set_threshold(1);
       },
       "genesis.steward_keys[1] does not come after the key before it"},
      {"continues_no_note",
       [](Statement& s) {
         AddStewards(*s.mutable_genesis(), 1);
         s.mutable_genesis()->set_threshold(1);
         s.mutable_genesis()->set_continues("hello");
       },
       "genesis.continues: "},
      {"continues_a_checkpoint",
       [](Statement& s) {
         AddStewards(*s.mutable_genesis(), 1);
         s.mutable_genesis()->set_threshold(1);
         s.mutable_genesis()->set_continues(TestLog().Checkpoint());
       },
       ""},
      {"card_key_missing", [](Statement& s) { s.mutable_card_key_enrolled()->set_label("2026"); },
       "card_key_enrolled.key is not stated; it is required"},
      {"card_key_short",
       [](Statement& s) { s.mutable_card_key_enrolled()->set_key("\x01" + Text(31)); },
       "card_key_enrolled.key: "},
      {"closing_reason_of_501", [](Statement& s) { s.mutable_log_closed()->set_reason(Text(501)); },
       "log_closed.reason has 501 bytes"},
      {"no_details", [](Statement& s) { s.mutable_participant_changed(); },
       "participant_changed.details is not stated; it is required"},
      DetailsCase("sample", [](D&) {}),
      DetailsCase(
          "no_name", [](D& d) { d.clear_legal_name(); }, "legal_name is not stated"),
      DetailsCase(
          "no_country", [](D& d) { d.clear_country(); }, "country is not stated"),
      DetailsCase("domain", [](D& d) { d.set_domain("shop.maison-example.co.uk"); }),
      DetailsCase(
          "domain_with_a_path", [](D& d) { d.set_domain("maison.example/shop"); },
          "domain is \"maison.example/shop\""),
      DetailsCase(
          "domain_with_an_empty_label", [](D& d) { d.set_domain("maison..example"); }, "domain is"),
      DetailsCase(
          "domain_ending_in_a_hyphen", [](D& d) { d.set_domain("maison-.example"); }, "domain is"),
      DetailsCase(
          "domain_with_a_long_label", [](D& d) { d.set_domain(Text(64)); }, "domain is"),
      DetailsCase(
          "no_roles", [](D& d) { d.clear_roles(); }, "roles is not stated"),
      DetailsCase("roles", [](D& d) { d.add_roles(v1::WORKSHOP); }),
      DetailsCase(
          "roles_not_ascending",
          [](D& d) {
            d.clear_roles();
            d.add_roles(v1::WORKSHOP);
            d.add_roles(v1::ISSUER);
          },
          "roles[1] "),
      DetailsCase(
          "role_twice", [](D& d) { d.add_roles(v1::ISSUER); }, "roles[1] "),
      DetailsCase(
          "role_unspecified",
          [](D& d) {
            d.clear_roles();
            d.add_roles(v1::ROLE_UNSPECIFIED);
          },
          "roles[0] "),
      DetailsCase("prefix_of_4", [](D& d) { d.add_gs1_company_prefixes("3612"); }),
      DetailsCase(
          "prefix_of_3", [](D& d) { d.add_gs1_company_prefixes("361"); },
          "gs1_company_prefixes[0]: "),
      DetailsCase(
          "prefixes_65",
          [](D& d) {
            for (int i = 0; i < 65; ++i) d.add_gs1_company_prefixes("3612");
          },
          "gs1_company_prefixes has 65 elements"),
      DetailsCase(
          "laboratory_name_without_letters", [](D& d) { d.add_laboratory_names("--"); },
          "laboratory_names[0]: "),
      DetailsCase(
          "laboratory_names_9",
          [](D& d) {
            for (int i = 0; i < 9; ++i) d.add_laboratory_names("GIA");
          },
          "laboratory_names has 9 elements"),
      {"revoked_id_of_31", [](Statement& s) { s.mutable_key_revoked()->set_key_id(Text(31)); },
       "key_revoked.key_id has 31 bytes; accepted are exactly 32"},
      {"no_piece", [](Statement& s) { s.mutable_registration(); },
       "registration.piece is not stated; it is required"},
      {"commitments_17",
       [](Statement& s) {
         Piece(s);
         for (int i = 0; i < 17; ++i) s.mutable_registration()->add_commitments();
       },
       "registration.commitments has 17 elements"},
      {"commitment_of_20",
       [](Statement& s) {
         Piece(s);
         v1::Commitment& commitment = *s.mutable_registration()->add_commitments();
         commitment.set_kind(v1::Commitment::ORIGINAL_PRICE);
         commitment.set_sha256(Text(20));
       },
       "registration.commitments[0].sha256 has 20 bytes"},
      {"findings",
       [](Statement& s) {
         s.mutable_laboratory_report()->set_laboratory("GIA");
         s.mutable_laboratory_report()->set_report_number("1");
         s.mutable_laboratory_report()->mutable_findings();
       },
       "laboratory_report.findings.species is not stated"},
      {"care_without_kind",
       [](Statement& s) { s.mutable_care_record()->set_performed_on("2026-11-22"); },
       "care_record.kind is not stated"},
      {"care_on_no_day",
       [](Statement& s) {
         s.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
         s.mutable_care_record()->set_performed_on("2026-13-01");
       },
       "care_record.performed_on is \"2026-13-01\""},
      {"care_parts_33",
       [](Statement& s) {
         s.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
         s.mutable_care_record()->set_performed_on("2026-11-22");
         for (int i = 0; i < 33; ++i) s.mutable_care_record()->add_parts("prong");
       },
       "care_record.parts has 33 elements"},
      {"sale_without_day",
       [](Statement& s) { s.mutable_first_sale()->set_claim_key(NamedKeyBytes("a")); },
       "first_sale.sold_on is not stated"},
      {"claim_without_key", [](Statement& s) { s.mutable_claim(); },
       "claim.owner_key is not stated"},
      {"transfer_without_kind",
       [](Statement& s) {
         s.mutable_transfer()->set_to_key(NamedKeyBytes("a"));
         s.mutable_transfer()->set_effective_on("2026-11-22");
       },
       "transfer.kind is not stated"},
      {"transfer_to_no_point",
       [](Statement& s) {
         s.mutable_transfer()->set_kind(v1::Transfer::GIFT);
         s.mutable_transfer()->set_to_key("\x01" + std::string(32, '\0'));
         s.mutable_transfer()->set_effective_on("2026-11-22");
       },
       "transfer.to_key: "},
  };
}

INSTANTIATE_TEST_SUITE_P(All, EventFields, testing::ValuesIn(OtherCases()), CaseName);

v1::ClaimReference Reference(uint32_t kind, const std::string& subject) {
  v1::ClaimReference reference;
  reference.set_kind(kind);
  reference.set_subject(subject);
  return reference;
}

v1::EndOfLife& End(Statement& s, v1::EndOfLife::Kind kind) {
  s.mutable_end_of_life()->set_kind(kind);
  s.mutable_end_of_life()->set_ended_on("2026-11-22");
  return *s.mutable_end_of_life();
}

v1::StoneRemoved& Removed(Statement& s) {
  v1::StoneRemoved& removed = *s.mutable_stone_removed();
  removed.set_removed_on("2026-11-22");
  *removed.add_releases() = Reference(4, "GIA1");
  return removed;
}

FieldCase EndCase(const std::string& name, v1::EndOfLife::Kind kind,
                  const std::function<void(v1::EndOfLife&)>& edit, const std::string& refused) {
  return {name, [kind, edit](Statement& s) { edit(End(s, kind)); }, refused};
}

FieldCase RegistrationCase(const std::string& name,
                           const std::function<void(v1::Registration&)>& edit,
                           const std::string& refused) {
  return {name,
          [edit](Statement& s) {
            Piece(s);
            edit(*s.mutable_registration());
          },
          refused};
}

void AddPredecessor(v1::Registration& registration, const std::string& id, char digest) {
  registration.add_predecessors()->set_passport_id(id);
  registration.mutable_predecessors(registration.predecessors_size() - 1)
      ->set_digest(std::string(digest == '\0' ? 31 : 32, digest));
}

std::vector<FieldCase> ClaimCases() {
  const std::string report("GIA\0002141438001", 14);
  const std::string id(16, 'p');
  return {
      RegistrationCase(
          "contests",
          [=](v1::Registration& r) {
            *r.add_contests() = Reference(4, "GIA2141438001");
            *r.add_contests() = Reference(5, report);
          },
          ""),
      RegistrationCase(
          "contests_not_ascending",
          [=](v1::Registration& r) {
            *r.add_contests() = Reference(5, report);
            *r.add_contests() = Reference(4, "GIA2141438001");
          },
          "registration.contests[1]"),
      RegistrationCase(
          "contest_twice",
          [=](v1::Registration& r) {
            *r.add_contests() = Reference(5, report);
            *r.add_contests() = Reference(5, report);
          },
          "registration.contests[1]"),
      RegistrationCase(
          "contest_of_what_is_not_claimed",
          [](v1::Registration& r) { *r.add_contests() = Reference(4, "GIA2"); },
          "registration.contests[0]"),
      RegistrationCase(
          "contest_not_in_normal_form",
          [](v1::Registration& r) { *r.add_contests() = Reference(4, "GIA 2141438001"); },
          "registration.contests[0].subject"),
      RegistrationCase(
          "contest_of_a_passport",
          [=](v1::Registration& r) { *r.add_contests() = Reference(1, id); },
          "registration.contests[0].kind"),
      RegistrationCase(
          "contest_without_kind",
          [=](v1::Registration& r) { *r.add_contests() = Reference(0, report); },
          "registration.contests[0].kind"),
      RegistrationCase(
          "contest_without_subject",
          [](v1::Registration& r) { *r.add_contests() = Reference(4, ""); },
          "registration.contests[0].subject"),
      RegistrationCase(
          "contest_of_too_long_a_subject",
          [](v1::Registration& r) { *r.add_contests() = Reference(4, Text(201)); },
          "registration.contests[0].subject"),
      RegistrationCase(
          "too_many_contests",
          [](v1::Registration& r) {
            for (int i = 0; i < 65; ++i) *r.add_contests() = Reference(4, "GIA2");
          },
          "registration.contests"),
      RegistrationCase(
          "predecessors",
          [=](v1::Registration& r) {
            AddPredecessor(r, id, 'a');
            AddPredecessor(r, id, 'b');
          },
          ""),
      RegistrationCase(
          "predecessors_not_ascending",
          [=](v1::Registration& r) {
            AddPredecessor(r, id, 'b');
            AddPredecessor(r, id, 'a');
          },
          "registration.predecessors[1]"),
      RegistrationCase(
          "predecessor_with_a_short_id",
          [](v1::Registration& r) { AddPredecessor(r, Text(15), 'a'); },
          "registration.predecessors[0].passport_id"),
      RegistrationCase(
          "predecessor_with_a_short_digest",
          [=](v1::Registration& r) { AddPredecessor(r, id, '\0'); },
          "registration.predecessors[0].digest"),
      {"resolution_without_claim", [](Statement& s) { s.mutable_claim_resolved(); },
       "claim_resolved.claim"},
      {"resolution",
       [](Statement& s) {
         *s.mutable_claim_resolved()->mutable_claim() = Reference(4, "GIA1");
         s.mutable_claim_resolved()->set_grounds(Text(1000));
       },
       ""},
      {"resolution_with_long_grounds",
       [](Statement& s) {
         *s.mutable_claim_resolved()->mutable_claim() = Reference(4, "GIA1");
         s.mutable_claim_resolved()->set_grounds(Text(1001));
       },
       "claim_resolved.grounds"},
      {"end_of_life_without_kind", [](Statement& s) { End(s, v1::EndOfLife::KIND_UNSPECIFIED); },
       "end_of_life.kind"},
      {"end_of_life_without_date",
       [](Statement& s) { End(s, v1::EndOfLife::RECYCLED).clear_ended_on(); },
       "end_of_life.ended_on"},
      EndCase(
          "end_of_life", v1::EndOfLife::REMOUNTED,
          [](v1::EndOfLife& e) {
            *e.add_releases() = Reference(4, "GIA1");
            e.add_successors(std::string(16, 'a'));
            e.add_successors(std::string(16, 'b'));
            e.set_note(Text(500));
          },
          ""),
      EndCase(
          "end_of_life_releasing_a_gtin", v1::EndOfLife::RECYCLED,
          [](v1::EndOfLife& e) { *e.add_releases() = Reference(6, "03612345678904S-1"); },
          "end_of_life.releases[0]"),
      EndCase(
          "destruction_releasing", v1::EndOfLife::DESTROYED,
          [](v1::EndOfLife& e) { *e.add_releases() = Reference(4, "GIA1"); },
          "end_of_life.releases"),
      EndCase(
          "destruction_with_successor", v1::EndOfLife::DESTROYED,
          [=](v1::EndOfLife& e) { e.add_successors(id); }, "end_of_life.successors"),
      EndCase(
          "destruction_with_successor_issuer", v1::EndOfLife::DESTROYED,
          [](v1::EndOfLife& e) { e.set_successor_issuer("maison"); },
          "end_of_life.successor_issuer"),
      EndCase(
          "successor_issuer", v1::EndOfLife::REMOUNTED,
          [](v1::EndOfLife& e) { e.set_successor_issuer("maison"); }, ""),
      EndCase(
          "successor_issuer_that_is_no_id", v1::EndOfLife::REMOUNTED,
          [](v1::EndOfLife& e) { e.set_successor_issuer("Maison"); },
          "end_of_life.successor_issuer"),
      EndCase(
          "successors_not_ascending", v1::EndOfLife::RECYCLED,
          [=](v1::EndOfLife& e) {
            e.add_successors(id);
            e.add_successors(id);
          },
          "end_of_life.successors[1]"),
      EndCase(
          "a_short_successor", v1::EndOfLife::RECYCLED,
          [](v1::EndOfLife& e) { e.add_successors(Text(15)); }, "end_of_life.successors[0]"),
      EndCase(
          "too_many_successors", v1::EndOfLife::RECYCLED,
          [](v1::EndOfLife& e) {
            for (char c = 'a'; c < 'a' + 17; ++c) e.add_successors(std::string(16, c));
          },
          "end_of_life.successors"),
      EndCase(
          "a_long_note", v1::EndOfLife::RECYCLED, [](v1::EndOfLife& e) { e.set_note(Text(501)); },
          "end_of_life.note"),
      {"stone_removed", [=](Statement& s) { Removed(s).set_successor(id); }, ""},
      {"stone_removed_without_date", [](Statement& s) { Removed(s).clear_removed_on(); },
       "stone_removed.removed_on"},
      {"stone_removed_without_claim", [](Statement& s) { Removed(s).clear_releases(); },
       "stone_removed.releases"},
      {"stone_removed_with_a_gtin",
       [](Statement& s) { *Removed(s).add_releases() = Reference(6, "03612345678904S-1"); },
       "stone_removed.releases[1]"},
      {"stone_removed_into_a_short_id", [](Statement& s) { Removed(s).set_successor(Text(17)); },
       "stone_removed.successor"},
      {"stone_removed_for_an_issuer",
       [](Statement& s) { Removed(s).set_successor_issuer("maison"); }, ""},
      {"stone_removed_for_no_id", [](Statement& s) { Removed(s).set_successor_issuer("-"); },
       "stone_removed.successor_issuer"},
      {"stone_removed_with_a_long_reason", [](Statement& s) { Removed(s).set_reason(Text(501)); },
       "stone_removed.reason"},
  };
}

INSTANTIATE_TEST_SUITE_P(Claims, EventFields, testing::ValuesIn(ClaimCases()), CaseName);

TEST(StatementFields, CannotJudgeAKeyOfAnotherAlgorithm) {
  Statement statement;
  statement.mutable_key_added()->set_key("\x06" + Text(32));
  EventParts parts;
  EXPECT_THAT(CheckEventFields(statement, parts), IsRefused(RefusalCode::kUnknownKeyAlgorithm));
}

// What an outsider wrote comes back shortened and printable.
TEST(StatementFields, ErrorsDoNotRepeatHostileText) {
  Statement statement;
  Piece(statement).set_country_of_manufacture("\x1B[2J" + Text(1000));
  EventParts parts;
  const absl::Status status = CheckEventFields(statement, parts);
  EXPECT_LT(status.message().size(), 300u);
  EXPECT_EQ(status.message().find('\x1B'), absl::string_view::npos);
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"?[2Jxxxx"));
}

TEST(StatementFields, ADateMustExist) {
  const std::pair<const char*, bool> dates[] = {
      {"2026-11-22", true},  {"2024-02-29", true},  {"2023-02-29", false}, {"1900-02-29", false},
      {"2000-02-29", true},  {"2026-00-10", false}, {"2026-04-31", false}, {"2026-12-31", true},
      {"0000-01-01", false}, {"0001-01-01", true},  {"20261122", false},   {"2026-11-22Z", false},
      {"2026/11/22", false}, {" 026-11-22", false}, {"2026-1122-", false}};
  for (const auto& [date, exists] : dates) {
    Statement statement;
    statement.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
    statement.mutable_care_record()->set_performed_on(date);
    EventParts parts;
    EXPECT_EQ(CheckEventFields(statement, parts).ok(), exists) << date;
  }
}

}  // namespace
}  // namespace touchstone
