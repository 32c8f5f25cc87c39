#include "verifier/vouching_role.h"

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "verifier/claim.h"
#include "verifier/gtin.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

absl::Status WrongRole(const Standing& standing, const ParsedStatement& statement,
                       absl::string_view needed) {
  const std::string roles =
      absl::StrJoin(standing.details->roles.List(), ", ",
                    [](std::string* out, Role role) { absl::StrAppend(out, RoleName(role)); });
  return Refuse(RefusalCode::kWrongRole,
                absl::StrCat("participant \"", standing.participant->id(), "\" is ", roles, "; ",
                             EventName(statement.event()), " needs ", needed));
}

// The first of `roles` that the signer has.
absl::StatusOr<Role> RoleFor(const Standing& standing, const ParsedStatement& statement,
                             std::initializer_list<Role> roles, absl::string_view needed) {
  for (const Role role : roles) {
    if (standing.details->roles.Has(role)) return role;
  }
  return WrongRole(standing, statement, needed);
}

absl::Status CheckGtin(const ParsedStatement& statement, const Standing& standing) {
  const std::string& gtin14 = statement.message().registration().piece().gtin14();
  if (gtin14.empty()) return absl::OkStatus();
  const absl::StatusOr<Gtin> gtin = Gtin::Parse14(gtin14);
  if (!gtin.ok()) return gtin.status();
  if (standing.details->MayRegister(*gtin)) return absl::OkStatus();
  return Refuse(RefusalCode::kForeignGtin,
                absl::StrCat("GTIN ", gtin14, " is under none of the GS1 company prefixes of \"",
                             standing.participant->id(), "\""));
}

bool IsIssuerOfRecord(const Standing& standing, const PassportState& before) {
  return standing.participant->id() == before.issuer_of_record() &&
         standing.details->roles.Has(Role::kIssuer);
}

absl::StatusOr<Role> RoleForIssuerOfRecord(const Standing& standing,
                                           const ParsedStatement& statement,
                                           const PassportState& before) {
  if (IsIssuerOfRecord(standing, before)) return Role::kIssuer;
  if (!standing.details->roles.Has(Role::kIssuer)) {
    return WrongRole(standing, statement, "an ISSUER, the issuer of record");
  }
  return Refuse(RefusalCode::kWrongRole, absl::StrCat("participant \"", standing.participant->id(),
                                                      "\" signed; the issuer of record is \"",
                                                      before.issuer_of_record(), "\""));
}

// The issuer of record, or the first of `roles` that the signer has.
absl::StatusOr<Role> RoleForIssuerOfRecordOr(const Standing& standing,
                                             const ParsedStatement& statement,
                                             const PassportState& before,
                                             std::initializer_list<Role> roles,
                                             absl::string_view needed) {
  if (IsIssuerOfRecord(standing, before)) return Role::kIssuer;
  return RoleFor(standing, statement, roles, needed);
}

// A laboratory reports on any piece; an issuer, whose report claims a number for the piece as well,
// on its own, or where the holder signs too.
absl::StatusOr<Role> RoleForReport(const Standing& standing, const ParsedStatement& statement,
                                   const PassportState& before, bool beside_holder) {
  const absl::StatusOr<std::string> laboratory =
      NormaliseLaboratory(statement.message().laboratory_report().laboratory());
  if (!laboratory.ok()) return laboratory.status();
  const ParticipantDetails& details = *standing.details;
  if (!beside_holder && details.roles.Has(Role::kLaboratory) &&
      details.IssuesReportsAs(*laboratory)) {
    return Role::kLaboratory;
  }
  if (beside_holder ? details.roles.Has(Role::kIssuer) : IsIssuerOfRecord(standing, before)) {
    return Role::kIssuer;
  }
  return WrongRole(standing, statement,
                   absl::StrCat("a LABORATORY that reports as \"", *laboratory,
                                "\", the issuer of record, or an ISSUER together with the holder"));
}

