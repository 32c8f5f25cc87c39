#include "tests/vectors/second_reader/rules.h"

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

constexpr uint64_t kThirtyDaysMs = uint64_t{30} * 24 * 3600 * 1000;

absl::StatusOr<Stewards::Board> ReadBoard(const Link& link) {
  Stewards::Board board;
  board.from = link.entry.position;
  board.threshold = link.said.statement.Get(link.said.event).Number("threshold");
  for (const std::string& key : NamedKeys(link.said)) board.keys[Sha256(key)] = key;
  if (board.threshold < 1 || board.threshold > board.keys.size()) {
    return Refused("a threshold that cannot be");
  }
  return board;
}

absl::Status CheckBoardSigned(const Said& said, const Stewards::Board& board) {
  if (said.signatures.size() != board.threshold) return Refused("not `threshold` stewards");
  for (size_t i = 0; i < said.signatures.size(); ++i) {
    const auto key = board.keys.find(said.signatures[i].keyid);
    if (key == board.keys.end()) return Refused("signed by somebody who is no steward");
    if (absl::Status status = CheckSaid(said, i, key->second); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// By the stewards of the entry.
absl::Status CheckStewardsSigned(const Link& link, const Stewards& stewards) {
  const Stewards::Board* newest = nullptr;
  for (const Stewards::Board& board : stewards.boards) {
    if (board.from < link.entry.position) newest = &board;
  }
  if (newest == nullptr) return Refused("said before there were stewards");
  return CheckBoardSigned(link.said, *newest);
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
  stewards.notice_period_ms = kThirtyDaysMs;
  const Message& genesis = statement.Get("genesis");
  if (genesis.Has("notice_period_ms")) {
    stewards.notice_period_ms = genesis.Number("notice_period_ms");
  }
  const absl::StatusOr<Stewards::Board> board = ReadBoard(link);
  if (!board.ok()) return board.status();
  if (absl::Status status = CheckBoardSigned(link.said, *board); !status.ok()) return status;
  stewards.boards.push_back(*board);
  return stewards;
}

absl::Status EnrolCardKey(const Link& link, Stewards& stewards) {
  const std::string key = NamedKeys(link.said)[0];
  if (!stewards.card_keys.emplace(Sha256(key), Stewards::CardKey{key, false, ""}).second) {
    return Refused("a card key that was one before");
  }
  return absl::OkStatus();
}

absl::Status RevokeCardKey(const Link& link, Stewards& stewards) {
  const Message& revoked = link.said.statement.Get("card_key_revoked");
  const auto key = stewards.card_keys.find(revoked.Text("key_id"));
  if (key == stewards.card_keys.end() || key->second.is_revoked) {
    return Refused("no card key to revoke");
  }
  key->second.is_revoked = true;
  key->second.good_before = revoked.Text("good_before");
  return absl::OkStatus();
}

absl::Status ApplyToStewards(const Link& link, Stewards& stewards) {
  if (link.said.event == "log_closed") stewards.closed_at = link.entry.position;
  if (link.said.event == "card_key_enrolled") return EnrolCardKey(link, stewards);
  if (link.said.event == "card_key_revoked") return RevokeCardKey(link, stewards);
  if (link.said.event == "stewards_changed") {
    absl::StatusOr<Stewards::Board> board = ReadBoard(link);
    if (!board.ok()) return board.status();
    stewards.boards.push_back(*std::move(board));
  }
  return absl::OkStatus();
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

}  // namespace

absl::Status CheckLog(const Link& link, const Stewards& stewards) {
  if (link.said.statement.Text("log_origin") != stewards.origin) return Refused("another log");
  if (stewards.closed_at && link.entry.position > *stewards.closed_at) {
    return Refused("said after the log was closed");
  }
  return absl::OkStatus();
}

absl::StatusOr<Stewards> FoldStewards(const Policy& policy, const Chain& chain) {
  absl::StatusOr<Stewards> stewards = FoldGenesis(policy, chain.links[0]);
  for (size_t i = 1; stewards.ok() && i < chain.links.size(); ++i) {
    const Link& link = chain.links[i];
    if (link.said.event == "genesis") return Refused("a second genesis");
    absl::Status status = CheckLog(link, *stewards);
    if (status.ok()) status = CheckStewardsSigned(link, *stewards);
    if (status.ok()) status = ApplyToStewards(link, *stewards);
    if (!status.ok()) return status;
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
    absl::Status status = CheckStewardsSigned(link, stewards);
    if (!status.ok()) return status;
  }
  return participant;
}

}  // namespace touchstone::second_reader
