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

absl::StatusOr<Role> RoleForReport(const Standing& standing, const ParsedStatement& statement) {
  const absl::StatusOr<std::string> laboratory =
      NormaliseLaboratory(statement.message().laboratory_report().laboratory());
  if (!laboratory.ok()) return laboratory.status();
  const ParticipantDetails& details = *standing.details;
  if (details.roles.Has(Role::kLaboratory) && details.IssuesReportsAs(*laboratory)) {
    return Role::kLaboratory;
  }
  if (details.roles.Has(Role::kIssuer)) return Role::kIssuer;
  return WrongRole(
      standing, statement,
      absl::StrCat("a LABORATORY that reports as \"", *laboratory, "\", or an ISSUER"));
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

absl::Status CheckIssuerOfRecord(const Standing& standing, const PassportState& before) {
  if (standing.participant->id() == before.issuer_of_record()) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongRole, absl::StrCat("participant \"", standing.participant->id(),
                                                      "\" signed; the issuer of record is \"",
                                                      before.issuer_of_record(), "\""));
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

// With the store nobody else speaks for the piece; later its holder signs too.
absl::StatusOr<Role> RoleForRemoval(const Standing& standing, const ParsedStatement& statement,
                                    const PassportState& before) {
  if (before.acting_key()) {
    return RoleFor(standing, statement, {Role::kWorkshop, Role::kIssuer}, "a WORKSHOP or ISSUER");
  }
  absl::StatusOr<Role> role = RoleFor(standing, statement, {Role::kIssuer}, "an ISSUER");
  if (!role.ok()) return role;
  if (absl::Status status = CheckIssuerOfRecord(standing, before); !status.ok()) return status;
  return role;
}

absl::StatusOr<Role> RoleForIssuersEvent(const Standing& standing, const ParsedStatement& statement,
                                         const PassportState* before) {
  absl::StatusOr<Role> role = RoleFor(standing, statement, {Role::kIssuer}, "an ISSUER");
  if (!role.ok()) return role;
  const absl::Status status =
      before == nullptr ? CheckGtin(statement, standing) : CheckIssuerOfRecord(standing, *before);
  if (!status.ok()) return status;
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
                                  const Standing& standing) {
  switch (statement.event()) {
    case EventKind::kLaboratoryReport:
      return RoleForReport(standing, statement);
    case EventKind::kCareRecord:
      return RoleFor(standing, statement, {Role::kWorkshop, Role::kIssuer}, "a WORKSHOP or ISSUER");
    case EventKind::kClaimResolved:
      return RoleForResolution(standing, statement);
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      return RoleForRemoval(standing, statement, *before);
    case EventKind::kGenesis:
    case EventKind::kCardKeyEnrolled:
    case EventKind::kLogClosed:
    case EventKind::kParticipantEnrolled:
    case EventKind::kParticipantChanged:
    case EventKind::kKeyAdded:
    case EventKind::kKeyRevoked:
    case EventKind::kRegistration:
    case EventKind::kFirstSale:
    case EventKind::kClaim:
    case EventKind::kTransfer:
      break;
  }
  return RoleForIssuersEvent(standing, statement, before);
}

}  // namespace touchstone
