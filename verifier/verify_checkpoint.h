// Whether a checkpoint note is to be believed under a trust policy: the log's signature, the
// witnesses' cosignatures, the quorum. Not for whether it is recent enough: time is the caller's
// (compare quorum_time_seconds, or where the policy has no quorum the registry's time, with now).
#ifndef TOUCHSTONE_VERIFIER_VERIFY_CHECKPOINT_H_
#define TOUCHSTONE_VERIFIER_VERIFY_CHECKPOINT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/checkpoint.h"
#include "verifier/policy.h"

namespace touchstone {

// A valid cosignature of a witness that the policy names; its newest, if it made several.
struct WitnessCosignature {
  size_t witness = 0;  // index into TrustPolicy::witnesses()
  uint64_t time_seconds = 0;
};

struct VerifiedCheckpoint {
  Checkpoint checkpoint;
  // The key that signed: the log's present one if it did, else a retired one.
  VerifierKey log_key;

  // Set when only a retired key signed: the tree (`size`, `root`) up to which it counts, which the
  // checkpoint does not exceed. Where the sizes are equal the roots were compared, and nothing is
  // left to do. Where the checkpoint is smaller, nothing yet shows that it is on the history that
  // was retired and not on one that a thief of the old key made up: the caller must check
  // a consistency proof with CheckRetiredConsistency, or report kRetiredKeyUnproven.
  std::optional<RetiredKey> retired;

  // In the order of TrustPolicy::witnesses().
  std::vector<WitnessCosignature> cosignatures;

  // Whether the policy's quorum is met; true where it asks for none.
  bool quorum_met = false;
  // QuorumTime(); nothing where the policy asks for no quorum or the quorum is not met.
  std::optional<uint64_t> quorum_time_seconds;
};

// Errors: kMalformed, kTooLarge (the note is none, or its text no checkpoint); kWrongOrigin;
// kNoKnownSignature (no log key signed); kBadSignature (a known log or witness key's signature is
// wrong); kRetiredKey; kQuorumNotMet.
absl::StatusOr<VerifiedCheckpoint> VerifyCheckpointNote(const TrustPolicy& policy,
                                                        absl::string_view note);

// The same without kQuorumNotMet: for receipts, which witnesses have not seen yet. The caller says
// so where quorum_met is false.
absl::StatusOr<VerifiedCheckpoint> VerifyProvisionalCheckpointNote(const TrustPolicy& policy,
                                                                   absl::string_view note);

// OK if `verified` needs no proof of the kind described above, or if `path` proves that it leads up
// to the retirement. Errors: kRetiredKeyUnproven if `path` is empty and one is needed,
// kBadConsistencyProof.
absl::Status CheckRetiredConsistency(const VerifiedCheckpoint& verified,
                                     absl::Span<const Digest> path);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERIFY_CHECKPOINT_H_
