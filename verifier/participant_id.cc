#include "verifier/participant_id.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

bool IsLetterOrDigit(char c) {
  return absl::ascii_islower(static_cast<unsigned char>(c)) ||
         absl::ascii_isdigit(static_cast<unsigned char>(c));
}

}  // namespace

absl::StatusOr<ParticipantId> ParticipantId::Parse(absl::string_view text) {
  const bool valid = !text.empty() && text.size() <= limits::kParticipantIdBytesMax &&
                     IsLetterOrDigit(text.front()) && IsLetterOrDigit(text.back()) &&
                     std::all_of(text.begin(), text.end(),
                                 [](char c) { return IsLetterOrDigit(c) || c == '.' || c == '-'; });
  if (!valid) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("a participant id is 1 to ", limits::kParticipantIdBytesMax,
                               " of a-z 0-9 . -, beginning and ending with a letter or digit"));
  }
  return ParticipantId(text);
}

}  // namespace touchstone
