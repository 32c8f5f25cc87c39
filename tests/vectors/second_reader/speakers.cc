#include "tests/vectors/second_reader/speakers.h"

#include <algorithm>
#include <set>
#include <vector>

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

// Of ParticipantDetails.
constexpr uint64_t kIssuer = 1;
constexpr uint64_t kLaboratory = 2;
constexpr uint64_t kWorkshop = 3;
constexpr uint64_t kAppraiser = 4;
constexpr uint64_t kInsurer = 5;
constexpr uint64_t kAuthority = 6;

// The signatures that a statement needs.
struct Form {
  std::vector<std::string> keys;  // of holders, next holders, pledgees
  bool has_participant = true;
  bool has_holder = false;
};

bool IsOneOf(const std::string& event, const std::set<std::string>& events) {
  return events.count(event) > 0;
}

// What may be said with the holder, and in some cases only so.
bool MayBeWithHolder(const Said& said, const Piece& piece) {
  const Message& event = said.statement.Get(said.event);
  if (said.event == "care_record") return event.Has("entitlement_used");
  if (said.event == "incident_resolved") {
    const uint64_t kind = piece.incidents.at(event.Text("incident")).kind;
    return kind == kLost || kind == kStolen;
  }
  if (said.event == "correction") {
    return piece.FindLine(event.Text("corrects"))->event == "modification";
  }
  return said.event == "laboratory_report" || said.event == "modification";
}

// What a participant may say, or the holder alone.
bool MayBeByHolder(const Said& said, const Piece& piece) {
  const Message& event = said.statement.Get(said.event);
  if (said.event == "incident_reported") {
    const uint64_t kind = event.Number("kind");
    return kind == kLost || kind == kStolen || kind == kDamaged;
  }
  if (said.event == "incident_resolved") {
    const Incident& incident = piece.incidents.at(event.Text("incident"));
    return incident.kind == kDamaged && incident.reporter.empty();
  }
  return said.event == "documents_added" || said.event == "data_erased";
}

Form FormOf(const Said& said, const Piece& piece) {
  Form form;
  const std::string holder_id = piece.holder.empty() ? "" : Sha256(piece.holder);
  const std::string pledgee_id = piece.pledgee.empty() ? "" : Sha256(piece.pledgee);
  bool holder_signed = false;
  bool pledgee_signed = false;
  for (const auto& signature : said.signatures) {
    holder_signed = holder_signed || signature.keyid == holder_id;
    pledgee_signed = pledgee_signed || signature.keyid == pledgee_id;
  }
  const bool is_release_by_two =
      said.event == "pledge_released" && (holder_signed || pledgee_signed);
  if (is_release_by_two ||
      IsOneOf(said.event, {"claim", "transfer", "offer_withdrawn", "notice_objected", "pledged"})) {
    form.has_holder = true;
    form.has_participant = false;
  } else if (IsRemoval(said)) {
    form.has_holder = piece.holding != "with_store";
  } else if (holder_signed && MayBeWithHolder(said, piece)) {
    form.has_holder = true;
  } else if (holder_signed && MayBeByHolder(said, piece)) {
    form.has_holder = true;
    form.has_participant = false;
  }
  if (form.has_holder) form.keys.push_back(piece.holder);
  if (IsOneOf(said.event, {"first_sale", "claim", "transfer", "pledged"})) {
    form.keys.push_back(NamedKeys(said)[0]);
  }
  if (said.event == "ownership_moved") form.keys.push_back(piece.notice->to_key);
  if (is_release_by_two) form.keys.push_back(piece.pledgee);
  return form;
}

// A participant who signs, and what it may say.
class Speaker {
 public:
  Speaker(const Aliases& aliases, const Piece& piece, std::string id, const Message& details)
      : aliases_(aliases), piece_(piece), id_(std::move(id)), details_(details) {
    for (const uint64_t role : details.Numbers("roles")) roles_.insert(role);
  }

  absl::Status Check(const Said& said, const Form& form, Line& line) const {
    if (said.event == "registration") return CheckRegistration(said);
    line.as_provided = (said.event == "laboratory_report" && !IsNamedLaboratory(said, form)) ||
                       (said.event == "assay_report" && !IsAny({kLaboratory}));
    return MaySay(said, form) ? absl::OkStatus() : Refused("a participant who may not say it");
  }

