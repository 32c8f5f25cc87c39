// What the stewards' chain says: whose keys count and how many of them it takes, which card keys
// are enrolled, whether the log is closed. A fold of entries that were authorized; it does not
// authorize (verifier/authorization.h).
#ifndef TOUCHSTONE_VERIFIER_STEWARDS_STATE_H_
#define TOUCHSTONE_VERIFIER_STEWARDS_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "verifier/chain_head.h"
#include "verifier/digest.h"
#include "verifier/public_key.h"
#include "verifier/statement.h"

namespace touchstone {

struct CardKey {
  PublicKey key;
  Digest key_id = {};
  std::string label;
  EntryPlace enrolled;
  struct Revocation {
    EntryPlace place;
    std::string good_before;  // date: tokens of earlier days still count; empty: none does
  };
  std::optional<Revocation> revoked;
};

struct LogClosing {
  EntryPlace place;
  std::string reason;
  std::string continued_at;  // the origin of the log that goes on; empty if none does
};

class StewardsState {
 public:
  // After entry 0. `genesis` is an authorized statement of that event.
  static StewardsState FromGenesis(const ParsedStatement& genesis, const EntryPlace& place);

  // After one more authorized entry of the stewards' chain.
  void Apply(const ParsedStatement& statement, const EntryPlace& place);

  // Of the log, as the genesis says.
  const std::string& log_origin() const { return log_origin_; }
  const std::string& operator_name() const { return operator_name_; }
  // The final checkpoint of the log that this one continues, a signed note; empty if there is none.
  const std::string& continues() const { return continues_; }

  // The stewards of some time.
  struct Steward {
    Digest key_id = {};
    PublicKey key;
  };
  struct Board {
    uint64_t since = 0;    // the position of the entry that named them
    size_t threshold = 0;  // how many must sign: 1 to the number of their keys
    std::vector<Steward> stewards;
    // nullptr if it is none of theirs.
    const PublicKey* Find(const Digest& key_id) const;
  };
  // Those by whom an entry at `position` is to be signed: as named by entries before it.
  const Board& BoardAt(uint64_t position) const;
  // In the order of their time; never empty.
  const std::vector<Board>& boards() const { return boards_; }
  // The key with that id of one who is or was a steward; nullptr if there is none.
  const PublicKey* FindSteward(const Digest& key_id) const;

  // How long the present holder can object before a piece moves without its key.
  uint64_t notice_period_ms() const { return notice_period_ms_; }

  // In the order of enrolment.
  const std::vector<CardKey>& card_keys() const { return card_keys_; }

  const std::optional<LogClosing>& closing() const { return closing_; }

  // kLogClosed if an entry (an index root included, but for the one that ends the closing commit)
  // at `position` would lie behind the closing of the log.
  absl::Status CheckOpenAt(uint64_t position) const;

  const ChainHead& head() const { return head_; }

 private:
  StewardsState() = default;
  void AddBoard(const ParsedStatement& statement, uint32_t threshold, uint64_t position);

  std::string log_origin_;
  std::string operator_name_;
  std::string continues_;
  uint64_t notice_period_ms_ = 0;
  std::vector<Board> boards_;
  std::vector<CardKey> card_keys_;
  std::optional<LogClosing> closing_;
  ChainHead head_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_STEWARDS_STATE_H_
