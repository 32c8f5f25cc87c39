// What the registry keeps of a subject's chain beside the state that the rules fold: which
// envelopes are in it, so that the same submission is logged once, and how much room they take.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_CHAIN_CONTENTS_H_
#define TOUCHSTONE_REGISTRY_LEDGER_CHAIN_CONTENTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "verifier/digest.h"

namespace touchstone::ledger {

class ChainContents {
 public:
  void Add(const Digest& envelope_digest, size_t frame_bytes) {
    envelopes_.push_back(envelope_digest);
    frames_bytes_ += frame_bytes;
  }

  // Of the entry with that envelope, if there is one.
  std::optional<uint32_t> NumberOf(const Digest& envelope_digest) const {
    const auto found = std::find(envelopes_.begin(), envelopes_.end(), envelope_digest);
    if (found == envelopes_.end()) return std::nullopt;
    return static_cast<uint32_t>(found - envelopes_.begin());
  }

  // Of all frames together.
  size_t frames_bytes() const { return frames_bytes_; }

 private:
  std::vector<Digest> envelopes_;  // by number
  size_t frames_bytes_ = 0;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_CHAIN_CONTENTS_H_
