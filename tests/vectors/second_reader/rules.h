// Who may say what of the log and its participants: docs/FORMAT.md, section 9, folded over chains
// that were checked. Of pieces: piece.h. It does not check the limits that
// proto/touchstone/v1/*.proto set on single fields (lengths of texts, dates).
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RULES_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RULES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/chains.h"

namespace touchstone::second_reader {

struct Stewards {
  std::string origin;
  uint64_t notice_period_ms = 0;
  struct Board {
    uint64_t from = 0;  // the position of the entry that names it
    uint64_t threshold = 0;
    std::map<std::string, std::string> keys;  // by key id
  };
  std::vector<Board> boards;
  struct CardKey {
    std::string key;
    bool is_revoked = false;
    std::string good_before;  // a date
  };
  std::map<std::string, CardKey> card_keys;  // by key id
  std::optional<uint64_t> closed_at;
};
absl::StatusOr<Stewards> FoldStewards(const Policy& policy, const Chain& chain);
// That the entry is of this log, and not said after its end.
absl::Status CheckLog(const Link& link, const Stewards& stewards);

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

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RULES_H_
