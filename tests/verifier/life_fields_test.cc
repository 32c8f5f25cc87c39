// The fields of what is said in the life of a piece, each at its bound and beyond
// (tests/verifier/field_case.h).
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/verifier/field_case.h"

namespace touchstone {
namespace {

class LifeFields : public testing::TestWithParam<FieldCase> {};

TEST_P(LifeFields, AreChecked) { ExpectAnswer(GetParam()); }

constexpr char kToday[] = "2027-02-28";

void AddCommitments(google::protobuf::RepeatedPtrField<v1::Commitment>& commitments,
                    v1::Commitment::Kind kind, int count) {
  for (int i = 0; i < count; ++i) {
    v1::Commitment& commitment = *commitments.Add();
    commitment.set_kind(kind);
    commitment.set_sha256(Text(32));
  }
}

void AddMedia(google::protobuf::RepeatedPtrField<v1::Media>& media, int count) {
  for (int i = 0; i < count; ++i) media.Add()->set_sha256(Text(32));
}

// A valid event of its kind, which each case spoils.
v1::Modification& Modified(Statement& s) {
  v1::Modification& event = *s.mutable_modification();
  event.set_kind(v1::Modification::RESIZED);
  event.set_performed_on(kToday);
  *event.mutable_piece() = SamplePiece(1);
  return event;
}

v1::Appraisal& Appraised(Statement& s) {
  v1::Appraisal& event = *s.mutable_appraisal();
  event.set_purpose(v1::Appraisal::ESTATE);
  event.set_effective_on(kToday);
  AddCommitments(*event.mutable_commitments(), v1::Commitment::APPRAISED_VALUE, 1);
  return event;
}

v1::Custody& InHands(Statement& s) {
  v1::Custody& event = *s.mutable_custody();
  event.set_kind(v1::Custody::RETURNED);
  event.set_on(kToday);
  return event;
}

v1::Correction& Corrected(Statement& s) {
  v1::Correction& event = *s.mutable_correction();
  event.set_corrects(Text(32));
  event.set_reason("mistyped");
  return event;
}

v1::ServiceEntitlement& Granted(Statement& s) {
  v1::ServiceEntitlement& entitlement = *s.mutable_entitlement_granted()->mutable_entitlement();
  entitlement.set_id("cleaning");
  return entitlement;
}

v1::DataErased& Erased(Statement& s) {
  v1::DataErased& event = *s.mutable_data_erased();
  event.set_erased_on(kToday);
  event.set_ground(v1::DataErased::REQUESTED);
  return event;
}

v1::TransferNotice& Noticed(Statement& s) {
  v1::TransferNotice& event = *s.mutable_transfer_notice();
  event.set_kind(v1::TransferNotice::LOST_CODE);
  event.set_to_key(NamedKeyBytes("a"));
  return event;
}

v1::Pledged& PledgedTo(Statement& s) {
  v1::Pledged& event = *s.mutable_pledged();
  event.set_pledgee_key(NamedKeyBytes("a"));
  event.set_pledged_on(kToday);
  return event;
}

v1::IncidentReported& Reported(Statement& s) {
  v1::IncidentReported& event = *s.mutable_incident_reported();
  event.set_kind(v1::IncidentReported::STOLEN);
  event.set_occurred_on(kToday);
  return event;
}

v1::IncidentResolved& Resolved(Statement& s) {
  v1::IncidentResolved& event = *s.mutable_incident_resolved();
  event.set_incident(Text(32));
  event.set_outcome(v1::IncidentResolved::RECOVERED);
  event.set_resolved_on(kToday);
  return event;
}

v1::LaboratoryReport& ReportedAs(Statement& s) {
  v1::LaboratoryReport& event = *s.mutable_laboratory_report();
  event.set_laboratory("GIA");
  event.set_report_number("2");
  return event;
}

void AddStewards(v1::StewardsChanged& event, int count) {
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i) keys.push_back(NamedKeyBytes("s" + std::to_string(i)));
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) event.add_steward_keys(key);
}