// Whoever may say that of every piece where the holder signs too, the issuer of record alone.
absl::StatusOr<Role> RoleForWorkshop(const Standing& standing, const ParsedStatement& statement,
                                     const PassportState& before, bool beside_holder) {
  if (!beside_holder) return RoleForIssuerOfRecord(standing, statement, before);
  return RoleFor(standing, statement, {Role::kWorkshop, Role::kIssuer}, "a WORKSHOP or ISSUER");
}

// Any role: the participant says it as whatever it is.
Role FirstRoleOf(const Standing& standing) { return standing.details->roles.List().front(); }

absl::StatusOr<Role> RoleForCustody(const Standing& standing, const ParsedStatement& statement,
                                    const PassportState& before) {
  if (statement.message().custody().kind() == v1::Custody::RETURNED && before.life().custody()) {
    if (IsIssuerOfRecord(standing, before)) return Role::kIssuer;
    if (before.life().custody()->participant != standing.participant->id()) {
      return WrongRole(standing, statement,
                       absl::StrCat("\"", before.life().custody()->participant,
                                    "\", who received the piece, or the issuer of record"));
    }
    return FirstRoleOf(standing);
  }
  return RoleFor(standing, statement,
                 {Role::kWorkshop, Role::kIssuer, Role::kLaboratory, Role::kAppraiser},
                 "a WORKSHOP, ISSUER, LABORATORY or APPRAISER");
}

// Who said it. A workshop changes the specification only together with the holder, so it corrects
// what it said of that no otherwise.
absl::StatusOr<Role> RoleForCorrection(const Standing& standing, const ParsedStatement& statement,
                                       const PassportState& before, bool beside_holder) {
  const OwnEntry* const entry =
      before.life().FindEntry(statement.message().correction().corrects());
  if (entry != nullptr && entry->said_by == standing.participant->id()) {
    const bool changes = entry->event == EventKind::kModification;
    if (!changes || beside_holder || IsIssuerOfRecord(standing, before)) {
      return FirstRoleOf(standing);
    }
    return WrongRole(standing, statement, "the holder's signature too, as the modification did");
  }
  const std::string who = entry == nullptr ? "" : entry->said_by;
  return WrongRole(standing, statement,
                   who.empty() ? std::string("whoever said what is corrected")
                               : absl::StrCat("\"", who, "\", who said what is corrected"));
}

// Who may give a notice of that kind, as things are now.
absl::StatusOr<Role> RoleForNotice(const Standing& standing, const ParsedStatement& statement,
                                   const PassportState& before, v1::TransferNotice::Kind kind) {
  if (before.life().has_objected()) {
    return RoleFor(standing, statement, {Role::kAuthority},
                   "an AUTHORITY, since the present holder has objected before");
  }
  switch (kind) {
    case v1::TransferNotice::SUBROGATION:
      return RoleFor(standing, statement, {Role::kInsurer, Role::kAuthority},
                     "an INSURER or AUTHORITY");
    case v1::TransferNotice::COURT_ORDER:
      return RoleFor(standing, statement, {Role::kAuthority}, "an AUTHORITY");
    default:
      return RoleForIssuerOfRecordOr(standing, statement, before, {Role::kAuthority},
                                     "the issuer of record or an AUTHORITY");
  }
}

// Who gave the notice withdraws it, or carries it out. Where whoever gave it is no more, an
// authority withdraws it, or it would lie on the piece for ever.
absl::StatusOr<Role> RoleForPendingNotice(const Standing& standing,
                                          const ParsedStatement& statement,
                                          const PassportState& before) {
  const PendingNotice& notice = *before.life().notice();
  const bool withdraws = statement.event() == EventKind::kNoticeWithdrawn;
  if (withdraws && standing.details->roles.Has(Role::kAuthority)) return Role::kAuthority;
  if (notice.given_by != standing.participant->id()) {
    return WrongRole(standing, statement,
                     absl::StrCat("\"", notice.given_by, "\", who gave the notice"));
  }
  return RoleForNotice(standing, statement, before, notice.kind);
}

