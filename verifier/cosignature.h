// Witnesses' timestamped cosignatures on checkpoints (C2SP tlog-cosignature, the Ed25519 form,
// type 04). Not for which witnesses count (verifier/policy.h).
#ifndef TOUCHSTONE_VERIFIER_COSIGNATURE_H_
#define TOUCHSTONE_VERIFIER_COSIGNATURE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/signed_note.h"

namespace touchstone {

// time u64 big-endian ‖ Ed25519 signature; with the key id before it, a note signature of 76 bytes.
inline constexpr size_t kCosignatureBytes = 8 + 64;

// What the witness signs: "cosignature/v1\ntime <seconds>\n" ‖ the checkpoint's text.
std::string CosignatureMessage(absl::string_view checkpoint_text, uint64_t time_seconds);

// The time (seconds since the epoch, below 2^63) at which `witness` (type kCosignatureV1) cosigned
// `checkpoint_text`, by `signature` (NoteSignature::signature). Errors: kMalformed (length, time),
// kBadSignature.
absl::StatusOr<uint64_t> VerifyCosignature(const VerifierKey& witness,
                                           absl::string_view checkpoint_text,
                                           absl::string_view signature);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_COSIGNATURE_H_
