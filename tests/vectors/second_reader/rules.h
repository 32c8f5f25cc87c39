// Who may say what: docs/FORMAT.md, section 9, folded over chains that were checked. It does not
// check the limits that proto/touchstone/v1/*.proto set on single fields (lengths of texts, dates).
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RULES_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RULES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/chains.h"
#include "tests/vectors/second_reader/names.h"

namespace touchstone::second_reader {

struct Stewards {
  std::string origin;
  uint64_t threshold = 0;
  std::map<std::string, std::string> keys;       // by key id
  std::map<std::string, std::string> card_keys;  // by key id
  std::optional<uint64_t> closed_at;
};
absl::StatusOr<Stewards> FoldStewards(const Policy& policy, const Chain& chain);

struct Participant {
  std::string id;
  struct Key {
    std::string key;
    uint64_t added_at = 0;
    std::optional<uint64_t> revoked_at;
    std::optional<uint64_t> compromised_from;
  };
  std::map<std::string, Key> keys;  // by key id
  struct Details {
    uint64_t from = 0;  // the position of the entry that says it
    Message details;
  };
  std::vector<Details> details;
};
using Participants = std::vector<Participant>;
absl::StatusOr<Participant> FoldParticipant(const Stewards& stewards, const Participants& others,
                                            const Chain& chain);

// What entry `line` of a piece does to a claim: 1 claim, 2 contest, 3 release, 4 resolve.
struct Step {
  uint8_t event = 0;
  size_t line = 0;
};

struct Line {
  std::string event;
  uint64_t position = 0;
  std::string digest;
  std::string participant;  // who vouches; empty where only owners signed
  bool as_provided = false;
  bool doubted = false;
  std::vector<std::string> predecessors;  // the digests that the statement names
};
struct Piece {
  std::string passport_id;
  std::string issuer;
  std::string holding = "with_store";
  uint64_t owners = 0;
  std::vector<Line> lines;
  std::map<Claim, std::vector<Step>> claims;
};
absl::StatusOr<Piece> FoldPiece(const Stewards& stewards, const Participants& participants,
                                const Aliases& aliases, const Chain& chain);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RULES_H_