absl::StatusOr<Role> RoleForIncident(const Standing& standing, const ParsedStatement& statement,
                                     const PassportState& before) {
  switch (statement.message().incident_reported().kind()) {
    case v1::IncidentReported::COUNTERFEIT_SUSPECTED:
    case v1::IncidentReported::INSCRIPTION_MISMATCH:
      return RoleFor(standing, statement,
                     {Role::kLaboratory, Role::kWorkshop, Role::kIssuer, Role::kAuthority},
                     "a LABORATORY, WORKSHOP, ISSUER or AUTHORITY");
    case v1::IncidentReported::DAMAGED:
      return RoleFor(
          standing, statement,
          {Role::kWorkshop, Role::kIssuer, Role::kLaboratory, Role::kAppraiser, Role::kInsurer},
          "the holder, or a WORKSHOP, ISSUER, LABORATORY, APPRAISER or INSURER");
    case v1::IncidentReported::TOTAL_LOSS:
      return RoleFor(standing, statement, {Role::kInsurer}, "an INSURER");
    case v1::IncidentReported::OWNERSHIP_DISPUTED:
      return RoleForIssuerOfRecordOr(standing, statement, before,
                                     {Role::kInsurer, Role::kAuthority},
                                     "the issuer of record, an INSURER or an AUTHORITY");
    default:
      return RoleForIssuerOfRecordOr(
          standing, statement, before, {Role::kInsurer, Role::kAuthority},
          "the holder, the issuer of record, an INSURER or an AUTHORITY");
  }
}

absl::StatusOr<Role> RoleForRecovery(const Standing& standing, const ParsedStatement& statement,
                                     const PassportState& before, bool beside_holder) {
  if (beside_holder) return RoleForIssuerOfRecord(standing, statement, before);
  // With the store there is nobody beside the issuer of record.
  if (before.phase() == OwnershipPhase::kWithStore && IsIssuerOfRecord(standing, before)) {
    return Role::kIssuer;
  }
  return RoleFor(standing, statement, {Role::kInsurer, Role::kAuthority},
                 "an INSURER or AUTHORITY, or the issuer of record together with the holder");
}

absl::StatusOr<Role> RoleForEndOfIncident(const Standing& standing,
                                          const ParsedStatement& statement,
                                          const PassportState& before, bool beside_holder) {
  const OpenIncident& incident =
      *before.life().FindIncident(statement.message().incident_resolved().incident());
  if (incident.kind == v1::IncidentReported::LOST ||
      incident.kind == v1::IncidentReported::STOLEN) {
    return RoleForRecovery(standing, statement, before, beside_holder);
  }
  const bool is_reporter = incident.reported_by == standing.participant->id();
  // Who suspected something may have been wrong, but does not confirm it himself.
  const bool confirms =
      statement.message().incident_resolved().outcome() == v1::IncidentResolved::CONFIRMED;
  if (is_reporter && !confirms && !incident.confirmed) return FirstRoleOf(standing);
  switch (incident.kind) {
    case v1::IncidentReported::DAMAGED:
      return RoleFor(standing, statement, {Role::kWorkshop, Role::kIssuer},
                     "a WORKSHOP or ISSUER, or whoever reported it");
    case v1::IncidentReported::TOTAL_LOSS:
      return RoleFor(standing, statement, {Role::kInsurer}, "an INSURER");
    case v1::IncidentReported::OWNERSHIP_DISPUTED:
      return RoleFor(standing, statement, {Role::kAuthority},
                     "an AUTHORITY, or whoever reported it");
    default:
      return RoleFor(standing, statement, {Role::kLaboratory, Role::kAuthority},
                     "a LABORATORY or AUTHORITY");
  }
}

absl::StatusOr<Role> RoleForResolution(const Standing& standing, const ParsedStatement& statement) {
  const ClaimSubject& claim = *statement.resolves();
  const ParticipantDetails& details = *standing.details;
  if (details.roles.Has(Role::kLaboratory)) {
    for (const std::string& name : details.normalised_laboratory_names) {
      if (ConcernsLaboratory(claim, name)) return Role::kLaboratory;
    }
  }
  if (details.roles.Has(Role::kAuthority)) return Role::kAuthority;
  return WrongRole(
      standing, statement,
      absl::StrCat("the LABORATORY whose ", DescribeClaim(claim), " is, or an AUTHORITY"));
}

