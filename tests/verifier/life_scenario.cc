#include "tests/verifier/life_scenario.h"

#include <algorithm>
#include <utility>

namespace touchstone {
namespace {

constexpr char kToday[] = "2027-02-28";

std::string Bytes(const Digest& digest) { return std::string(DigestBytes(digest)); }

}  // namespace

Said CareWith(TestLog& log, KeyNames signers, const std::string& entitlement,
              const std::string& performed_on) {
  Said said = Care(log, 1, std::move(signers));
  said.statement.mutable_care_record()->set_entitlement_used(entitlement);
  said.statement.mutable_care_record()->set_performed_on(performed_on);
  return said;
}

Said ReportSuperseding(TestLog& log, KeyNames signers, const std::string& number,
                       const std::string& supersedes) {
  Said said = Report(log, 1, std::move(signers), "GIA", number);
  said.statement.mutable_laboratory_report()->set_supersedes(supersedes);
  return said;
}

Said AssayReport(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.PassportStatement(1);
  statement.mutable_assay_report()->mutable_assay()->set_result_ppt(750);
  return {statement, std::move(signers)};
}

Said Modification(TestLog& log, KeyNames signers, const std::function<void(v1::Piece&)>& edit) {
  v1::Statement statement = log.PassportStatement(1);
  v1::Modification& modification = *statement.mutable_modification();
  modification.set_kind(v1::Modification::RESIZED);
  modification.set_performed_on(kToday);
  *modification.mutable_piece() = SamplePiece(1);
  modification.mutable_piece()->mutable_ring_size()->set_inner_circumference_um(54000);
  if (edit) edit(*modification.mutable_piece());
  return {statement, std::move(signers)};
}

Said Appraisal(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.PassportStatement(1);
  v1::Appraisal& appraisal = *statement.mutable_appraisal();
  appraisal.set_purpose(v1::Appraisal::ESTATE);
  appraisal.set_effective_on(kToday);
  v1::Commitment& value = *appraisal.add_commitments();
  value.set_kind(v1::Commitment::APPRAISED_VALUE);
  value.set_sha256(std::string(32, 'v'));
  return {statement, std::move(signers)};
}

Said Received(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.PassportStatement(1);
  statement.mutable_custody()->set_kind(v1::Custody::RECEIVED);
  statement.mutable_custody()->set_on(kToday);
  return {statement, std::move(signers)};
}

Said Returned(TestLog& log, KeyNames signers) {
  Said said = Received(log, std::move(signers));
  said.statement.mutable_custody()->set_kind(v1::Custody::RETURNED);
  return said;
}

Said Correction(TestLog& log, KeyNames signers, const Digest& corrects,
                const std::function<void(v1::Correction&)>& edit) {
  v1::Statement statement = log.PassportStatement(1);
  statement.mutable_correction()->set_corrects(Bytes(corrects));
  statement.mutable_correction()->set_reason("mistyped");
  if (edit) edit(*statement.mutable_correction());
  return {statement, std::move(signers)};
}

Said Grant(TestLog& log, KeyNames signers, const std::string& id, uint32_t uses,
           const std::string& valid_until) {
  v1::Statement statement = log.PassportStatement(1);
  v1::ServiceEntitlement& entitlement =
      *statement.mutable_entitlement_granted()->mutable_entitlement();
  entitlement.set_id(id);
  entitlement.set_title("Cleaning");
  entitlement.set_uses(uses);
  entitlement.set_valid_until(valid_until);
  return {statement, std::move(signers)};
}

Said Documents(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.PassportStatement(1);
  v1::Commitment& document = *statement.mutable_documents_added()->add_commitments();
  document.set_kind(v1::Commitment::RECEIPT);
  document.set_sha256(std::string(32, 'd'));
  return {statement, std::move(signers)};
}

Said DataErasure(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.PassportStatement(1);
  statement.mutable_data_erased()->set_erased_on(kToday);
  statement.mutable_data_erased()->set_ground(v1::DataErased::REQUESTED);
  return {statement, std::move(signers)};
}

Said TransferAs(TestLog& log, v1::Transfer::Kind kind, KeyNames signers, const std::string& to_key,
                uint64_t offer_expires_at_ms) {
  Said said = Transfer(log, 1, std::move(signers), to_key);
  said.statement.mutable_transfer()->set_kind(kind);
  said.statement.mutable_transfer()->set_offer_expires_at_ms(offer_expires_at_ms);
  return said;
}

Said OfferWithdrawal(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.OwnershipStatement(1);
  statement.mutable_offer_withdrawn();
  return {statement, std::move(signers)};
}

Said Notice(TestLog& log, v1::TransferNotice::Kind kind, KeyNames signers,
            const std::string& to_key) {
  v1::Statement statement = log.OwnershipStatement(1);
  statement.mutable_transfer_notice()->set_kind(kind);
  statement.mutable_transfer_notice()->set_to_key(NamedKeyBytes(to_key));
  return {statement, std::move(signers)};
}

Said Objection(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.OwnershipStatement(1);
  statement.mutable_notice_objected();
  return {statement, std::move(signers)};
}

Said NoticeWithdrawal(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.OwnershipStatement(1);
  statement.mutable_notice_withdrawn();
  return {statement, std::move(signers)};
}

Said Move(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.OwnershipStatement(1);
  statement.mutable_ownership_moved()->set_effective_on(kToday);
  return {statement, std::move(signers)};
}

Said PledgeTo(TestLog& log, KeyNames signers, const std::string& pledgee_key) {
  v1::Statement statement = log.OwnershipStatement(1);
  statement.mutable_pledged()->set_pledgee_key(NamedKeyBytes(pledgee_key));
  statement.mutable_pledged()->set_pledged_on(kToday);
  return {statement, std::move(signers)};
}

Said PledgeRelease(TestLog& log, KeyNames signers) {
  v1::Statement statement = log.OwnershipStatement(1);
  statement.mutable_pledge_released()->set_released_on(kToday);
  return {statement, std::move(signers)};
}

Said Incident(TestLog& log, v1::IncidentReported::Kind kind, KeyNames signers) {
  v1::Statement statement = log.PassportStatement(1);
  statement.mutable_incident_reported()->set_kind(kind);
  statement.mutable_incident_reported()->set_occurred_on(kToday);
  return {statement, std::move(signers)};
}

Said IncidentOutcome(TestLog& log, const Digest& incident, v1::IncidentResolved::Outcome outcome,
                     KeyNames signers) {
  v1::Statement statement = log.PassportStatement(1);
  statement.mutable_incident_resolved()->set_incident(Bytes(incident));
  statement.mutable_incident_resolved()->set_outcome(outcome);
  statement.mutable_incident_resolved()->set_resolved_on(kToday);
  return {statement, std::move(signers)};
}

Said StewardsChange(TestLog& log, KeyNames stewards, uint32_t threshold, KeyNames signers) {
  v1::Statement statement = log.StewardsStatement();
  std::vector<std::string> keys;
  for (const std::string& steward : stewards) keys.push_back(NamedKeyBytes(steward));
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) statement.mutable_stewards_changed()->add_steward_keys(key);
  statement.mutable_stewards_changed()->set_threshold(threshold);
  return {statement, std::move(signers)};
}

