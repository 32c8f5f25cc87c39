#include "tests/vectors/second_reader/claims.h"

#include <set>

#include "tests/vectors/second_reader/bytes.h"
#include "tests/vectors/second_reader/trees.h"

namespace touchstone::second_reader {
namespace {

constexpr uint64_t kClaim = 1;
constexpr uint64_t kContest = 2;
constexpr uint64_t kRelease = 3;
constexpr uint64_t kResolve = 4;

size_t EventsMax(uint64_t event) {
  if (event == kClaim) return 19;
  return event == kContest ? 12 : 20;
}

// A claim, which "we" (the passport of the file) and others make and unmake.
struct Life {
  std::string phase = "free";
  bool ours = false;  // while held
  std::string standing;
  std::string released_by;  // digest of the newest release, while free
  size_t events = 0;

  bool Allows(uint64_t event, bool is_own) const {
    if (events >= EventsMax(event)) return false;
    const bool we_take = standing == "held" || standing == "disputed";
    if (event == kClaim || event == kContest) {
      if (is_own && (we_take || standing == "lost")) return false;
      return (phase == "free") == (event == kClaim);
    }
    if (event == kResolve) return phase == "disputed" && (!is_own || we_take);
    return phase == "held" && ours == is_own;
  }

  void Take(uint64_t event, bool is_own, const std::string& digest) {
    ++events;
    released_by = event == kRelease ? digest : "";
    const bool we_took = standing == "held" || standing == "disputed";
    if (event == kRelease) {
      phase = "free";
      if (is_own) standing = "released";
    } else if (event == kContest) {
      phase = "disputed";
      if (is_own || we_took) standing = "disputed";
    } else {
      phase = "held";
      ours = is_own;
      if (is_own) {
        standing = "held";
      } else if (event == kResolve && we_took) {
        standing = "lost";
      }
    }
  }
};

struct Event {
  uint64_t event = 0;
  std::string digest;
  uint64_t position = 0;
};

// Event `number` of the claim, which the index has.
absl::StatusOr<Event> ReadEvent(const Log& log, const Claim& claim, uint32_t number,
                                const Message& message) {
  const Event read{message.Number("event"), message.Text("digest"), message.Number("position")};
  if (read.event < kClaim || read.event > kResolve) return CannotJudge("an event of another kind");
  if (read.digest.size() != 32) return Refused("a digest of another length");
  if (read.position >= log.checkpoint.size) return Refused("a position beyond the log");
  const IndexLeaf leaf{IndexKey(claim.kind, claim.subject, number),
                       IndexValue(static_cast<uint8_t>(read.event), read.digest, read.position)};
  absl::Status status = CheckPresent(log.index_root, leaf, message.Text("present"));
  if (!status.ok()) return status;
  return read;
}

absl::Status CheckNoNext(const Log& log, const Claim& claim, size_t events, const Message& chain) {
  return CheckAbsent(log.index_root,
                     IndexKey(claim.kind, claim.subject, static_cast<uint32_t>(events)),
                     chain.Text("next_absent"));
}

// What the entries of the piece claim anew: the releases, by the entry's number.
using Anew = std::map<size_t, std::set<std::string>>;

absl::StatusOr<std::string> CheckClaim(const Log& log, const Piece& piece, const Claim& claim,
                                       const std::vector<Step>& steps, const Message& chain,
                                       Anew& anew) {
  if (chain.Number("kind") != claim.kind || chain.Text("subject") != claim.subject) {
    return Refused("another claim than the entries make");
  }
  Life life;
  size_t steps_seen = 0;
  uint64_t next_position = 0;
  for (const Message& message : chain.Messages("events")) {
    const absl::StatusOr<Event> read =
        ReadEvent(log, claim, static_cast<uint32_t>(life.events), message);
    if (!read.ok()) return read.status();
    const auto& [event, digest, position] = *read;
    if (position < next_position) return Refused("positions that do not ascend");
    next_position = position + 1;
    bool is_own = false;
    for (const Line& line : piece.lines) is_own = is_own || line.digest == digest;
    if (is_own) {
      if (steps_seen == steps.size()) return Refused("an event too many");
      const Step& step = steps[steps_seen];
      const Line& line = piece.lines[step.line];
      if (step.event != event || line.digest != digest || line.position != position) {
        return Refused("an event that the entry does not make");
      }
    }
    if (!life.Allows(event, is_own)) return Refused("a step that is none");
    if (is_own && !life.released_by.empty()) {
      anew[steps[steps_seen].line].insert(life.released_by);
    }
    life.Take(event, is_own, digest);
    if (is_own) ++steps_seen;
  }
  if (steps_seen != steps.size()) return Refused("an event of the piece is missing");
  absl::Status status = CheckNoNext(log, claim, life.events, chain);
  if (!status.ok()) return status;
  return life.standing;
}

}  // namespace

absl::StatusOr<Standings> CheckClaims(const Log& log, const Piece& piece,
                                      const std::vector<Message>& chains) {
  if (chains.size() != piece.claims.size()) return Refused("not the claims that are made");
  Standings standings;
  Anew anew;
  size_t i = 0;
  for (const auto& [claim, steps] : piece.claims) {
    const absl::StatusOr<std::string> standing =
        CheckClaim(log, piece, claim, steps, chains[i++], anew);
    if (!standing.ok()) return standing.status();
    standings[claim] = *standing;
  }
  for (size_t number = 0; number < piece.lines.size(); ++number) {
    const std::vector<std::string>& named = piece.lines[number].predecessors;
    if (std::set<std::string>(named.begin(), named.end()) != anew[number]) {
      return Refused("not the predecessors of what is claimed anew");
    }
  }
  return standings;
}

absl::StatusOr<size_t> CheckNobodys(const Log& log, const Message& chain) {
  const Claim claim{static_cast<uint8_t>(chain.Number("kind")), chain.Text("subject")};
  Life life;
  uint64_t next_position = 0;
  for (const Message& message : chain.Messages("events")) {
    const absl::StatusOr<Event> read =
        ReadEvent(log, claim, static_cast<uint32_t>(life.events), message);
    if (!read.ok()) return read.status();
    if (read->position < next_position) return Refused("positions that do not ascend");
    next_position = read->position + 1;
    if (!life.Allows(read->event, false)) return Refused("a step that is none");
    life.Take(read->event, false, read->digest);
  }
  absl::Status status = CheckNoNext(log, claim, life.events, chain);
  if (!status.ok()) return status;
  if (life.phase != "free") return Refused("a piece bears it");
  return life.events;
}

}  // namespace touchstone::second_reader
