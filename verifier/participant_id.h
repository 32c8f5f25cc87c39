// The name under which the stewards enrol a participant, such as "maison-example". Not for who
// that is: the participant's details say so.
#ifndef TOUCHSTONE_VERIFIER_PARTICIPANT_ID_H_
#define TOUCHSTONE_VERIFIER_PARTICIPANT_ID_H_

#include <compare>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

class ParticipantId {
 public:
  // 1 to limits::kParticipantIdBytesMax of a-z 0-9 . -, beginning and ending with a letter or
  // digit; kMalformed otherwise.
  static absl::StatusOr<ParticipantId> Parse(absl::string_view text);

  const std::string& text() const { return text_; }

  friend auto operator<=>(const ParticipantId&, const ParticipantId&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const ParticipantId& id) {
    return H::combine(std::move(state), id.text_);
  }

 private:
  explicit ParticipantId(absl::string_view text) : text_(text) {}
  std::string text_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PARTICIPANT_ID_H_