Said CardKeyEnrolment(TestLog& log, const std::string& key, KeyNames signers) {
  v1::Statement statement = log.StewardsStatement();
  statement.mutable_card_key_enrolled()->set_key(NamedKeyBytes(key));
  return {statement, std::move(signers)};
}

Said CardKeyRevocation(TestLog& log, const std::string& key, KeyNames signers) {
  v1::Statement statement = log.StewardsStatement();
  statement.mutable_card_key_revoked()->set_key_id(Bytes(NamedKeyId(key)));
  return {statement, std::move(signers)};
}

void Steal(TestLog& log) { Append(log, Incident(log, v1::IncidentReported::STOLEN, {"insurer"})); }

void DisputeOwnership(TestLog& log) {
  Append(log, Incident(log, v1::IncidentReported::OWNERSHIP_DISPUTED, {"insurer"}));
}

void GiveNotice(TestLog& log) {
  Append(log, Notice(log, v1::TransferNotice::INHERITANCE, {"maison"}));
}

void PledgePiece(TestLog& log) { Append(log, PledgeTo(log, {"owner 1", "pledgee"})); }

void DestroyPiece(TestLog& log) { log.EndLife(1, {"maison", "owner 1"}, v1::EndOfLife::DESTROYED); }

void WaitForNotice(TestLog& log) { log.AdvanceTo(log.now_ms() + kThirtyDaysMs); }

}  // namespace touchstone