absl::StatusOr<Role> RoleForRegistration(const Standing& standing,
                                         const ParsedStatement& statement) {
  absl::StatusOr<Role> role = RoleFor(standing, statement, {Role::kIssuer}, "an ISSUER");
  if (!role.ok()) return role;
  if (absl::Status status = CheckGtin(statement, standing); !status.ok()) return status;
  return role;
}

}  // namespace

absl::StatusOr<Standing> StandingOf(const Digest& key_id, ParticipantByKey participant_by_key,
                                    uint64_t position) {
  const ParticipantState* participant = participant_by_key(key_id);
  const KeyStanding standing =
      participant == nullptr ? KeyStanding::kUnknown : participant->StandingAt(key_id, position);
  switch (standing) {
    case KeyStanding::kUnknown:
      return Refuse(RefusalCode::kUnknownSigner,
                    absl::StrCat("key ", DigestToHex(key_id), " is no known participant's"));
    case KeyStanding::kNotYet:
      return Refuse(
          RefusalCode::kKeyNotYetEnrolled,
          absl::StrCat("key ", DigestToHex(key_id), " of participant \"", participant->id(),
                       "\" was enrolled only after position ", position));
    case KeyStanding::kRevoked:
      return Refuse(RefusalCode::kKeyRevoked,
                    absl::StrCat("key ", DigestToHex(key_id), " of participant \"",
                                 participant->id(), "\" was revoked before position ", position,
                                 "; sign with another of its keys"));
    case KeyStanding::kValid:
    case KeyStanding::kDoubted:
      break;
  }
  // A key that counts was added after the enrolment, so there are details.
  return Standing{participant, participant->DetailsAt(position), standing == KeyStanding::kDoubted};
}

absl::StatusOr<Role> VouchingRole(const ParsedStatement& statement, const PassportState* before,
                                  const Standing& standing, bool beside_holder) {
  if (before == nullptr) return RoleForRegistration(standing, statement);
  switch (statement.event()) {
    case EventKind::kLaboratoryReport:
      return RoleForReport(standing, statement, *before, beside_holder);
    case EventKind::kCareRecord:
      if (!statement.message().care_record().entitlement_used().empty()) {
        return RoleForWorkshop(standing, statement, *before, beside_holder);
      }
      return RoleFor(standing, statement, {Role::kWorkshop, Role::kIssuer}, "a WORKSHOP or ISSUER");
    case EventKind::kAssayReport:
      return RoleFor(standing, statement, {Role::kLaboratory, Role::kIssuer},
                     "a LABORATORY or ISSUER");
    case EventKind::kModification:
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      return RoleForWorkshop(standing, statement, *before, beside_holder);
    case EventKind::kAppraisal:
      return RoleFor(standing, statement, {Role::kAppraiser}, "an APPRAISER");
    case EventKind::kCustody:
      return RoleForCustody(standing, statement, *before);
    case EventKind::kCorrection:
      return RoleForCorrection(standing, statement, *before, beside_holder);
    case EventKind::kDocumentsAdded:
      return FirstRoleOf(standing);
    case EventKind::kTransferNotice:
      return RoleForNotice(standing, statement, *before,
                           statement.message().transfer_notice().kind());
    case EventKind::kNoticeWithdrawn:
    case EventKind::kOwnershipMoved:
      return RoleForPendingNotice(standing, statement, *before);
    case EventKind::kPledgeReleased:
      return RoleFor(standing, statement, {Role::kAuthority},
                     "the holder and the pledgee, or an AUTHORITY");
    case EventKind::kClaimResolved:
      return RoleForResolution(standing, statement);
    case EventKind::kIncidentReported:
      return RoleForIncident(standing, statement, *before);
    case EventKind::kIncidentResolved:
      return RoleForEndOfIncident(standing, statement, *before, beside_holder);
    default:  // registration's issuer: entitlement_granted, data_erased, first_sale
      return RoleForIssuerOfRecord(standing, statement, *before);
  }
}

}  // namespace touchstone
