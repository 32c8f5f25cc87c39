#include "verifier/verdict_json.h"

#include <utility>

#include "verifier/card_token.h"
#include "verifier/hex.h"
#include "verifier/json_writer.h"
#include "verifier/time_text.h"
#include "verifier/wire_json.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

// Counts up when a name or a meaning changes; new names do not change it.
constexpr uint32_t kVerdictJsonVersion = 1;

absl::string_view ClaimKindName(IndexKind kind) {
  switch (kind) {
    case IndexKind::kInscriptionClaim:
      return "inscription";
    case IndexKind::kReportNumberClaim:
      return "report_number";
    case IndexKind::kGtinSerialClaim:
      return "gtin_serial";
    case IndexKind::kPassportEntry:
    case IndexKind::kParticipantEntry:
    case IndexKind::kStewardsEntry:
      break;
  }
  return "";
}

void WritePlace(const EntryPlace& place, JsonWriter& json) {
  json.BigNumberMember("position", place.position);
  json.TextMember("time", FormatRfc3339(place.time_ms));
  json.TextMember("digest", DigestToHex(place.digest));
}

void WriteOutcome(Outcome outcome, const std::optional<RefusalReason>& reason, JsonWriter& json) {
  json.TextMember("outcome", OutcomeName(outcome));
  if (!reason) return;
  json.Name("reason");
  json.BeginObject();
  json.TextMember("code", RefusalCodeName(reason->code));
  json.TextMember("meaning", RefusalMeaning(reason->code));
  json.TextMember("detail", reason->detail);
  json.EndObject();
}

