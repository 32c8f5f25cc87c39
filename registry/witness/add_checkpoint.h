// The call with which a witness is asked to cosign (C2SP tlog-witness, add-checkpoint): what is
// sent, and what an answer means. Bytes only; what to do about an answer is asker.h.
#ifndef TOUCHSTONE_REGISTRY_WITNESS_ADD_CHECKPOINT_H_
#define TOUCHSTONE_REGISTRY_WITNESS_ADD_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/witness/http_message.h"
#include "verifier/digest.h"
#include "verifier/signed_note.h"

namespace touchstone::witness {

// What follows the witness's URL.
inline constexpr char kAddCheckpoint[] = "/add-checkpoint";

// "old <size>\n" ‖ the consistency proof, a hash a line ‖ "\n" ‖ the note. `path` proves that the
// checkpoint in `note` continues the tree of `old_size`; empty where that is 0 or the same.
std::string FormatAddCheckpoint(uint64_t old_size, absl::Span<const Digest> path,
                                absl::string_view note);

// It cosigned: a line that is its own and holds.
struct Cosigned {
  NoteSignature signature;
  uint64_t time_seconds = 0;
};
// The last checkpoint of this log that it cosigned has this size, and not the one that was sent.
struct HasSize {
  uint64_t size = 0;
};
// The tree that it has of that very size is another one: 409 without a size.
struct OtherRoot {};
// The proof does not lead from its tree to this one: 422.
struct Inconsistent {};
using WitnessAnswer = std::variant<Cosigned, HasSize, OtherRoot, Inconsistent>;

// What `response` says of the checkpoint with the text `checkpoint_text`. Lines of other keys than
// `witness` are ignored; of several of its own, the newest counts. `now_seconds`: its time may be
// off by limits::kWitnessClockSeconds at most, since a passport would bear it.
//   kPermissionDenied: 403, it does not know the log's key.   kNotFound: 404, it does not know the
//   log.   kInvalidArgument: it takes the request for a bad one.   kUnavailable: it is busy or
//   failing.   kDataLoss: it answers otherwise than the specification has it, or its cosignature
//   does not hold.   Messages are for the operator: "it ...".
absl::StatusOr<WitnessAnswer> ReadAnswer(const HttpResponse& response,
                                         absl::string_view checkpoint_text,
                                         const VerifierKey& witness, uint64_t now_seconds);

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_REGISTRY_WITNESS_ADD_CHECKPOINT_H_
