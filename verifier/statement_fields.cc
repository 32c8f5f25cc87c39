#include "verifier/statement_fields.h"

#include "absl/strings/string_view.h"
#include "verifier/event_fields.h"
#include "verifier/field_checker.h"

namespace touchstone {
namespace {

template <typename Event>
absl::Status Check(absl::string_view name, const Event& event, EventParts& parts) {
  FieldChecker checker;
  {
    FieldChecker::In in(checker, name);
    CheckEvent(event, checker, parts);
  }
  return checker.status();
}

}  // namespace

absl::Status CheckEventFields(const v1::Statement& statement, EventParts& parts) {
  switch (statement.event_case()) {
    case v1::Statement::kGenesis:
      return Check("genesis", statement.genesis(), parts);
    case v1::Statement::kCardKeyEnrolled:
      return Check("card_key_enrolled", statement.card_key_enrolled(), parts);
    case v1::Statement::kLogClosed:
      return Check("log_closed", statement.log_closed(), parts);
    case v1::Statement::kStewardsChanged:
      return Check("stewards_changed", statement.stewards_changed(), parts);
    case v1::Statement::kCardKeyRevoked:
      return Check("card_key_revoked", statement.card_key_revoked(), parts);
    case v1::Statement::kParticipantEnrolled:
      return Check("participant_enrolled", statement.participant_enrolled(), parts);
    case v1::Statement::kParticipantChanged:
      return Check("participant_changed", statement.participant_changed(), parts);
    case v1::Statement::kKeyAdded:
      return Check("key_added", statement.key_added(), parts);
    case v1::Statement::kKeyRevoked:
      return Check("key_revoked", statement.key_revoked(), parts);
    case v1::Statement::kRegistration:
      return Check("registration", statement.registration(), parts);
    case v1::Statement::kLaboratoryReport:
      return Check("laboratory_report", statement.laboratory_report(), parts);
    case v1::Statement::kCareRecord:
      return Check("care_record", statement.care_record(), parts);
    case v1::Statement::kAssayReport:
      return Check("assay_report", statement.assay_report(), parts);
    case v1::Statement::kModification:
      return Check("modification", statement.modification(), parts);
    case v1::Statement::kAppraisal:
      return Check("appraisal", statement.appraisal(), parts);
    case v1::Statement::kCustody:
      return Check("custody", statement.custody(), parts);
    case v1::Statement::kCorrection:
      return Check("correction", statement.correction(), parts);
    case v1::Statement::kEntitlementGranted:
      return Check("entitlement_granted", statement.entitlement_granted(), parts);
    case v1::Statement::kDocumentsAdded:
      return Check("documents_added", statement.documents_added(), parts);
    case v1::Statement::kDataErased:
      return Check("data_erased", statement.data_erased(), parts);
    case v1::Statement::kFirstSale:
      return Check("first_sale", statement.first_sale(), parts);
    case v1::Statement::kClaim:
      return Check("claim", statement.claim(), parts);
    case v1::Statement::kTransfer:
      return Check("transfer", statement.transfer(), parts);
    case v1::Statement::kOfferWithdrawn:
      return Check("offer_withdrawn", statement.offer_withdrawn(), parts);
    case v1::Statement::kTransferNotice:
      return Check("transfer_notice", statement.transfer_notice(), parts);
    case v1::Statement::kNoticeObjected:
      return Check("notice_objected", statement.notice_objected(), parts);
    case v1::Statement::kNoticeWithdrawn:
      return Check("notice_withdrawn", statement.notice_withdrawn(), parts);
    case v1::Statement::kOwnershipMoved:
      return Check("ownership_moved", statement.ownership_moved(), parts);
    case v1::Statement::kPledged:
      return Check("pledged", statement.pledged(), parts);
    case v1::Statement::kPledgeReleased:
      return Check("pledge_released", statement.pledge_released(), parts);
    case v1::Statement::kClaimResolved:
      return Check("claim_resolved", statement.claim_resolved(), parts);
    case v1::Statement::kIncidentReported:
      return Check("incident_reported", statement.incident_reported(), parts);
    case v1::Statement::kIncidentResolved:
      return Check("incident_resolved", statement.incident_resolved(), parts);
    case v1::Statement::kEndOfLife:
      return Check("end_of_life", statement.end_of_life(), parts);
    case v1::Statement::kStoneRemoved:
      return Check("stone_removed", statement.stone_removed(), parts);
    case v1::Statement::EVENT_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

}  // namespace touchstone