 private:
  bool IsAny(const std::set<uint64_t>& roles) const {
    return std::any_of(roles.begin(), roles.end(),
                       [this](uint64_t role) { return roles_.count(role) > 0; });
  }
  bool IsOfRecord() const { return id_ == piece_.issuer && IsAny({kIssuer}); }

  absl::Status CheckRegistration(const Said& said) const {
    if (!IsAny({kIssuer})) return Refused("a registration by somebody who is no issuer");
    const std::string gtin = SpecificationIn(said.statement).Text("gtin14");
    if (gtin.empty()) return absl::OkStatus();
    for (const std::string& prefix : details_.Texts("gs1_company_prefixes")) {
      if (gtin.compare(1, prefix.size(), prefix) == 0) return absl::OkStatus();
    }
    return Refused("a GTIN of somebody else");
  }

  // The normal forms of its names.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const std::string& own : details_.Texts("laboratory_names")) {
      const absl::StatusOr<std::string> name = Laboratory(aliases_, own);
      if (name.ok()) names.push_back(*name);
    }
    return names;
  }

  bool IsNamedLaboratory(const Said& said, const Form& form) const {
    const Message& report = said.statement.Get("laboratory_report");
    const absl::StatusOr<std::string> name = Laboratory(aliases_, report.Text("laboratory"));
    if (!name.ok() || !IsAny({kLaboratory}) || form.has_holder) return false;
    const std::vector<std::string> names = Names();
    return std::find(names.begin(), names.end(), *name) != names.end();
  }

  bool MayResolveClaim(const Message& event) const {
    if (IsAny({kAuthority})) return true;
    const absl::StatusOr<Claim> claim = ReadReference(aliases_, event.Get("claim"));
    if (!claim.ok() || !IsAny({kLaboratory})) return false;
    for (const std::string& name : Names()) {
      const std::string begin = claim->kind == 5 ? name + '\0' : name;
      const bool is_long_enough = claim->kind == 5 || (claim->kind == 4 && name.size() >= 3);
      if (is_long_enough && claim->subject.compare(0, begin.size(), begin) == 0) return true;
    }
    return false;
  }

  bool MayGiveNotice(uint64_t kind) const {
    if (piece_.holder_has_objected || kind == kCourtOrder) return IsAny({kAuthority});
    if (kind == kSubrogation) return IsAny({kInsurer, kAuthority});
    return IsOfRecord() || IsAny({kAuthority});
  }

  bool MayReport(uint64_t kind) const {
    switch (kind) {
      case kLost:
      case kStolen:
      case kOwnershipDisputed:
        return IsOfRecord() || IsAny({kInsurer, kAuthority});
      case kCounterfeitSuspected:
      case kInscriptionMismatch:
        return IsAny({kLaboratory, kWorkshop, kIssuer, kAuthority});
      case kDamaged:
        return IsAny({kIssuer, kLaboratory, kWorkshop, kAppraiser, kInsurer});
      default:
        return IsAny({kInsurer});
    }
  }

  bool MayResolve(const Incident& incident, uint64_t outcome, const Form& form) const {
    if (incident.kind == kLost || incident.kind == kStolen) {
      if (form.has_holder || piece_.holding == "with_store") {
        return IsOfRecord() || (!form.has_holder && IsAny({kInsurer, kAuthority}));
      }
      return IsAny({kInsurer, kAuthority});
    }
    const bool reported_it = !incident.reporter.empty() && incident.reporter == id_;
    if (reported_it && !incident.is_confirmed && outcome != kConfirmed) return true;
    switch (incident.kind) {
      case kCounterfeitSuspected:
      case kInscriptionMismatch:
        return IsAny({kLaboratory, kAuthority});
      case kDamaged:
        return IsAny({kWorkshop, kIssuer});
      case kTotalLoss:
        return IsAny({kInsurer});
      default:
        return IsAny({kAuthority});
    }
  }

  bool MaySay(const Said& said, const Form& form) const {
    const std::string& name = said.event;
    const Message& event = said.statement.Get(name);
    const bool is_workshop_or_issuer = IsAny({kWorkshop, kIssuer});
    if (name == "laboratory_report") {
      if (form.has_holder) return IsAny({kIssuer});
      return IsNamedLaboratory(said, form) || IsOfRecord();
    }
    if (name == "care_record") {
      return event.Has("entitlement_used") && !form.has_holder ? IsOfRecord()
                                                               : is_workshop_or_issuer;
    }
    if (name == "assay_report") return IsAny({kLaboratory, kIssuer});
    if (name == "modification") return form.has_holder ? is_workshop_or_issuer : IsOfRecord();
    if (name == "appraisal") return IsAny({kAppraiser});
    if (name == "custody") {
      if (event.Number("kind") == kReturned) return id_ == piece_.custodian || IsOfRecord();
      return IsAny({kWorkshop, kIssuer, kLaboratory, kAppraiser});
    }
    if (name == "correction") {
      const Line& line = *piece_.FindLine(event.Text("corrects"));
      return line.participant == id_ &&
             (line.event != "modification" || form.has_holder || IsOfRecord());
    }
    if (name == "documents_added") return !roles_.empty();
    if (IsOneOf(name, {"entitlement_granted", "data_erased", "first_sale"})) return IsOfRecord();
    if (name == "transfer_notice") return MayGiveNotice(event.Number("kind"));
    if (name == "notice_withdrawn" && IsAny({kAuthority})) return true;
    if (name == "pledge_released") return IsAny({kAuthority});
    if (IsOneOf(name, {"notice_withdrawn", "ownership_moved"})) {
      return piece_.notice->giver == id_ && MayGiveNotice(piece_.notice->kind);
    }
    if (name == "claim_resolved") return MayResolveClaim(event);
    if (name == "incident_reported") return MayReport(event.Number("kind"));
    if (name == "incident_resolved") {
      return MayResolve(piece_.incidents.at(event.Text("incident")), event.Number("outcome"), form);
    }
    if (IsRemoval(said)) return form.has_holder ? is_workshop_or_issuer : IsOfRecord();
    return false;
  }

  const Aliases& aliases_;
  const Piece& piece_;
  std::string id_;
  const Message& details_;
  std::set<uint64_t> roles_;
};

