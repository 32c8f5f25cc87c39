#include "tests/vectors/second_reader/piece.h"

#include <algorithm>

#include "tests/vectors/second_reader/bytes.h"
#include "tests/vectors/second_reader/speakers.h"

namespace touchstone::second_reader {
namespace {

using Names = std::set<std::string>;

// "Room": how many entries there may be before this one.
size_t EntriesMax(const Said& said) {
  const Names settling = {"claim_resolved", "incident_resolved", "data_erased", "end_of_life",
                          "stone_removed"};
  const Names intervening = {"incident_reported", "transfer_notice", "notice_objected",
                             "notice_withdrawn",  "ownership_moved", "pledge_released"};
  if (settling.count(said.event) > 0) return 512;
  if (intervening.count(said.event) > 0) return 496;
  return IsOwnershipEvent(said) ? 480 : 448;
}

// Whether it is limited how much one says of that.
bool IsLimitedBySigner(const Said& said) {
  return !IsOwnershipEvent(said) || said.event == "transfer_notice";
}

// The phases in which it may be said.
Names PhasesOf(const std::string& event) {
  const Names held = {"unclaimed", "owned"};
  const Names holders = {"offer_withdrawn", "transfer_notice", "notice_objected",
                         "notice_withdrawn", "ownership_moved"};
  const Names any = {"correction", "data_erased", "claim_resolved", "incident_resolved"};
  if (event == "first_sale") return {"with_store"};
  if (event == "claim") return {"unclaimed"};
  if (event == "transfer" || event == "pledged" || event == "pledge_released") return {"owned"};
  if (holders.count(event) > 0) return held;
  if (any.count(event) > 0) return {"with_store", "unclaimed", "owned", "retired"};
  return {"with_store", "unclaimed", "owned"};
}

// The restraints under which it may not.
Names StoppedBy(const Said& said, const Piece& piece) {
  const Message& event = said.statement.Get(said.event);
  if (said.event == "first_sale") return {"missing", "disputed"};
  if (said.event == "claim") return {"missing", "disputed", "notice"};
  if (said.event == "modification") return {"missing"};
  if (said.event == "correction") {
    const Line& corrected = *piece.FindLine(event.Text("corrects"));
    return corrected.event == "modification" ? Names{"missing"} : Names{};
  }
  if (said.event == "transfer" || said.event == "pledged" || IsRemoval(said)) {
    return {"missing", "disputed", "notice", "pledged"};
  }
  Names stops;
  if (said.event == "transfer_notice") stops.insert("notice");
  if (said.event == "transfer_notice" || said.event == "ownership_moved") {
    const uint64_t kind =
        said.event == "ownership_moved" ? piece.notice->kind : event.Number("kind");
    if (kind != kCourtOrder) stops.insert({"disputed", "pledged"});
    if (kind == kInheritance || kind == kLostCode) stops.insert("missing");
  }
  return stops;
}

Names RestraintsOf(const Piece& piece) {
  Names restraints;
  if (piece.CountOpen({kLost, kStolen}) > 0) restraints.insert("missing");
  if (piece.CountOpen({kOwnershipDisputed}) > 0) restraints.insert("disputed");
  if (piece.notice) restraints.insert("notice");
  if (!piece.pledgee.empty()) restraints.insert("pledged");
  return restraints;
}

std::set<uint64_t> OutcomesOf(const Incident& incident) {
  if (incident.is_confirmed) return {kUnfounded};
  switch (incident.kind) {
    case kLost:
    case kStolen:
      return {kRecovered, kUnfounded};
    case kDamaged:
      return {kRepaired, kUnfounded};
    case kTotalLoss:
      return {kRepaired, kSettled, kUnfounded};
    case kCounterfeitSuspected:
    case kInscriptionMismatch:
      return {kSettled, kConfirmed, kUnfounded};
    default:
      return {kSettled, kUnfounded};
  }
}

// Folds one entry of a piece after the other.
class PieceFold {
 public:
  PieceFold(const Stewards& stewards, const Participants& participants, const Aliases& aliases)
      : stewards_(stewards), participants_(participants), aliases_(aliases) {}

