// Which participant a key is, or was, enrolled for, among those that a passport file shows. Not for
// whether the key counts (verifier/participant_state.h).
#ifndef TOUCHSTONE_VERIFIER_KEY_DIRECTORY_H_
#define TOUCHSTONE_VERIFIER_KEY_DIRECTORY_H_

#include <deque>
#include <map>

#include "absl/status/status.h"
#include "verifier/digest.h"
#include "verifier/participant_state.h"

namespace touchstone {

class KeyDirectory {
 public:
  KeyDirectory() = default;
  KeyDirectory(const KeyDirectory&) = delete;
  KeyDirectory& operator=(const KeyDirectory&) = delete;

  // kKeyInUse if one of its keys is that of a participant added before.
  absl::Status Add(ParticipantState participant);

  // nullptr if it is nobody's. Valid while this object lives.
  const ParticipantState* Find(const Digest& key_id) const;

  // In the order of Add; the addresses stay.
  const std::deque<ParticipantState>& participants() const { return participants_; }

 private:
  std::deque<ParticipantState> participants_;
  std::map<Digest, const ParticipantState*> by_key_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_KEY_DIRECTORY_H_