std::vector<FieldCase> StewardsCases() {
  return {
      {"stewards_32",
       [](Statement& s) {
         AddStewards(*s.mutable_stewards_changed(), 32);
         s.mutable_stewards_changed()->set_threshold(32);
         s.mutable_stewards_changed()->set_reason(Text(500));
       },
       ""},
      {"stewards_33",
       [](Statement& s) {
         AddStewards(*s.mutable_stewards_changed(), 33);
         s.mutable_stewards_changed()->set_threshold(1);
       },
       "stewards_changed.steward_keys has 33 elements; accepted are 1 to 32"},
      {"no_stewards", [](Statement& s) { s.mutable_stewards_changed()->set_threshold(1); },
       "stewards_changed.steward_keys has 0 elements"},
      {"stewards_without_threshold",
       [](Statement& s) { AddStewards(*s.mutable_stewards_changed(), 2); },
       "stewards_changed.threshold is not stated"},
      {"stewards_with_a_threshold_beyond_them",
       [](Statement& s) {
         AddStewards(*s.mutable_stewards_changed(), 2);
         s.mutable_stewards_changed()->set_threshold(3);
       },
       "stewards_changed.threshold is 3; accepted are 1 to 2"},
      {"stewards_for_a_reason_of_501",
       [](Statement& s) {
         AddStewards(*s.mutable_stewards_changed(), 1);
         s.mutable_stewards_changed()->set_threshold(1);
         s.mutable_stewards_changed()->set_reason(Text(501));
       },
       "stewards_changed.reason has 501 bytes"},
      {"card_key_revoked_until_a_day",
       [](Statement& s) {
         s.mutable_card_key_revoked()->set_key_id(Text(32));
         s.mutable_card_key_revoked()->set_good_before(kToday);
       },
       ""},
      {"card_key_revoked_without_id", [](Statement& s) { s.mutable_card_key_revoked(); },
       "card_key_revoked.key_id is not stated"},
      {"card_key_revoked_until_no_day",
       [](Statement& s) {
         s.mutable_card_key_revoked()->set_key_id(Text(32));
         s.mutable_card_key_revoked()->set_good_before("2027-02-29");
       },
       "card_key_revoked.good_before is \"2027-02-29\""},
      {"notice_period_of_a_year",
       [](Statement& s) {
         s.mutable_genesis()->add_steward_keys(NamedKeyBytes("a"));
         s.mutable_genesis()->set_threshold(1);
         s.mutable_genesis()->set_notice_period_ms(31'622'400'000);
       },
       ""},
      {"notice_period_of_more",
       [](Statement& s) {
         s.mutable_genesis()->add_steward_keys(NamedKeyBytes("a"));
         s.mutable_genesis()->set_threshold(1);
         s.mutable_genesis()->set_notice_period_ms(31'622'400'001);
       },
       "genesis.notice_period_ms is 31622400001"},
  };
}

std::vector<FieldCase> RecordCases() {
  return {
      {"supersedes", [](Statement& s) { ReportedAs(s).set_supersedes("1"); }, ""},
      {"supersedes_of_41", [](Statement& s) { ReportedAs(s).set_supersedes(Text(41)); },
       "laboratory_report.supersedes has 41 bytes"},
      {"supersedes_no_number", [](Statement& s) { ReportedAs(s).set_supersedes("--"); },
       "laboratory_report.supersedes"},
      {"supersedes_itself", [](Statement& s) { ReportedAs(s).set_supersedes(" 2 "); },
       "laboratory_report.supersedes is the report's own number"},

      {"assay_of_nothing", [](Statement& s) { s.mutable_assay_report(); },
       "assay_report.assay is not stated, nor hallmark"},
      {"assay",
       [](Statement& s) { s.mutable_assay_report()->mutable_assay()->set_result_ppt(1000); }, ""},
      {"assay_beyond_pure",
       [](Statement& s) { s.mutable_assay_report()->mutable_assay()->set_result_ppt(1001); },
       "assay_report.assay.result_ppt is 1001"},
      {"hallmark_of_41",
       [](Statement& s) {
         s.mutable_assay_report()->mutable_hallmark()->set_fineness_mark(Text(41));
       },
       "assay_report.hallmark.fineness_mark has 41 bytes"},
      {"assay_of_a_position_of_61",
       [](Statement& s) {
         s.mutable_assay_report()->mutable_assay();
         s.mutable_assay_report()->set_component_position(Text(61));
       },
       "assay_report.component_position has 61 bytes"},

      {"modification", [](Statement& s) { Modified(s).set_description(Text(1000)); }, ""},
      {"modification_without_kind", [](Statement& s) { Modified(s).clear_kind(); },
       "modification.kind is not stated"},
      {"modification_without_day", [](Statement& s) { Modified(s).clear_performed_on(); },
       "modification.performed_on is not stated"},
      {"modification_without_piece", [](Statement& s) { Modified(s).clear_piece(); },
       "modification.piece is not stated"},
      {"modification_of_a_piece_without_title",
       [](Statement& s) { Modified(s).mutable_piece()->clear_title(); },
       "modification.piece.title is not stated"},
      {"modification_with_entitlements",
       [](Statement& s) { Modified(s).mutable_piece()->add_entitlements()->set_id("x"); },
       "modification.piece.entitlements is stated"},
      {"modification_with_parts_33",
       [](Statement& s) {
         for (int i = 0; i < 33; ++i) Modified(s).add_parts("shank");
       },
       "modification.parts has 33 elements"},
      {"modification_described_in_1001",
       [](Statement& s) { Modified(s).set_description(Text(1001)); },
       "modification.description has 1001 bytes"},
      {"modification_in_a_town_of_81", [](Statement& s) { Modified(s).set_location(Text(81)); },
       "modification.location has 81 bytes"},
      {"modification_that_contests_what_it_does_not_claim",
       [](Statement& s) {
         *Modified(s).add_contests() = ReferenceTo({IndexKind::kInscriptionClaim, "GIA1234"});
       },
       "modification.contests[0] is "},

      {"appraisal",
       [](Statement& s) {
         v1::Appraisal& event = Appraised(s);
         event.set_expires_on(kToday);
         AddCommitments(*event.mutable_commitments(), v1::Commitment::PHOTOGRAPH, 15);
         AddMedia(*event.mutable_media(), 16);
       },
       ""},
      {"appraisal_without_purpose", [](Statement& s) { Appraised(s).clear_purpose(); },
       "appraisal.purpose is not stated"},
      {"appraisal_without_day", [](Statement& s) { Appraised(s).clear_effective_on(); },
       "appraisal.effective_on is not stated"},
      {"appraisal_that_expires_first",
       [](Statement& s) { Appraised(s).set_expires_on("2027-02-27"); },
       "appraisal.expires_on is 2027-02-27"},
      {"appraisal_without_value",
       [](Statement& s) {
         v1::Appraisal& event = Appraised(s);
         event.clear_commitments();
         AddCommitments(*event.mutable_commitments(), v1::Commitment::PHOTOGRAPH, 1);
       },
       "appraisal.commitments holds no APPRAISED_VALUE"},
      {"appraisal_with_commitments_17",
       [](Statement& s) {
         AddCommitments(*Appraised(s).mutable_commitments(), v1::Commitment::PHOTOGRAPH, 16);
       },
       "appraisal.commitments has 17 elements"},
      {"appraisal_with_media_17", [](Statement& s) { AddMedia(*Appraised(s).mutable_media(), 17); },
       "appraisal.media has 17 elements"},
      {"appraisal_with_media_of_31",
       [](Statement& s) { Appraised(s).add_media()->set_sha256(Text(31)); },
       "appraisal.media[0].sha256 has 31 bytes"},
      {"appraisal_noted_in_1001", [](Statement& s) { Appraised(s).set_note(Text(1001)); },
       "appraisal.note has 1001 bytes"},

      {"custody", [](Statement& s) { InHands(s).set_condition(Text(500)); }, ""},
      {"custody_without_kind", [](Statement& s) { InHands(s).clear_kind(); },
       "custody.kind is not stated"},
      {"custody_without_day", [](Statement& s) { InHands(s).clear_on(); },
       "custody.on is not stated"},
      {"custody_for_a_reason_of_201", [](Statement& s) { InHands(s).set_reason(Text(201)); },
       "custody.reason has 201 bytes"},
      {"custody_in_a_condition_of_501", [](Statement& s) { InHands(s).set_condition(Text(501)); },
       "custody.condition has 501 bytes"},
  };
}

std::vector<FieldCase> CorrectionCases() {
  const auto reference = [](const std::string& inscription) {
    return ReferenceTo({IndexKind::kInscriptionClaim, inscription});
  };
  return {
      {"correction", [](Statement& s) { Corrected(s).set_reason(Text(500)); }, ""},
      {"correction_of_nothing", [](Statement& s) { Corrected(s).clear_corrects(); },
       "correction.corrects is not stated"},
      {"correction_of_31", [](Statement& s) { Corrected(s).set_corrects(Text(31)); },
       "correction.corrects has 31 bytes"},
      {"correction_without_reason", [](Statement& s) { Corrected(s).clear_reason(); },
       "correction.reason is not stated"},
      {"correction_by_a_piece",
       [](Statement& s) { *Corrected(s).mutable_piece() = SamplePiece(1); }, ""},
      {"correction_by_a_piece_with_entitlements",
       [](Statement& s) {
         *Corrected(s).mutable_piece() = SamplePiece(1);
         s.mutable_correction()->mutable_piece()->add_entitlements()->set_id("x");
       },
       "correction.piece.entitlements is stated"},
      {"correction_by_care_without_kind",
       [](Statement& s) { Corrected(s).mutable_care_record()->set_performed_on(kToday); },
       "correction.care_record.kind is not stated"},
      {"correction_by_no_assay", [](Statement& s) { Corrected(s).mutable_assay_report(); },
       "correction.assay_report.assay is not stated"},
      {"correction_by_an_appraisal_without_value",
       [](Statement& s) {
         Appraised(s).clear_commitments();
         const v1::Appraisal appraisal = s.appraisal();
         *Corrected(s).mutable_appraisal() = appraisal;
       },
       "correction.appraisal.commitments holds no APPRAISED_VALUE"},
      {"correction_that_releases",
       [reference](Statement& s) {
         *Corrected(s).mutable_piece() = SamplePiece(1);
         *s.mutable_correction()->add_releases() = reference("GIA7777");
       },
       ""},
      {"correction_that_releases_what_it_states",
       [reference](Statement& s) {
         *Corrected(s).mutable_piece() = SamplePiece(1);
         *s.mutable_correction()->add_releases() = reference("GIA2141438001");
       },
       "correction.releases[0] is "},
      {"correction_that_contests_without_a_piece",
       [reference](Statement& s) { *Corrected(s).add_contests() = reference("GIA2141438001"); },
       "correction.contests[0] is "},
      {"correction_that_releases_a_gtin",
       [](Statement& s) {
         *Corrected(s).add_releases() =
             ReferenceTo({IndexKind::kGtinSerialClaim, "03612345678904S-1"});
       },
       "correction.releases[0] is a GTIN with serial"},

      {"grant", [](Statement& s) { Granted(s).set_uses(3); }, ""},
      {"grant_of_nothing", [](Statement& s) { s.mutable_entitlement_granted(); },
       "entitlement_granted.entitlement is not stated"},
      {"grant_without_id", [](Statement& s) { Granted(s).clear_id(); },
       "entitlement_granted.entitlement.id is not stated"},
      {"grant_of_an_id_of_41", [](Statement& s) { Granted(s).set_id(Text(41)); },
       "entitlement_granted.entitlement.id has 41 bytes"},
      {"grant_until_no_day", [](Statement& s) { Granted(s).set_valid_until("2027"); },
       "entitlement_granted.entitlement.valid_until is \"2027\""},

      {"no_documents", [](Statement& s) { s.mutable_documents_added()->set_note("none"); },
       "documents_added.media is empty, and commitments too"},
      {"documents",
       [](Statement& s) {
         AddMedia(*s.mutable_documents_added()->mutable_media(), 16);
         AddCommitments(*s.mutable_documents_added()->mutable_commitments(),
                        v1::Commitment::DOCUMENT, 16);
       },
       ""},
      {"documents_17",
       [](Statement& s) { AddMedia(*s.mutable_documents_added()->mutable_media(), 17); },
       "documents_added.media has 17 elements"},
      {"document_without_digest", [](Statement& s) { s.mutable_documents_added()->add_media(); },
       "documents_added.media[0].sha256 is not stated"},

      {"erasure_of_all", [](Statement& s) { Erased(s); }, ""},
      {"erasure_of_65",
       [](Statement& s) {
         for (int i = 0; i < 65; ++i) {
           Erased(s).add_commitments_sha256(std::string(32, static_cast<char>(i)));
         }
       },
       "data_erased.commitments_sha256 has 65 elements"},
      {"erasure_of_one_twice",
       [](Statement& s) {
         Erased(s).add_commitments_sha256(Text(32));
         Erased(s).add_commitments_sha256(Text(32));
       },
       "data_erased.commitments_sha256[1] "},
      {"erasure_of_a_short_one", [](Statement& s) { Erased(s).add_commitments_sha256(Text(31)); },
       "data_erased.commitments_sha256[0] has 31 bytes"},
      {"erasure_on_no_day", [](Statement& s) { Erased(s).clear_erased_on(); },
       "data_erased.erased_on is not stated"},
      {"erasure_without_ground", [](Statement& s) { Erased(s).clear_ground(); },
       "data_erased.ground is not stated"},
  };
}

std::vector<FieldCase> OwnershipCases() {
  return {
      {"withdrawal_for_a_reason_of_500",
       [](Statement& s) { s.mutable_offer_withdrawn()->set_reason(Text(500)); }, ""},
      {"withdrawal_for_a_reason_of_501",
       [](Statement& s) { s.mutable_offer_withdrawn()->set_reason(Text(501)); },
       "offer_withdrawn.reason has 501 bytes"},
      {"notice", [](Statement& s) { Noticed(s).set_grounds(Text(500)); }, ""},
      {"notice_without_kind", [](Statement& s) { Noticed(s).clear_kind(); },
       "transfer_notice.kind is not stated"},
      {"notice_without_key", [](Statement& s) { Noticed(s).clear_to_key(); },
       "transfer_notice.to_key is not stated"},
      {"notice_to_no_point",
       [](Statement& s) { Noticed(s).set_to_key("\x01" + std::string(32, '\0')); },
       "transfer_notice.to_key: "},
      {"notice_on_grounds_of_501", [](Statement& s) { Noticed(s).set_grounds(Text(501)); },
       "transfer_notice.grounds has 501 bytes"},
      {"notice_with_commitments_17",
       [](Statement& s) {
         AddCommitments(*Noticed(s).mutable_commitments(), v1::Commitment::COURT_DOCUMENT, 17);
       },
       "transfer_notice.commitments has 17 elements"},
      {"objection_for_a_reason_of_501",
       [](Statement& s) { s.mutable_notice_objected()->set_reason(Text(501)); },
       "notice_objected.reason has 501 bytes"},
      {"withdrawal_of_a_notice_for_a_reason_of_501",
       [](Statement& s) { s.mutable_notice_withdrawn()->set_reason(Text(501)); },
       "notice_withdrawn.reason has 501 bytes"},
      {"move_on_no_day", [](Statement& s) { s.mutable_ownership_moved(); },
       "ownership_moved.effective_on is not stated"},
      {"pledge", [](Statement& s) { PledgedTo(s).set_due_on(kToday); }, ""},
      {"pledge_without_key", [](Statement& s) { PledgedTo(s).clear_pledgee_key(); },
       "pledged.pledgee_key is not stated"},
      {"pledge_on_no_day", [](Statement& s) { PledgedTo(s).clear_pledged_on(); },
       "pledged.pledged_on is not stated"},
      {"pledge_due_on_no_day", [](Statement& s) { PledgedTo(s).set_due_on("soon"); },
       "pledged.due_on is \"soon\""},
      {"pledge_with_commitments_17",
       [](Statement& s) {
         AddCommitments(*PledgedTo(s).mutable_commitments(), v1::Commitment::DOCUMENT, 17);
       },
       "pledged.commitments has 17 elements"},
      {"release_on_no_day", [](Statement& s) { s.mutable_pledge_released(); },
       "pledge_released.released_on is not stated"},
  };
}

std::vector<FieldCase> IncidentCases() {
  return {
      {"incident",
       [](Statement& s) {
         Reported(s).set_country("FR");
         Reported(s).set_reference(Text(60));
         Reported(s).set_note(Text(500));
       },
       ""},
      {"incident_without_kind", [](Statement& s) { Reported(s).clear_kind(); },
       "incident_reported.kind is not stated"},
      {"incident_on_no_day", [](Statement& s) { Reported(s).clear_occurred_on(); },
       "incident_reported.occurred_on is not stated"},
      {"incident_in_no_country", [](Statement& s) { Reported(s).set_country("France"); },
       "incident_reported.country is \"France\""},
      {"incident_with_a_reference_of_61", [](Statement& s) { Reported(s).set_reference(Text(61)); },
       "incident_reported.reference has 61 bytes"},
      {"incident_noted_in_501", [](Statement& s) { Reported(s).set_note(Text(501)); },
       "incident_reported.note has 501 bytes"},
      {"incident_with_commitments_17",
       [](Statement& s) {
         AddCommitments(*Reported(s).mutable_commitments(), v1::Commitment::POLICE_REPORT, 17);
       },
       "incident_reported.commitments has 17 elements"},
      {"outcome", [](Statement& s) { Resolved(s).set_note(Text(500)); }, ""},
      {"outcome_of_nothing", [](Statement& s) { Resolved(s).clear_incident(); },
       "incident_resolved.incident is not stated"},
      {"outcome_of_a_digest_of_33", [](Statement& s) { Resolved(s).set_incident(Text(33)); },
       "incident_resolved.incident has 33 bytes"},
      {"no_outcome", [](Statement& s) { Resolved(s).clear_outcome(); },
       "incident_resolved.outcome is not stated"},
      {"outcome_on_no_day", [](Statement& s) { Resolved(s).clear_resolved_on(); },
       "incident_resolved.resolved_on is not stated"},
  };
}

INSTANTIATE_TEST_SUITE_P(Stewards, LifeFields, testing::ValuesIn(StewardsCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Records, LifeFields, testing::ValuesIn(RecordCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Corrections, LifeFields, testing::ValuesIn(CorrectionCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Ownership, LifeFields, testing::ValuesIn(OwnershipCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Incidents, LifeFields, testing::ValuesIn(IncidentCases()), CaseName);

}  // namespace
}  // namespace touchstone
