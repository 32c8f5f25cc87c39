#include "verifier/life_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "verifier/claim.h"
#include "verifier/event_rules.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/time_text.h"

namespace touchstone {
namespace {

absl::Status CheckBuildsOn(const ParsedStatement& statement, const PassportState& before) {
  if (!statement.builds_on() || *statement.builds_on() == before.newest_ownership_entry()) {
    return absl::OkStatus();
  }
  return Refuse(RefusalCode::kStaleBuildsOn,
                absl::StrCat("builds_on is ", DigestToHex(*statement.builds_on()),
                             "; the newest ownership entry is ",
                             DigestToHex(before.newest_ownership_entry())));
}

absl::Status CheckPhase(const EventRule& rule, const PassportState& before) {
  if (rule.phases.Has(before.phase())) return absl::OkStatus();
  if (before.phase() == OwnershipPhase::kRetired) {
    return Refuse(
        RefusalCode::kWrongPhase,
        absl::StrCat("the piece has come to the end of its life; ", rule.name, " cannot follow"));
  }
  std::string needed;
  for (const OwnershipPhase phase :
       {OwnershipPhase::kWithStore, OwnershipPhase::kUnclaimed, OwnershipPhase::kOwned}) {
    if (!rule.phases.Has(phase)) continue;
    absl::StrAppend(&needed, needed.empty() ? "" : " or ", OwnershipPhaseName(phase));
  }
  return Refuse(RefusalCode::kWrongPhase,
                absl::StrCat(rule.name, " needs a piece that is ", needed, "; this one is ",
                             OwnershipPhaseName(before.phase())));
}

absl::Status Frozen(const EventRule& rule, Restraint restraint) {
  absl::string_view why;
  switch (restraint) {
    case Restraint::kMissing:
      why =
          "it is reported lost or stolen; an insurer or an authority, or the issuer together with "
          "the holder, must say first that it was recovered";
      break;
    case Restraint::kDisputed:
      why = "its ownership is disputed, and nobody has settled that yet";
      break;
    case Restraint::kNotice:
      why =
          "notice was given that it moves without its key; the holder can object, who gave it can "
          "withdraw it";
      break;
    case Restraint::kPledged:
      why = "it is pledged, and the pledgee has not released it";
      break;
  }
  return Refuse(RefusalCode::kFrozen,
                absl::StrCat(rule.name, " is not possible while the piece is ",
                             RestraintName(restraint), ": ", why));
}

absl::Status CheckNothingStops(const EventRule& rule, EnumSet<Restraint> stops,
                               const PieceLife& life) {
  for (const Restraint restraint :
       {Restraint::kMissing, Restraint::kDisputed, Restraint::kNotice, Restraint::kPledged}) {
    if (stops.Has(restraint) && life.Has(restraint)) return Frozen(rule, restraint);
  }
  return absl::OkStatus();
}

absl::Status CheckRoom(const EventRule& rule, Room room, const PassportState& before) {
  const size_t max = EntriesMaxFor(room);
  if (before.head().count() < max) return absl::OkStatus();
  return Refuse(RefusalCode::kQuotaExceeded,
                absl::StrCat("the passport has ", before.head().count(), " entries; ", rule.name,
                             " may be among the first ", max));
}

absl::Status CheckKeyIsFresh(const ParsedStatement& statement, const PassportState& before) {
  for (const PublicKey& key : statement.named_keys()) {
    const Digest key_id = key.KeyId();
    if (!before.HasNamedKey(key_id)) continue;
    return Refuse(RefusalCode::kKeyReused,
                  absl::StrCat("key ", DigestToHex(key_id),
                               " has been named in this passport before; make a fresh one"));
  }
  return absl::OkStatus();
}

absl::Status WrongState(const ParsedStatement& statement, absl::string_view why) {
  return Refuse(RefusalCode::kWrongState, absl::StrCat(EventName(statement.event()), ": ", why));
}

absl::Status NoSuchEntry(const ParsedStatement& statement, absl::string_view why) {
  return Refuse(RefusalCode::kNoSuchEntry, absl::StrCat(EventName(statement.event()), ": ", why));
}

absl::Status CheckEntitlement(const v1::CareRecord& record, const PieceLife& life,
                              absl::string_view kept) {
  const std::string& id = record.entitlement_used();
  if (id.empty()) return absl::OkStatus();
  const EntitlementLeft* const entitlement = life.FindEntitlement(id);
  if (entitlement == nullptr) {
    return Refuse(RefusalCode::kNoEntitlement,
                  absl::StrCat("the piece has no service entitlement \"", id, "\""));
  }
  if (id == kept) return absl::OkStatus();
  if (entitlement->uses != 0 && entitlement->used >= entitlement->uses) {
    return Refuse(RefusalCode::kNoEntitlement,
                  absl::StrCat("service entitlement \"", id, "\" has been used ", entitlement->used,
                               " times; it is for ", entitlement->uses));
  }
  // ISO 8601 dates compare as their text does.
  if (!entitlement->valid_until.empty() && record.performed_on() > entitlement->valid_until) {
    return Refuse(
        RefusalCode::kNoEntitlement,
        absl::StrCat("service entitlement \"", id, "\" was valid until ", entitlement->valid_until,
                     ", and this was on ", record.performed_on()));
  }
  return absl::OkStatus();
}

absl::Status CheckSameIdentity(const v1::Piece& piece, const PassportState& before) {
  if (PassportState::IdentityOf(piece) == before.identity()) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongSpecification,
                "piece.gtin14 and piece.serial are not those of the registration, which never "
                "change");
}

absl::Status CheckReport(const ParsedStatement& statement, const PassportState& before) {
  if (!statement.supersedes()) return absl::OkStatus();
  const OwnClaim* const earlier = before.FindClaim(*statement.supersedes());
  if (earlier == nullptr) {
    return NoSuchEntry(statement,
                       absl::StrCat("no entry of this passport names the ",
                                    DescribeClaim(*statement.supersedes()), " that it supersedes"));
  }
  if (earlier->superseded) {
    return NoSuchEntry(statement, absl::StrCat("the ", DescribeClaim(*statement.supersedes()),
                                               " has been superseded already"));
  }
  return absl::OkStatus();
}

absl::Status CheckCustody(const ParsedStatement& statement, const PieceLife& life) {
  const bool is_receipt = statement.message().custody().kind() == v1::Custody::RECEIVED;
  if (is_receipt && life.custody()) {
    return WrongState(statement, absl::StrCat("\"", life.custody()->participant,
                                              "\" has received the piece and not returned it"));
  }
  if (!is_receipt && !life.custody()) {
    return WrongState(statement, "nobody has received the piece who could return it");
  }
  return absl::OkStatus();
}

// What the correction of an entry of that kind must state, and may.
absl::Status CheckReplacement(const ParsedStatement& statement, const OwnEntry& entry) {
  const v1::Correction& correction = statement.message().correction();
  using Case = v1::Correction::ReplacementCase;
  Case fits = Case::REPLACEMENT_NOT_SET;
  bool may_withdraw = true;
  switch (entry.event) {
    case EventKind::kRegistration:
    case EventKind::kModification:
      fits = Case::kPiece;
      may_withdraw = false;
      break;
    case EventKind::kCareRecord:
      fits = Case::kCareRecord;
      break;
    case EventKind::kAssayReport:
      fits = Case::kAssayReport;
      break;
    case EventKind::kAppraisal:
      fits = Case::kAppraisal;
      break;
    default:
      break;
  }
  const Case stated = correction.replacement_case();
  if (stated == fits && (stated != Case::REPLACEMENT_NOT_SET || may_withdraw)) {
    return absl::OkStatus();
  }
  if (stated == Case::REPLACEMENT_NOT_SET && may_withdraw) return absl::OkStatus();
  return NoSuchEntry(statement,
                     absl::StrCat("what it corrects is a ", EventName(entry.event),
                                  ", and its replacement is none",
                                  may_withdraw ? "; it may also be withdrawn, with no replacement"
                                               : "; state the piece as it should have been"));
}

absl::Status CheckCorrection(const ParsedStatement& statement, const PassportState& before) {
  const v1::Correction& correction = statement.message().correction();
  const OwnEntry* const entry = before.life().FindEntry(correction.corrects());
  if (entry == nullptr) {
    return NoSuchEntry(statement,
                       "corrects is the digest of no entry of this passport that can be corrected");
  }
  if (absl::Status status = CheckReplacement(statement, *entry); !status.ok()) return status;
  if (entry->event == EventKind::kModification) {
    absl::Status status = CheckNothingStops(
        RuleOf(statement.event()), RuleOf(EventKind::kModification).stopped_by, before.life());
    if (!status.ok()) return status;
  }
  if (!correction.releases().empty() && entry->event != EventKind::kRegistration) {
    return WrongState(statement, "only the correction of a registration releases claims");
  }
  if (correction.has_piece()) return CheckSameIdentity(correction.piece(), before);
  if (!correction.has_care_record()) return absl::OkStatus();
  const std::string& used = correction.care_record().entitlement_used();
  if (!used.empty() && used != entry->entitlement_used) {
    return Refuse(RefusalCode::kNoEntitlement,
                  absl::StrCat("the care record that is corrected did not use the service "
                               "entitlement \"",
                               used, "\""));
  }
  return CheckEntitlement(correction.care_record(), before.life(), entry->entitlement_used);
}

absl::Status CheckGrant(const ParsedStatement& statement, const PieceLife& life) {
  const std::string& id = statement.message().entitlement_granted().entitlement().id();
  if (life.FindEntitlement(id) != nullptr) {
    return Refuse(RefusalCode::kNoEntitlement,
                  absl::StrCat("the piece has a service entitlement \"", id,
                               "\" already; choose another id"));
  }
  if (life.entitlements().size() < limits::kEntitlementsMax) return absl::OkStatus();
  return Refuse(
      RefusalCode::kQuotaExceeded,
      absl::StrCat("the piece has ", life.entitlements().size(), " service entitlements; at most ",
                   limits::kEntitlementsMax, " are allowed"));
}

absl::Status CheckOffer(const ParsedStatement& statement, const PieceLife& life, uint64_t time_ms) {
  const v1::Transfer& transfer = statement.message().transfer();
  if (transfer.offer_expires_at_ms() != 0 && time_ms >= transfer.offer_expires_at_ms()) {
    return Refuse(RefusalCode::kOfferExpired,
                  absl::StrCat("the offer expired at ", FormatTime(transfer.offer_expires_at_ms()),
                               "; the present owner can make another"));
  }
  if (transfer.kind() == v1::Transfer::CONSIGNMENT && life.consigned()) {
    return WrongState(statement, "the piece is on consignment already");
  }
  return absl::OkStatus();
}

// What stops a piece from moving without its key: a court and an insurer who paid are not stopped
// by a theft or a pledge.
EnumSet<Restraint> StopsNotice(v1::TransferNotice::Kind kind) {
  if (kind == v1::TransferNotice::COURT_ORDER) return {};
  if (kind == v1::TransferNotice::SUBROGATION) return {Restraint::kDisputed, Restraint::kPledged};
  return {Restraint::kMissing, Restraint::kDisputed, Restraint::kPledged};
}

absl::Status CheckNotice(const ParsedStatement& statement, const PieceLife& life) {
  return CheckNothingStops(RuleOf(statement.event()),
                           StopsNotice(statement.message().transfer_notice().kind()), life);
}

absl::Status CheckObjection(const ParsedStatement& statement, const PieceLife& life) {
  if (!life.notice()) return WrongState(statement, "no notice was given that is pending");
  if (life.notice()->objected) {
    return WrongState(statement, "the holder has objected already; a court's order stands");
  }
  return absl::OkStatus();
}

absl::Status CheckMove(const ParsedStatement& statement, const PieceLife& life, uint64_t time_ms,
                       uint64_t notice_period_ms) {
  if (!life.notice()) return WrongState(statement, "no notice was given that is pending");
  // Times do not decrease along the log; a sum of two of them could overflow.
  const uint64_t given_ms = life.notice()->given.time_ms;
  if (time_ms < given_ms || time_ms - given_ms < notice_period_ms) {
    return Refuse(RefusalCode::kTooEarly, absl::StrCat("the present holder can object until ",
                                                       FormatTime(given_ms + notice_period_ms),
                                                       "; the piece can move from then on"));
  }
  return CheckNothingStops(RuleOf(statement.event()), StopsNotice(life.notice()->kind), life);
}

// Which open incidents count together, so that none of what anybody may report keeps out a theft.
enum class IncidentGroup { kOnce, kDispute, kFinding };

IncidentGroup GroupOf(v1::IncidentReported::Kind kind) {
  switch (kind) {
    case v1::IncidentReported::LOST:
    case v1::IncidentReported::STOLEN:
    case v1::IncidentReported::TOTAL_LOSS:
      return IncidentGroup::kOnce;
    case v1::IncidentReported::OWNERSHIP_DISPUTED:
      return IncidentGroup::kDispute;
    default:
      return IncidentGroup::kFinding;
  }
}

absl::Status CheckReportedIncident(const ParsedStatement& statement, const PieceLife& life) {
  const auto kind = statement.message().incident_reported().kind();
  const auto group = GroupOf(kind);
  const auto open = static_cast<size_t>(
      std::count_if(life.incidents().begin(), life.incidents().end(), [&](const OpenIncident& one) {
        return group == IncidentGroup::kOnce ? one.kind == kind : GroupOf(one.kind) == group;
      }));
  if (group == IncidentGroup::kOnce) {
    if (open == 0) return absl::OkStatus();
    return WrongState(statement, "this has been reported already, and is not resolved");
  }
  const size_t max =
      group == IncidentGroup::kDispute ? limits::kOpenDisputesMax : limits::kOpenFindingsMax;
  if (open < max) return absl::OkStatus();
  return Refuse(RefusalCode::kQuotaExceeded,
                absl::StrCat("the piece has ", open, " open incidents of this sort; at most ", max,
                             " are allowed. Resolve one first"));
}

bool Fits(v1::IncidentResolved::Outcome outcome, v1::IncidentReported::Kind kind) {
  switch (outcome) {
    case v1::IncidentResolved::UNFOUNDED:
      return true;
    case v1::IncidentResolved::RECOVERED:
      return kind == v1::IncidentReported::LOST || kind == v1::IncidentReported::STOLEN;
    case v1::IncidentResolved::REPAIRED:
      return kind == v1::IncidentReported::DAMAGED || kind == v1::IncidentReported::TOTAL_LOSS;
    case v1::IncidentResolved::CONFIRMED:
      return kind == v1::IncidentReported::COUNTERFEIT_SUSPECTED ||
             kind == v1::IncidentReported::INSCRIPTION_MISMATCH;
    case v1::IncidentResolved::SETTLED:
      return kind != v1::IncidentReported::LOST && kind != v1::IncidentReported::STOLEN &&
             kind != v1::IncidentReported::DAMAGED;
    default:
      return false;
  }
}

absl::Status CheckResolvedIncident(const ParsedStatement& statement, const PieceLife& life) {
  const v1::IncidentResolved& resolved = statement.message().incident_resolved();
  const OpenIncident* const incident = life.FindIncident(resolved.incident());
  if (incident == nullptr) {
    return NoSuchEntry(statement, "incident is the digest of no incident that is open");
  }
  if (!Fits(resolved.outcome(), incident->kind)) {
    return WrongState(
        statement,
        absl::StrCat(v1::IncidentReported::Kind_Name(incident->kind), " does not end as ",
                     v1::IncidentResolved::Outcome_Name(resolved.outcome())));
  }
  if (incident->confirmed && resolved.outcome() != v1::IncidentResolved::UNFOUNDED) {
    return WrongState(statement, "it was confirmed; only a finding that it is UNFOUNDED ends it");
  }
  return absl::OkStatus();
}

// What the event itself asks of the state.
absl::Status CheckEvent(const ParsedStatement& statement, const PassportState& before,
                        uint64_t time_ms, uint64_t notice_period_ms) {
  const PieceLife& life = before.life();
  const v1::Statement& message = statement.message();
  switch (statement.event()) {
    case EventKind::kLaboratoryReport:
      return CheckReport(statement, before);
    case EventKind::kCareRecord:
      return CheckEntitlement(message.care_record(), life, "");
    case EventKind::kModification:
      return CheckSameIdentity(message.modification().piece(), before);
    case EventKind::kCustody:
      return CheckCustody(statement, life);
    case EventKind::kCorrection:
      return CheckCorrection(statement, before);
    case EventKind::kEntitlementGranted:
      return CheckGrant(statement, life);
    case EventKind::kTransfer:
      return CheckOffer(statement, life, time_ms);
    case EventKind::kTransferNotice:
      return CheckNotice(statement, life);
    case EventKind::kNoticeObjected:
      return CheckObjection(statement, life);
    case EventKind::kNoticeWithdrawn:
      if (life.notice()) return absl::OkStatus();
      return WrongState(statement, "no notice was given that is pending");
    case EventKind::kOwnershipMoved:
      return CheckMove(statement, life, time_ms, notice_period_ms);
    case EventKind::kPledgeReleased:
      if (life.pledge()) return absl::OkStatus();
      return WrongState(statement, "the piece is not pledged");
    case EventKind::kIncidentReported:
      return CheckReportedIncident(statement, life);
    case EventKind::kIncidentResolved:
      return CheckResolvedIncident(statement, life);
    default:
      return absl::OkStatus();
  }
}

}  // namespace

