// A single entry's proof of inclusion as a text file that any C2SP client can check (C2SP
// tlog-proof v1). Not the passport file, which proves completeness too.
#ifndef TOUCHSTONE_VERIFIER_TLOG_PROOF_H_
#define TOUCHSTONE_VERIFIER_TLOG_PROOF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/policy.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone {

// A well-formed proof, not yet checked.
struct TlogProof {
  std::optional<std::string> extra;  // opaque, covered by no signature
  uint64_t index = 0;
  std::vector<Digest> path;     // from the leaf's sibling to the root's child
  std::string checkpoint_note;  // verbatim
};

// Errors: kMalformed, kTooLarge.
absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view text);

// Errors: kMalformed or kTooLarge, if ParseTlogProof would not read it back.
absl::StatusOr<std::string> FormatTlogProof(const TlogProof& proof);

// Checks that `proof` shows the logged data `data` (here: an entry's 32-byte digest) under
// `policy`, quorum included. Errors: those of VerifyCheckpointNote; kBadInclusionProof.
absl::StatusOr<VerifiedCheckpoint> VerifyTlogProof(const TrustPolicy& policy,
                                                   const TlogProof& proof, absl::string_view data);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_TLOG_PROOF_H_