  absl::Status Next(const Link& link) {
    if (absl::Status status = CheckLog(link, stewards_); !status.ok()) return status;
    const Said& said = link.said;
    const size_t number = piece_.lines.size();
    if ((said.event == "registration") != (number == 0)) return Refused("a registration's place");
    if (number >= EntriesMax(said)) return Refused("too many entries");
    if (PhasesOf(said.event).count(piece_.holding) == 0) return Refused("in another phase");
    Line line{said.event, link.entry.position, link.entry.digest, "", false, false, {}, ""};
    absl::Status status = CheckWhen(link);
    if (status.ok()) status = CheckRestraints(said);
    if (status.ok() && IsOwnershipEvent(said)) status = CheckOwnership(said);
    if (status.ok()) status = CheckSpeakers(participants_, aliases_, piece_, link, line);
    if (status.ok()) status = CheckRoomOf(said, line);
    if (status.ok()) status = TakeClaims(said, number, line);
    if (!status.ok()) return status;
    Apply(link, line);
    piece_.lines.push_back(line);
    return absl::OkStatus();
  }

  Piece piece() const { return piece_; }

 private:
  absl::Status CheckRestraints(const Said& said) const {
    for (const std::string& restraint : StoppedBy(said, piece_)) {
      if (RestraintsOf(piece_).count(restraint) > 0) return Refused("while it is " + restraint);
    }
    return absl::OkStatus();
  }

  absl::Status CheckOwnership(const Said& said) const {
    if (said.statement.Text("builds_on") != piece_.newest_ownership) return Refused("builds_on");
    for (const std::string& key : NamedKeys(said)) {
      if (piece_.named_keys.count(key) > 0) return Refused("a key that was named before");
    }
    return absl::OkStatus();
  }

  // The column "allowed when".
  absl::Status CheckWhen(const Link& link) const {
    const std::string& name = link.said.event;
    const Message& event = link.said.statement.Get(name);
    if (name == "laboratory_report") return CheckSupersedes(event);
    if (name == "care_record") return CheckEntitlement(event);
    if (name == "modification") return CheckIdentity(event.Get("piece"));
    if (name == "correction") return CheckCorrection(link.said.statement);
    if (name == "incident_reported") return CheckReported(event);
    if (name == "incident_resolved") return CheckResolved(event);
    if (name == "ownership_moved") return CheckMoved(link);
    bool is_allowed = true;
    if (name == "custody") {
      is_allowed = piece_.custodian.empty() == (event.Number("kind") == kReceived);
    } else if (name == "entitlement_granted") {
      const std::string id = event.Get("entitlement").Text("id");
      is_allowed = piece_.entitlements.size() < 32 && piece_.entitlements.count(id) == 0;
    } else if (name == "transfer") {
      const bool is_in_time = !event.Has("offer_expires_at_ms") ||
                              link.entry.time_ms < event.Number("offer_expires_at_ms");
      is_allowed =
          is_in_time && !(event.Number("kind") == kConsignment && piece_.is_on_consignment);
    } else if (name == "notice_objected") {
      is_allowed = piece_.notice && !piece_.notice->is_objected;
    } else if (name == "notice_withdrawn") {
      is_allowed = piece_.notice.has_value();
    } else if (name == "pledge_released") {
      is_allowed = !piece_.pledgee.empty();
    }
    return is_allowed ? absl::OkStatus() : Refused("not as things stand");
  }

  absl::Status CheckSupersedes(const Message& report) const {
    if (!report.Has("supersedes")) return absl::OkStatus();
    const absl::StatusOr<Claim> before =
        ReportClaim(aliases_, report.Text("laboratory"), report.Text("supersedes"));
    if (!before.ok()) return before.status();
    const absl::StatusOr<Claim> own =
        ReportClaim(aliases_, report.Text("laboratory"), report.Text("report_number"));
    if (!own.ok() || *own == *before) return Refused("a report that supersedes itself");
    const bool is_known = piece_.claims.count(*before) > 0 && piece_.superseded.count(*before) == 0;
    return is_known ? absl::OkStatus() : Refused("no such report to supersede");
  }