absl::Status CheckParticipant(const Participants& participants, const Aliases& aliases,
                              const Piece& piece, const Link& link, size_t i, const Form& form,
                              Line& line) {
  const std::string& keyid = link.said.signatures[i].keyid;
  const uint64_t position = link.entry.position;
  for (const Participant& participant : participants) {
    const auto found = participant.keys.find(keyid);
    if (found == participant.keys.end()) continue;
    const Participant::Key& key = found->second;
    if (key.added_at >= position) return Refused("a key before it was added");
    if (key.revoked_at && *key.revoked_at <= position) return Refused("a revoked key");
    line.participant = participant.id;
    line.doubted = key.compromised_from && *key.compromised_from <= position;
    const Message* details = nullptr;
    for (const Participant::Details& one : participant.details) {
      if (one.from < position) details = &one.details;
    }
    if (details == nullptr) return Refused("a participant before it was enrolled");
    const Speaker speaker(aliases, piece, participant.id, *details);
    if (absl::Status status = speaker.Check(link.said, form, line); !status.ok()) return status;
    return CheckSaid(link.said, i, key.key);
  }
  return Refused("a key that is nobody's");
}

}  // namespace

bool IsRemoval(const Said& said) {
  return said.event == "end_of_life" || said.event == "stone_removed";
}

absl::Status CheckSpeakers(const Participants& participants, const Aliases& aliases,
                           const Piece& piece, const Link& link, Line& line) {
  const Form form = FormOf(link.said, piece);
  if (link.said.signatures.size() != form.keys.size() + (form.has_participant ? 1 : 0)) {
    return Refused("a number of signatures that the event does not call for");
  }
  size_t keys_found = 0;
  for (size_t i = 0; i < link.said.signatures.size(); ++i) {
    const std::string& keyid = link.said.signatures[i].keyid;
    const auto key = std::find_if(form.keys.begin(), form.keys.end(),
                                  [&keyid](const auto& one) { return Sha256(one) == keyid; });
    absl::Status status;
    if (key != form.keys.end()) {
      ++keys_found;
      status = CheckSaid(link.said, i, *key);
    } else {
      status = CheckParticipant(participants, aliases, piece, link, i, form, line);
    }
    if (!status.ok()) return status;
  }
  return keys_found == form.keys.size() ? absl::OkStatus() : Refused("a holder has not signed");
}

}  // namespace touchstone::second_reader