absl::Status CheckLife(const ParsedStatement& statement, const PassportState& before,
                       uint64_t time_ms, uint64_t notice_period_ms) {
  const EventRule& rule = RuleOf(statement.event());
  absl::Status status = CheckBuildsOn(statement, before);
  if (status.ok()) status = CheckPhase(rule, before);
  if (status.ok()) status = CheckNothingStops(rule, rule.stopped_by, before.life());
  if (status.ok()) status = CheckRoom(rule, rule.room, before);
  if (status.ok()) status = CheckKeyIsFresh(statement, before);
  if (status.ok()) status = CheckEvent(statement, before, time_ms, notice_period_ms);
  return status;
}

Room RoomOf(const ParsedStatement& statement, bool by_holder_alone) {
  const EventRule& rule = RuleOf(statement.event());
  return by_holder_alone && !rule.builds_on ? Room::kRecord : rule.room;
}

absl::Status CheckSignersRoom(const ParsedStatement& statement, const PassportState& before,
                              absl::string_view participant) {
  const EventRule& rule = RuleOf(statement.event());
  // Who passes a piece on is not kept from it. Of what participants say of that, only the notice
  // counts: the others end it.
  if (rule.builds_on && statement.event() != EventKind::kTransferNotice) return absl::OkStatus();
  const bool by_holder_alone = participant.empty();
  if (by_holder_alone) {
    absl::Status status = CheckRoom(rule, Room::kRecord, before);
    if (!status.ok()) return status;
  }
  size_t max = participant == before.issuer_of_record() ? limits::kPassportEntriesByIssuerMax
                                                        : limits::kPassportEntriesBySignerMax;
  if (!by_holder_alone && rule.room == Room::kSettlement) {
    max += limits::kPassportSettlementsBySignerMore;
  }
  const size_t count = before.EntriesBy(participant);
  if (count < max) return absl::OkStatus();
  return Refuse(
      RefusalCode::kQuotaExceeded,
      absl::StrCat(participant.empty() ? "the holder" : absl::StrCat("\"", participant, "\""),
                   " has said ", count, " things in this passport; at most ", max, " are allowed"));
}

}  // namespace touchstone