  absl::Status CheckEntitlement(const Message& care) const {
    if (!care.Has("entitlement_used")) return absl::OkStatus();
    const auto found = piece_.entitlements.find(care.Text("entitlement_used"));
    if (found == piece_.entitlements.end()) return Refused("no such entitlement");
    const auto& [uses, valid_until, used] = found->second;
    if (uses != 0 && used >= uses) return Refused("an entitlement that is used up");
    if (!valid_until.empty() && care.Text("performed_on") > valid_until) {
      return Refused("an entitlement that has expired");
    }
    return absl::OkStatus();
  }

  absl::Status CheckIdentity(const Message& specification) const {
    const bool is_same = specification.Text("gtin14") == piece_.gtin14 &&
                         specification.Text("serial") == piece_.serial;
    return is_same ? absl::OkStatus() : Refused("the specification of another piece");
  }

  absl::Status CheckCorrection(const Message& statement) const {
    const Message& correction = statement.Get("correction");
    const Line* line = piece_.FindLine(correction.Text("corrects"));
    const Names correctable = {"registration", "laboratory_report", "care_record",
                               "assay_report", "modification",      "appraisal",
                               "custody",      "documents_added"};
    if (line == nullptr || correctable.count(line->event) == 0)
      return Refused("nothing to correct");
    const bool is_specification = line->event == "registration" || line->event == "modification";
    for (const char* kind : {"piece", "care_record", "assay_report", "appraisal"}) {
      const bool fits = kind == std::string("piece") ? is_specification : line->event == kind;
      if (correction.Has(kind) && !fits) return Refused("a replacement of another kind");
    }
    if (correction.Has("releases") && line->event != "registration") return Refused("releases");
    if (is_specification) {
      if (!correction.Has("piece")) return Refused("a specification that is withdrawn");
      return CheckIdentity(correction.Get("piece"));
    }
    const std::string used = correction.Get("care_record").Text("entitlement_used");
    return used.empty() || used == line->entitlement ? absl::OkStatus()
                                                     : Refused("another entitlement");
  }

  absl::Status CheckReported(const Message& event) const {
    const uint64_t kind = event.Number("kind");
    const std::set<uint64_t> findings = {kDamaged, kCounterfeitSuspected, kInscriptionMismatch};
    std::set<uint64_t> alike = {kind};
    size_t max = kind == kOwnershipDisputed ? 4 : 1;
    if (findings.count(kind) > 0) {
      alike = findings;
      max = 8;
    }
    return piece_.CountOpen(alike) < max ? absl::OkStatus() : Refused("too many open incidents");
  }

  absl::Status CheckResolved(const Message& event) const {
    const auto incident = piece_.incidents.find(event.Text("incident"));
    if (incident == piece_.incidents.end()) return Refused("an incident that is not open");
    const bool fits = OutcomesOf(incident->second).count(event.Number("outcome")) > 0;
    return fits ? absl::OkStatus() : Refused("an outcome that does not fit");
  }

  absl::Status CheckMoved(const Link& link) const {
    if (!piece_.notice) return Refused("no notice");
    const uint64_t waited = link.entry.time_ms - piece_.notice->time_ms;  // times do not decrease
    return waited >= stewards_.notice_period_ms ? absl::OkStatus() : Refused("too early");
  }

  absl::Status CheckRoomOf(const Said& said, const Line& line) const {
    if (!IsLimitedBySigner(said)) return absl::OkStatus();
    uint64_t count = piece_.said_by_holder;
    if (!line.participant.empty()) {
      const auto found = piece_.said_by.find(line.participant);
      count = found == piece_.said_by.end() ? 0 : found->second;
    }
    if (line.participant.empty() && piece_.lines.size() >= 448) return Refused("too many entries");
    const bool is_issuer = !line.participant.empty() && line.participant == piece_.issuer;
    const uint64_t more = !line.participant.empty() && EntriesMax(said) == 512 ? 16 : 0;
    return count < (is_issuer ? 256 : 96) + more ? absl::OkStatus() : Refused("too many by one");
  }