void WriteLog(const LogEvidence& log, JsonWriter& json) {
  json.Name("log");
  json.BeginObject();
  json.TextMember("origin", log.origin);
  json.TextMember("operator_name", log.operator_name);
  json.BigNumberMember("size", log.size);
  json.TextMember("root", DigestToHex(log.root));
  json.BooleanMember("signed_by_retired_key", log.signed_by_retired_key);
  json.BooleanMember("quorum_asked", log.quorum_asked);
  json.Name("witnesses");
  json.BeginArray();
  for (const LogEvidence::Witness& witness : log.witnesses) {
    json.BeginObject();
    json.TextMember("name", witness.name);
    json.BigNumberMember("time_seconds", witness.time_seconds);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteFreshness(const Freshness& freshness, JsonWriter& json) {
  json.Name("freshness");
  json.BeginObject();
  json.TextMember("state", FreshnessName(freshness.kind));
  json.TextMember("as_of", FormatRfc3339(freshness.as_of_ms));
  json.BigNumberMember("as_of_ms", freshness.as_of_ms);
  json.TextMember("by", freshness.by_witnesses ? "witnesses" : "registry");
  json.BigNumberMember("age_ms", freshness.age_ms);
  if (freshness.max_age_ms) json.BigNumberMember("max_age_ms", *freshness.max_age_ms);
  if (freshness.kind == FreshnessKind::kFinal) {
    json.TextMember("closing_reason", freshness.closing_reason);
    json.TextMember("continued_at", freshness.continued_at);
  }
  json.EndObject();
}

// The description in the statement of the entry with that number.
void WritePieceOf(const VerifiedRecord& record, uint32_t number, absl::string_view name,
                  JsonWriter& json) {
  if (number >= record.timeline.size()) return;
  const TimelineEntry& entry = record.timeline[number];
  const WireMessage* event_schema = nullptr;
  const WireMessage* piece_schema = nullptr;
  const absl::string_view event =
      FindSubmessage(kStatementSchema, entry.statement, EventName(entry.event), &event_schema);
  if (event_schema == nullptr) return;
  const absl::string_view piece = FindSubmessage(*event_schema, event, "piece", &piece_schema);
  if (piece_schema == nullptr) return;
  json.Name(name);
  WriteMessageJson(*piece_schema, piece, json);
}

void WriteSpecification(const VerifiedRecord& record, JsonWriter& json) {
  const Specification& specification = record.specification;
  json.Name("specification");
  json.BeginObject();
  json.NumberMember("number", specification.number);
  if (specification.corrected_by) json.NumberMember("corrected_by", *specification.corrected_by);
  WritePieceOf(record, specification.corrected_by.value_or(specification.number), "piece", json);
  json.EndObject();
}

void WriteSigner(const Signer& signer, JsonWriter& json) {
  json.BeginObject();
  json.TextMember("participant_id", signer.participant_id);
  json.TextMember("legal_name", signer.details.legal_name);
  json.TextMember("country", signer.details.country);
  json.TextMember("domain", signer.details.domain);
  json.TextMember("registration_number", signer.details.registration_number);
  json.TextMember("registration_authority", signer.details.registration_authority);
  json.Name("roles");
  json.BeginArray();
  for (const Role role : signer.details.roles.List()) json.Text(RoleName(role));
  json.EndArray();
  json.Name("entries");
  json.BeginArray();
  for (const Vouching& vouching : signer.entries) {
    json.BeginObject();
    json.NumberMember("number", vouching.number);
    json.TextMember("role", RoleName(vouching.role));
    json.BooleanMember("as_provided", vouching.as_provided);
    json.BooleanMember("doubted", vouching.doubted);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteCompleteness(const Completeness& completeness, JsonWriter& json) {
  json.Name("completeness");
  json.BeginObject();
  json.NumberMember("entries", completeness.entries);
  json.BigNumberMember("log_size", completeness.log_size);
  json.Name("claims");
  json.BeginArray();
  for (const ClaimStatus& status : completeness.claims) {
    json.BeginObject();
    json.TextMember("kind", ClaimKindName(status.claim.kind));
    json.TextMember("subject_hex", HexEncode(status.claim.subject));
    json.TextMember("description", DescribeClaim(status.claim));
    json.TextMember("standing", ClaimStandingName(status.standing));
    json.NumberMember("events", status.events);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteIncidents(const PieceLife& life, JsonWriter& json) {
  json.Name("incidents");
  json.BeginArray();
  for (const OpenIncident& incident : life.incidents()) {
    json.BeginObject();
    json.TextMember("kind", v1::IncidentReported::Kind_Name(incident.kind));
    WritePlace(incident.reported, json);
    if (!incident.reported_by.empty()) json.TextMember("reported_by", incident.reported_by);
    json.BooleanMember("confirmed", incident.confirmed);
    json.EndObject();
  }
  json.EndArray();
}

void WriteEntitlements(const PieceLife& life, JsonWriter& json) {
  json.Name("entitlements");
  json.BeginArray();
  for (const EntitlementLeft& entitlement : life.entitlements()) {
    json.BeginObject();
    json.TextMember("id", entitlement.id);
    json.NumberMember("uses", entitlement.uses);
    json.NumberMember("used", entitlement.used);
    json.TextMember("valid_until", entitlement.valid_until);
    json.EndObject();
  }
  json.EndArray();
}

void WriteLife(const HoldingStatus& status, JsonWriter& json) {
  const PieceLife& life = status.life;
  WriteIncidents(life, json);
  if (life.notice()) {
    json.Name("notice");
    json.BeginObject();
    json.TextMember("kind", v1::TransferNotice::Kind_Name(life.notice()->kind));
    json.TextMember("given_by", life.notice()->given_by);
    WritePlace(life.notice()->given, json);
    json.TextMember("objection_until", FormatRfc3339(status.notice_ends_ms));
    json.BooleanMember("objected", life.notice()->objected);
    json.EndObject();
  }
  if (life.pledge()) {
    json.Name("pledge");
    json.BeginObject();
    WritePlace(life.pledge()->pledged, json);
    json.EndObject();
  }
  if (life.custody()) {
    json.Name("custody");
    json.BeginObject();
    json.TextMember("participant_id", life.custody()->participant);
    WritePlace(life.custody()->received, json);
    json.EndObject();
  }
  json.BooleanMember("on_consignment", life.consigned());
  json.BooleanMember("kept_by_store", life.kept_by_store());
  json.NumberMember("moved_after_notice", life.moved_after_notice());
  WriteEntitlements(life, json);
}

void WriteStatus(const HoldingStatus& status, JsonWriter& json) {
  json.Name("status");
  json.BeginObject();
  json.TextMember("state", PieceStateName(status));
  json.TextMember("holding", OwnershipPhaseName(status.phase));
  json.NumberMember("owner_count", status.owner_count);
  json.Name("since");
  json.BeginObject();
  WritePlace(status.since, json);
  json.EndObject();
  if (status.end_of_life) {
    json.Name("end_of_life");
    json.BeginObject();
    json.TextMember("kind", v1::EndOfLife::Kind_Name(status.end_of_life->kind));
    json.Name("successors");
    json.BeginArray();
    for (const PassportId& id : status.end_of_life->successors) json.Text(id.Format());
    json.EndArray();
    json.EndObject();
  }
  WriteLife(status, json);
  json.EndObject();
}

void WriteComparison(const Comparison& comparison, JsonWriter& json) {
  json.BeginObject();
  json.TextMember("what", comparison.what);
  json.TextMember("match", MatchName(comparison.match));
  json.TextMember("observed", comparison.observed);
  json.TextMember("recorded", comparison.recorded);
  json.TextMember("note", comparison.note);
  json.EndObject();
}

void WriteTimelineEntry(const TimelineEntry& entry, const VerifiedRecord& record,
                        JsonWriter& json) {
  json.BeginObject();
  json.NumberMember("number", entry.number);
  WritePlace(entry.place, json);
  json.TextMember("occurred_at", FormatRfc3339(entry.occurred_at_ms));
  json.TextMember("event", EventName(entry.event));
  if (entry.signer) {
    json.TextMember("participant_id", record.signers[*entry.signer].participant_id);
  }
  json.BooleanMember("as_provided", entry.as_provided);
  json.BooleanMember("doubted", entry.doubted);
  if (entry.corrected_by) json.NumberMember("corrected_by", *entry.corrected_by);
  if (entry.superseded_by) json.NumberMember("superseded_by", *entry.superseded_by);
  json.TextMember("what", entry.what);
  json.Name("statement");
  WriteMessageJson(kStatementSchema, entry.statement, json);
  json.EndObject();
}

void WriteRecord(const VerifiedRecord& record, JsonWriter& json) {
  json.TextMember("passport_id", record.passport_id.Format());
  json.TextMember("registration_digest", DigestToHex(record.registration));
  json.TextMember("issuer_of_record", record.issuer_of_record);
  WritePieceOf(record, 0, "piece", json);
  WriteSpecification(record, json);
  json.Name("signers");
  json.BeginArray();
  for (const Signer& signer : record.signers) WriteSigner(signer, json);
  json.EndArray();
  WriteLog(record.log, json);
  WriteCompleteness(record.completeness, json);
  WriteFreshness(record.freshness, json);
  WriteStatus(record.status, json);
  json.Name("object");
  json.BeginArray();
  for (const Comparison& comparison : record.object) WriteComparison(comparison, json);
  json.EndArray();
  json.Name("timeline");
  json.BeginArray();
  for (const TimelineEntry& entry : record.timeline) WriteTimelineEntry(entry, record, json);
  json.EndArray();
}

void WriteCardText(const CardText& text, JsonWriter& json) {
  json.Name("card");
  json.BeginObject();
  json.TextMember("passport_id", text.passport_id.Format());
  json.TextMember("registration_digest", DigestToHex(text.registration));
  json.TextMember("issued_on", FormatCardDay(text.day));
  json.TextMember("serial", text.serial);
  json.TextMember("inscription", text.inscription);
  json.TextMember("title", text.title);
  json.EndObject();
}

void WriteChallenge(const OwnershipChallenge& challenge, JsonWriter& json) {
  json.Name("challenge");
  json.BeginObject();
  json.TextMember("verifier", challenge.verifier());
  json.TextMember("purpose", challenge.purpose());
  json.TextMember("issued_at", FormatRfc3339(challenge.issued_at_ms()));
  json.TextMember("expires_at", FormatRfc3339(challenge.expires_at_ms()));
  json.EndObject();
}

JsonWriter Begin(absl::string_view what) {
  JsonWriter json;
  json.BeginObject();
  json.NumberMember(what, kVerdictJsonVersion);
  return json;
}

std::string End(JsonWriter json) {
  json.EndObject();
  return std::move(json).Finish() + "\n";
}

}  // namespace

std::string VerdictToJson(const Verdict& verdict) {
  JsonWriter json = Begin("touchstone_verdict");
  WriteOutcome(verdict.outcome, verdict.reason, json);
  if (verdict.record) WriteRecord(*verdict.record, json);
  return End(std::move(json));
}

std::string CardVerdictToJson(const CardVerdict& verdict) {
  JsonWriter json = Begin("touchstone_card_verdict");
  WriteOutcome(verdict.outcome, verdict.reason, json);
  if (verdict.text) WriteCardText(*verdict.text, json);
  if (verdict.outcome == Outcome::kVerified) {
    json.TextMember("card_key_id", DigestToHex(verdict.card_key_id));
    json.TextMember("card_key_label", verdict.card_key_label);
  }
  if (verdict.log) WriteLog(*verdict.log, json);
  if (verdict.freshness) WriteFreshness(*verdict.freshness, json);
  return End(std::move(json));
}

std::string AbsenceVerdictToJson(const AbsenceVerdict& verdict) {
  JsonWriter json = Begin("touchstone_absence_verdict");
  WriteOutcome(verdict.outcome, verdict.reason, json);
  if (verdict.absence) {
    const ProvenAbsence& absence = *verdict.absence;
    json.Name("absent");
    json.BeginObject();
    json.TextMember("kind", absence.sought.kind == IndexKind::kPassportEntry
                                ? "passport_id"
                                : ClaimKindName(absence.sought.kind));
    json.TextMember("subject_hex", HexEncode(absence.sought.subject));
    json.TextMember("description", DescribeSought(absence.sought));
    json.NumberMember("past_events", absence.past_events);
    json.EndObject();
    WriteLog(absence.log, json);
    WriteFreshness(absence.freshness, json);
  }
  return End(std::move(json));
}

std::string OwnershipVerdictToJson(const OwnershipVerdict& verdict) {
  JsonWriter json = Begin("touchstone_ownership_verdict");
  WriteOutcome(verdict.outcome, verdict.reason, json);
  if (verdict.ownership) {
    const VerifiedRecord& record = verdict.ownership->record;
    WriteChallenge(verdict.ownership->challenge, json);
    json.TextMember("holder", HolderKindName(verdict.ownership->holder));
    json.Name("restraints");
    json.BeginArray();
    for (const Restraint restraint : RestraintsOn(record.status)) {
      json.Text(RestraintName(restraint));
    }
    json.EndArray();
    json.TextMember("passport_id", record.passport_id.Format());
    json.TextMember("registration_digest", DigestToHex(record.registration));
    WriteSpecification(record, json);
    WriteLog(record.log, json);
    WriteCompleteness(record.completeness, json);
    WriteFreshness(record.freshness, json);
    WriteStatus(record.status, json);
  }
  return End(std::move(json));
}

}  // namespace touchstone
