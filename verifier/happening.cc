#include "verifier/happening.h"

#include <algorithm>

namespace touchstone {
namespace {

constexpr HappeningKind kKinds[] = {
    HappeningKind::kRegistered,     HappeningKind::kRecord,
    HappeningKind::kReport,         HappeningKind::kReportSuperseded,
    HappeningKind::kCorrected,      HappeningKind::kTransferred,
    HappeningKind::kNotice,         HappeningKind::kPledge,
    HappeningKind::kStolen,         HappeningKind::kLost,
    HappeningKind::kIncident,       HappeningKind::kIncidentResolved,
    HappeningKind::kEndOfLife,      HappeningKind::kClaimMade,
    HappeningKind::kClaimContested, HappeningKind::kClaimResolved,
    HappeningKind::kClaimReleased,  HappeningKind::kKeyRevoked,
};

HappeningKind OfIncident(v1::IncidentReported::Kind kind) {
  if (kind == v1::IncidentReported::STOLEN) return HappeningKind::kStolen;
  if (kind == v1::IncidentReported::LOST) return HappeningKind::kLost;
  return HappeningKind::kIncident;
}

std::optional<HappeningKind> OfEvent(const ParsedStatement& statement) {
  switch (statement.event()) {
    case EventKind::kRegistration:
      return HappeningKind::kRegistered;
    case EventKind::kLaboratoryReport:
      return statement.supersedes() ? HappeningKind::kReportSuperseded : HappeningKind::kReport;
    case EventKind::kCareRecord:
    case EventKind::kAssayReport:
    case EventKind::kModification:
    case EventKind::kAppraisal:
    case EventKind::kCustody:
    case EventKind::kEntitlementGranted:
    case EventKind::kDocumentsAdded:
    case EventKind::kDataErased:
      return HappeningKind::kRecord;
    case EventKind::kCorrection:
      return HappeningKind::kCorrected;
    case EventKind::kFirstSale:
    case EventKind::kClaim:
    case EventKind::kTransfer:
    case EventKind::kOwnershipMoved:
      return HappeningKind::kTransferred;
    case EventKind::kOfferWithdrawn:
    case EventKind::kTransferNotice:
    case EventKind::kNoticeObjected:
    case EventKind::kNoticeWithdrawn:
      return HappeningKind::kNotice;
    case EventKind::kPledged:
    case EventKind::kPledgeReleased:
      return HappeningKind::kPledge;
    case EventKind::kClaimResolved:
      return HappeningKind::kClaimResolved;
    case EventKind::kIncidentReported:
      return OfIncident(statement.message().incident_reported().kind());
    case EventKind::kIncidentResolved:
      return HappeningKind::kIncidentResolved;
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      return HappeningKind::kEndOfLife;
    case EventKind::kGenesis:
    case EventKind::kCardKeyEnrolled:
    case EventKind::kLogClosed:
    case EventKind::kStewardsChanged:
    case EventKind::kCardKeyRevoked:
    case EventKind::kParticipantEnrolled:
    case EventKind::kParticipantChanged:
    case EventKind::kKeyAdded:
    case EventKind::kKeyRevoked:
      break;
  }
  return std::nullopt;
}

}  // namespace

absl::Span<const HappeningKind> AllHappeningKinds() { return kKinds; }

absl::string_view HappeningKindName(HappeningKind kind) {
  switch (kind) {
    case HappeningKind::kRegistered:
      return "registered";
    case HappeningKind::kRecord:
      return "record";
    case HappeningKind::kReport:
      return "report";
    case HappeningKind::kReportSuperseded:
      return "report-superseded";
    case HappeningKind::kCorrected:
      return "corrected";
    case HappeningKind::kTransferred:
      return "transferred";
    case HappeningKind::kNotice:
      return "notice";
    case HappeningKind::kPledge:
      return "pledge";
    case HappeningKind::kStolen:
      return "stolen";
    case HappeningKind::kLost:
      return "lost";
    case HappeningKind::kIncident:
      return "incident";
    case HappeningKind::kIncidentResolved:
      return "incident-resolved";
    case HappeningKind::kEndOfLife:
      return "end-of-life";
    case HappeningKind::kClaimMade:
      return "claim-made";
    case HappeningKind::kClaimContested:
      return "claim-contested";
    case HappeningKind::kClaimResolved:
      return "claim-resolved";
    case HappeningKind::kClaimReleased:
      return "claim-released";
    case HappeningKind::kKeyRevoked:
      return "key-revoked";
  }
  return "";
}

std::optional<HappeningKind> HappeningKindOf(uint32_t number) {
  for (const HappeningKind kind : kKinds) {
    if (static_cast<uint32_t>(kind) == number) return kind;
  }
  return std::nullopt;
}

std::vector<HappeningKind> HappeningsOf(const ParsedStatement& statement) {
  const std::optional<HappeningKind> kind = OfEvent(statement);
  if (!kind) return {};
  std::vector<HappeningKind> kinds = {*kind};
  if (!statement.contests().empty()) kinds.push_back(HappeningKind::kClaimContested);
  if (!statement.releases().empty()) kinds.push_back(HappeningKind::kClaimReleased);
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

std::optional<HappeningKind> HappeningOf(IndexEvent event) {
  switch (event) {
    case IndexEvent::kClaim:
      return HappeningKind::kClaimMade;
    case IndexEvent::kContest:
      return HappeningKind::kClaimContested;
    case IndexEvent::kRelease:
      return HappeningKind::kClaimReleased;
    case IndexEvent::kResolve:
      return HappeningKind::kClaimResolved;
    case IndexEvent::kEntry:
      break;
  }
  return std::nullopt;
}

}  // namespace touchstone