  void Take(const Claim& claim, uint8_t event, size_t number) {
    piece_.claims[claim].push_back({event, number});
    if (event == 3) {
      piece_.makes.erase(claim);
    } else {
      piece_.makes.insert(claim);
    }
  }

  // What the entry does to claims, as far as the passport's own entries tell whether it may.
  absl::Status TakeClaims(const Said& said, size_t number, Line& line) {
    const Message& event = said.statement.Get(said.event);
    const absl::StatusOr<std::vector<Claim>> claims = ClaimsOf(aliases_, said.statement);
    if (!claims.ok()) return claims.status();
    const auto is_made = [&claims](const Claim& claim) {
      return std::find(claims->begin(), claims->end(), claim) != claims->end();
    };
    std::set<Claim> contests;
    for (const Message& contest : event.Messages("contests")) {
      const absl::StatusOr<Claim> claim = ReadReference(aliases_, contest);
      if (!claim.ok()) return claim.status();
      if (!is_made(*claim) || piece_.makes.count(*claim) > 0 ||
          !piece_.contested.insert(*claim).second) {
        return Refused("a contest of what the statement does not newly claim");
      }
      contests.insert(*claim);
    }
    for (const Claim& claim : *claims) {
      if (piece_.makes.count(claim) == 0) Take(claim, contests.count(claim) > 0 ? 2 : 1, number);
    }
    for (const Message& release : event.Messages("releases")) {
      const absl::StatusOr<Claim> claim = ReadReference(aliases_, release);
      if (!claim.ok()) return claim.status();
      if (claim->kind == 6 || is_made(*claim) || piece_.makes.count(*claim) == 0) {
        return Refused("a release of nothing");
      }
      Take(*claim, 3, number);
    }
    if (said.event == "claim_resolved") {
      const absl::StatusOr<Claim> claim = ReadReference(aliases_, event.Get("claim"));
      if (!claim.ok()) return claim.status();
      Take(*claim, 4, number);
    }
    for (const Message& predecessor : event.Messages("predecessors")) {
      line.predecessors.push_back(predecessor.Text("digest"));
    }
    return absl::OkStatus();
  }

  void Apply(const Link& link, Line& line) {
    const Message& event = link.said.statement.Get(line.event);
    if (line.event == "registration") Register(event, line);
    if (line.event == "registration" || IsOwnershipEvent(link.said)) {
      piece_.newest_ownership = line.digest;
    }
    for (const std::string& key : NamedKeys(link.said)) piece_.named_keys.insert(key);
    if (line.participant.empty() && !IsOwnershipEvent(link.said)) ++piece_.said_by_holder;
    if (!line.participant.empty()) ++piece_.said_by[line.participant];
    ApplyToHolder(link, event);
    ApplyToNotice(link, event, line);
    ApplyToRecords(event, line);
    ApplyToIncidents(event, line);
    if (line.event == "pledged") piece_.pledgee = event.Text("pledgee_key");
    if (line.event == "pledge_released") piece_.pledgee.clear();
    if (line.event == "custody") {
      piece_.custodian = event.Number("kind") == kReceived ? line.participant : "";
    }
  }

  void Register(const Message& registration, const Line& line) {
    const Message& specification = registration.Get("piece");
    piece_.issuer = line.participant;
    piece_.gtin14 = specification.Text("gtin14");
    piece_.serial = specification.Text("serial");
    for (const Message& one : specification.Messages("entitlements")) Entitle(one);
  }

  void Entitle(const Message& entitlement) {
    piece_.entitlements[entitlement.Text("id")] = {entitlement.Number("uses"),
                                                   entitlement.Text("valid_until"), 0};
  }

