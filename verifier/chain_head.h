// Where the chain of a subject (a passport, a participant, the stewards) stands: what its next
// entry must name. The registry makes frames from it, the verifier checks frames against it. Not
// for what the entries say (verifier/passport_state.h and its neighbours).
#ifndef TOUCHSTONE_VERIFIER_CHAIN_HEAD_H_
#define TOUCHSTONE_VERIFIER_CHAIN_HEAD_H_

#include <cstdint>

#include "absl/status/status.h"
#include "verifier/digest.h"

namespace touchstone {

// What of an entry the rules need beside its statement. All set by the registry.
struct EntryPlace {
  uint64_t position = 0;  // in the log
  uint64_t time_ms = 0;   // since 1970-01-01T00:00:00Z
  Digest digest = {};     // of the whole frame

  friend bool operator==(const EntryPlace&, const EntryPlace&) = default;
};

class ChainHead {
 public:
  // Before entry 0.
  ChainHead() = default;
  // After `count` (at least 1) entries, of which `newest` is the last.
  ChainHead(uint32_t count, const EntryPlace& newest) : count_(count), newest_(newest) {}

  // How many entries there are, which is the number of the next one.
  uint32_t count() const { return count_; }
  // The last entry; its digest is 32 zero bytes while there is none.
  const EntryPlace& newest() const { return newest_; }

  // OK if a frame with these header fields can be the next entry; kBrokenChain otherwise: numbers
  // without a gap, `previous` the digest of the last, positions ascending, times never decreasing.
  absl::Status CheckNext(uint32_t number, const Digest& previous, uint64_t position,
                         uint64_t time_ms) const;

  void Append(const EntryPlace& place) {
    ++count_;
    newest_ = place;
  }

  friend bool operator==(const ChainHead&, const ChainHead&) = default;

 private:
  uint32_t count_ = 0;
  EntryPlace newest_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CHAIN_HEAD_H_
