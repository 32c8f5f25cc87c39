#include "tests/vectors/second_reader/rules.h"

#include <algorithm>
#include <set>

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

// Of ParticipantDetails.
constexpr uint64_t kIssuer = 1;
constexpr uint64_t kLaboratory = 2;
constexpr uint64_t kWorkshop = 3;
constexpr uint64_t kAuthority = 6;

size_t EntriesMax(const std::string& event, bool is_ownership) {
  if (event == "claim_resolved" || event == "end_of_life" || event == "stone_removed") return 512;
  return is_ownership ? 496 : 448;
}

absl::Status CheckStewardsSigned(const Said& said, const Stewards& stewards) {
  if (said.signatures.size() != stewards.threshold) return Refused("not `threshold` stewards");
  for (size_t i = 0; i < said.signatures.size(); ++i) {
    const auto key = stewards.keys.find(said.signatures[i].keyid);
    if (key == stewards.keys.end()) return Refused("signed by somebody who is no steward");
    if (absl::Status status = CheckSaid(said, i, key->second); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckLog(const Link& link, const Stewards& stewards) {
  if (link.said.statement.Text("log_origin") != stewards.origin) return Refused("another log");
  if (stewards.closed_at && link.entry.position > *stewards.closed_at) {
    return Refused("said after the log was closed");
  }
  return absl::OkStatus();
}

absl::StatusOr<Stewards> FoldGenesis(const Policy& policy, const Link& link) {
  if (policy.genesis.empty()) return CannotJudge("a policy without a genesis");
  if (link.entry.position != 0 || link.entry.digest != policy.genesis) {
    return Refused("another genesis than the policy names");
  }
  const Message& statement = link.said.statement;
  if (link.said.event != "genesis") return Refused("a log that does not begin with its genesis");
  if (link.entry.time_ms != statement.Number("occurred_at_ms")) return Refused("a genesis' time");
  Stewards stewards;
  stewards.origin = statement.Text("log_origin");
  if (stewards.origin != policy.log.name) return Refused("the genesis of another log");
  stewards.threshold = statement.Get("genesis").Number("threshold");
  for (const std::string& key : NamedKeys(link.said)) stewards.keys[Sha256(key)] = key;
  if (stewards.threshold < 1 || stewards.threshold > stewards.keys.size()) {
    return Refused("a threshold that cannot be");
  }
  if (absl::Status status = CheckStewardsSigned(link.said, stewards); !status.ok()) return status;
  return stewards;
}

absl::Status Revoke(const Link& link, Participant& participant) {
  const Message& revoked = link.said.statement.Get("key_revoked");
  const auto key = participant.keys.find(revoked.Text("key_id"));
  if (key == participant.keys.end() || key->second.revoked_at) return Refused("no key to revoke");
  if (revoked.Has("compromised_from")) {
    if (revoked.Number("compromised_from") > link.entry.position) return Refused("from the future");
    key->second.compromised_from = revoked.Number("compromised_from");
  }
  key->second.revoked_at = link.entry.position;
  return absl::OkStatus();
}

bool Has(const std::vector<uint64_t>& roles, uint64_t role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

// Folds one entry of a piece after the other.
class PieceFold {
 public:
  PieceFold(const Stewards& stewards, const Participants& participants, const Aliases& aliases)
      : stewards_(stewards), participants_(participants), aliases_(aliases) {}

  absl::Status Next(const Link& link) {
    if (absl::Status status = CheckLog(link, stewards_); !status.ok()) return status;
    const std::string& event = link.said.event;
    const std::vector<std::string> named = NamedKeys(link.said);
    const bool is_ownership = !named.empty();
    const size_t number = piece_.lines.size();
    if ((event == "registration") != (number == 0)) return Refused("a registration's place");
    if (number >= EntriesMax(event, is_ownership)) return Refused("too many");
    if (piece_.holding == "retired" && event != "claim_resolved") return Refused("after the end");
    Line line{event, link.entry.position, link.entry.digest, "", false, false, {}};
    absl::Status status = is_ownership ? CheckOwnership(link, named[0]) : absl::OkStatus();
    if (status.ok()) status = CheckSigners(link, named, line);
    if (status.ok()) status = TakeClaims(link.said, number, line);
    if (!status.ok()) return status;
    if (number == 0) piece_.issuer = line.participant;
    if (number == 0 || is_ownership) newest_ownership_ = link.entry.digest;
    if (is_ownership) {
      acting_ = named[0];
      named_.push_back(named[0]);
      piece_.holding = event == "first_sale" ? "unclaimed" : "owned";
      if (event != "first_sale") ++piece_.owners;
    }
    if (event == "end_of_life") piece_.holding = "retired";
    piece_.lines.push_back(line);
    return absl::OkStatus();
  }

  Piece piece() const { return piece_; }

 private:
  absl::Status CheckOwnership(const Link& link, const std::string& named) const {
    if (link.said.statement.Text("builds_on") != newest_ownership_) return Refused("builds_on");
    const std::string needed = link.said.event == "first_sale" ? "with_store"
                               : link.said.event == "claim"    ? "unclaimed"
                                                               : "owned";
    if (piece_.holding != needed) return Refused("a piece that is not " + needed);
    if (std::find(named_.begin(), named_.end(), named) != named_.end()) {
      return Refused("a key that was named before");
    }
    return absl::OkStatus();
  }

  // Exactly the keys that the event asks for: owners' ones, and that of a participant unless only
  // owners sign.
  absl::Status CheckSigners(const Link& link, const std::vector<std::string>& named, Line& line) {
    std::vector<std::string> owners;
    const bool is_vouched = link.said.event != "claim" && link.said.event != "transfer";
    if (!is_vouched || (IsRemoval(link.said) && !acting_.empty())) owners.push_back(acting_);
    if (!named.empty()) owners.push_back(named[0]);
    if (link.said.signatures.size() != owners.size() + (is_vouched ? 1 : 0)) {
      return Refused("a number of signatures that the event does not call for");
    }
    size_t owners_found = 0;
    for (size_t i = 0; i < link.said.signatures.size(); ++i) {
      const std::string& keyid = link.said.signatures[i].keyid;
      const auto owner = std::find_if(owners.begin(), owners.end(),
                                      [&keyid](const auto& key) { return Sha256(key) == keyid; });
      absl::Status status;
      if (owner != owners.end()) {
        ++owners_found;
        status = CheckSaid(link.said, i, *owner);
      } else {
        status = CheckParticipant(link, i, line);
      }
      if (!status.ok()) return status;
    }
    return owners_found == owners.size() ? absl::OkStatus() : Refused("an owner has not signed");
  }

  absl::Status CheckParticipant(const Link& link, size_t i, Line& line) {
    const std::string& keyid = link.said.signatures[i].keyid;
    const uint64_t position = link.entry.position;
    for (const Participant& participant : participants_) {
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
      if (absl::Status status = CheckRole(link.said, *details, line); !status.ok()) return status;
      return CheckSaid(link.said, i, key.key);
    }
    return Refused("a key that is nobody's");
  }

  static bool IsRemoval(const Said& said) {
    return said.event == "end_of_life" || said.event == "stone_removed";
  }

  absl::Status CheckResolver(const Said& said, const Message& details) const {
    const std::vector<uint64_t> roles = details.Numbers("roles");
    if (Has(roles, kAuthority)) return absl::OkStatus();
    const absl::StatusOr<Claim> resolved =
        ReadReference(aliases_, said.statement.Get("claim_resolved").Get("claim"));
    if (!resolved.ok()) return resolved.status();
    const Claim& claim = *resolved;
    for (const std::string& own : details.Texts("laboratory_names")) {
      const absl::StatusOr<std::string> name = Laboratory(aliases_, own);
      if (!name.ok() || !Has(roles, kLaboratory)) continue;
      const std::string begin = claim.kind == 5 ? *name + '\0' : *name;
      const bool is_long_enough = claim.kind == 5 || (claim.kind == 4 && name->size() >= 3);
      if (is_long_enough && claim.subject.compare(0, begin.size(), begin) == 0) {
        return absl::OkStatus();
      }
    }
    return Refused("a resolution by somebody whom the claim does not concern");
  }

  absl::Status CheckRole(const Said& said, const Message& details, Line& line) const {
    const std::vector<uint64_t> roles = details.Numbers("roles");
    if (said.event == "claim_resolved") return CheckResolver(said, details);
    if (IsRemoval(said) && !acting_.empty() && Has(roles, kWorkshop)) return absl::OkStatus();
    if (said.event == "laboratory_report") {
      const Message& report = said.statement.Get("laboratory_report");
      const absl::StatusOr<std::string> name = Laboratory(aliases_, report.Text("laboratory"));
      if (!name.ok()) return name.status();
      for (const std::string& own : details.Texts("laboratory_names")) {
        const absl::StatusOr<std::string> own_name = Laboratory(aliases_, own);
        if (Has(roles, kLaboratory) && own_name.ok() && *own_name == *name) return absl::OkStatus();
      }
      line.as_provided = true;
    }
    if (said.event == "care_record" && Has(roles, kWorkshop)) return absl::OkStatus();
    if (!Has(roles, kIssuer)) return Refused("a participant without the role");
    const bool speaks_for_store =
        said.event == "first_sale" || (IsRemoval(said) && acting_.empty());
    if (speaks_for_store && line.participant != piece_.issuer) {
      return Refused("another issuer than that of record");
    }
    const std::string gtin = said.statement.Get("registration").Get("piece").Text("gtin14");
    if (gtin.empty()) return absl::OkStatus();
    for (const std::string& prefix : details.Texts("gs1_company_prefixes")) {
      if (gtin.compare(1, prefix.size(), prefix) == 0) return absl::OkStatus();
    }
    return Refused("a GTIN of somebody else");
  }

  void Take(const Claim& claim, uint8_t event, size_t number) {
    piece_.claims[claim].push_back({event, number});
    if (event == 3) {
      makes_.erase(claim);
    } else {
      makes_.insert(claim);
    }
  }

  // What the entry does to claims, as far as the passport's own entries tell whether it may.
  absl::Status TakeClaims(const Said& said, size_t number, Line& line) {
    const Message& event = said.statement.Get(said.event);
    const absl::StatusOr<std::vector<Claim>> claims = ClaimsOf(aliases_, said.statement);
    if (!claims.ok()) return claims.status();
    std::set<Claim> contests;
    for (const Message& contest : event.Messages("contests")) {
      const absl::StatusOr<Claim> claim = ReadReference(aliases_, contest);
      if (!claim.ok()) return claim.status();
      const bool is_made = std::find(claims->begin(), claims->end(), *claim) != claims->end();
      if (!is_made || makes_.count(*claim) > 0 || !contested_.insert(*claim).second) {
        return Refused("a contest of what the statement does not newly claim");
      }
      contests.insert(*claim);
    }
    for (const Claim& claim : *claims) {
      if (makes_.count(claim) == 0) Take(claim, contests.count(claim) > 0 ? 2 : 1, number);
    }
    for (const Message& release : event.Messages("releases")) {
      const absl::StatusOr<Claim> claim = ReadReference(aliases_, release);
      if (!claim.ok()) return claim.status();
      if (claim->kind == 6 || makes_.count(*claim) == 0) return Refused("a release of nothing");
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

  const Stewards& stewards_;
  const Participants& participants_;
  const Aliases& aliases_;
  Piece piece_;
  std::string newest_ownership_;
  std::string acting_;
  std::vector<std::string> named_;
  std::set<Claim> makes_;  // and has not released since
  std::set<Claim> contested_;
};

}  // namespace

absl::StatusOr<Stewards> FoldStewards(const Policy& policy, const Chain& chain) {
  absl::StatusOr<Stewards> stewards = FoldGenesis(policy, chain.links[0]);
  for (size_t i = 1; stewards.ok() && i < chain.links.size(); ++i) {
    const Link& link = chain.links[i];
    if (link.said.event == "genesis") return Refused("a second genesis");
    absl::Status status = CheckLog(link, *stewards);
    if (status.ok()) status = CheckStewardsSigned(link.said, *stewards);
    if (!status.ok()) return status;
    if (link.said.event == "log_closed") stewards->closed_at = link.entry.position;
    for (const std::string& key : NamedKeys(link.said)) stewards->card_keys[Sha256(key)] = key;
  }
  return stewards;
}

absl::StatusOr<Participant> FoldParticipant(const Stewards& stewards, const Participants& others,
                                            const Chain& chain) {
  Participant participant;
  participant.id = chain.subject;
  for (const Link& link : chain.links) {
    if (absl::Status status = CheckLog(link, stewards); !status.ok()) return status;
    const bool is_first = &link == &chain.links[0];
    if ((link.said.event == "participant_enrolled") != is_first) return Refused("an enrolment");
    for (const std::string& key : NamedKeys(link.said)) {
      const std::string id = Sha256(key);
      bool is_new = participant.keys.count(id) == 0;
      for (const Participant& other : others) is_new = is_new && other.keys.count(id) == 0;
      if (!is_new) return Refused("a key that is enrolled already");
      participant.keys[id] = {key, link.entry.position, std::nullopt, std::nullopt};
    }
    if (link.said.event == "key_revoked") {
      if (absl::Status status = Revoke(link, participant); !status.ok()) return status;
    }
    for (const char* event : {"participant_enrolled", "participant_changed"}) {
      if (!link.said.statement.Has(event)) continue;
      participant.details.push_back(
          {link.entry.position, link.said.statement.Get(event).Get("details")});
    }
    absl::Status status = CheckStewardsSigned(link.said, stewards);
    if (!status.ok()) return status;
  }
  return participant;
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