  void ApplyToHolder(const Link& link, const Message& event) {
    const std::string& name = link.said.event;
    if (name == "first_sale") {
      piece_.is_kept_by_store = event.Number("kept_by_store") == 1;
      SetHolder("unclaimed", event.Text("claim_key"));
    } else if (name == "claim") {
      SetHolder("owned", event.Text("owner_key"));
      piece_.is_kept_by_store = false;
      ++piece_.owners;
    } else if (name == "transfer") {
      const uint64_t kind = event.Number("kind");
      SetHolder("owned", event.Text("to_key"));
      const bool is_same_owner =
          kind == kConsignment || (kind == kReturn && piece_.is_on_consignment);
      piece_.is_on_consignment = kind == kConsignment;
      if (!is_same_owner) ++piece_.owners;
    } else if (name == "ownership_moved") {
      SetHolder("owned", std::string(piece_.notice->to_key));
      piece_.is_kept_by_store = false;
      piece_.is_on_consignment = false;
      ++piece_.owners;
    } else if (name == "end_of_life") {
      SetHolder("retired", "");
      piece_.custodian.clear();
      piece_.is_on_consignment = false;
      piece_.is_kept_by_store = false;
    }
  }

  void SetHolder(const std::string& phase, const std::string& key) {
    piece_.holding = phase;
    piece_.holder = key;
    piece_.holder_has_objected = false;
    piece_.said_by_holder = 0;
    piece_.notice.reset();
  }

  void ApplyToNotice(const Link& link, const Message& event, const Line& line) {
    if (line.event == "transfer_notice") {
      piece_.notice = {event.Number("kind"), line.participant, event.Text("to_key"),
                       link.entry.time_ms, false};
    } else if (line.event == "notice_withdrawn") {
      piece_.notice.reset();
    } else if (line.event == "notice_objected") {
      piece_.holder_has_objected = true;
      piece_.notice->is_objected = true;
      if (piece_.notice->kind != kCourtOrder) piece_.notice.reset();
    }
  }

  void ApplyToRecords(const Message& event, Line& line) {
    if (line.event == "care_record" && event.Has("entitlement_used")) {
      line.entitlement = event.Text("entitlement_used");
      ++piece_.entitlements.at(line.entitlement).used;
    }
    if (line.event == "entitlement_granted") Entitle(event.Get("entitlement"));
    if (line.event == "laboratory_report" && event.Has("supersedes")) {
      piece_.superseded.insert(
          *ReportClaim(aliases_, event.Text("laboratory"), event.Text("supersedes")));
    }
    if (line.event != "correction") return;
    for (Line& corrected : piece_.lines) {
      if (corrected.digest != event.Text("corrects") || corrected.entitlement.empty()) continue;
      if (event.Get("care_record").Has("entitlement_used")) continue;
      --piece_.entitlements.at(corrected.entitlement).used;
      corrected.entitlement.clear();
    }
  }

  void ApplyToIncidents(const Message& event, const Line& line) {
    if (line.event == "incident_reported") {
      piece_.incidents[line.digest] = {event.Number("kind"), line.participant, false};
    } else if (line.event == "incident_resolved") {
      if (event.Number("outcome") == kConfirmed) {
        piece_.incidents.at(event.Text("incident")).is_confirmed = true;
      } else {
        piece_.incidents.erase(event.Text("incident"));
      }
    }
  }

  const Stewards& stewards_;
  const Participants& participants_;
  const Aliases& aliases_;
  Piece piece_;
};

}  // namespace

const Line* Piece::FindLine(const std::string& digest) const {
  for (const Line& line : lines) {
    if (line.digest == digest) return &line;
  }
  return nullptr;
}

size_t Piece::CountOpen(const std::set<uint64_t>& kinds) const {
  size_t count = 0;
  for (const auto& [digest, incident] : incidents) count += kinds.count(incident.kind);
  return count;
}

absl::StatusOr<Piece> FoldPiece(const Stewards& stewards, const Participants& participants,
                                const Aliases& aliases, const Chain& chain) {
  PieceFold fold(stewards, participants, aliases);
  for (const Link& link : chain.links) {
    if (absl::Status status = fold.Next(link); !status.ok()) return status;
  }
  Piece piece = fold.piece();
  piece.passport_id = chain.subject;
  return piece;
}

}  // namespace touchstone::second_reader
