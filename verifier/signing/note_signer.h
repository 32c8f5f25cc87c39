// Signing notes as a log does, and cosigning checkpoints as a witness does. Never part of a
// verifier.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_NOTE_SIGNER_H_
#define TOUCHSTONE_VERIFIER_SIGNING_NOTE_SIGNER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/checkpoint.h"
#include "verifier/signed_note.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {

// `key`'s signature (type kEd25519) over `text`, under the name `key_name`. Errors: those of
// ValidateKeyName and ValidateNoteText.
absl::StatusOr<NoteSignature> SignNoteText(absl::string_view text, absl::string_view key_name,
                                           const SecretKey& key);

// A whole note with that one signature.
absl::StatusOr<std::string> SignNote(absl::string_view text, absl::string_view key_name,
                                     const SecretKey& key);

// The checkpoint as a note signed under its own origin.
absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const SecretKey& key);

// A witness's cosignature (type kCosignatureV1) on a checkpoint's text at `time_seconds`.
absl::StatusOr<NoteSignature> CosignCheckpointText(absl::string_view checkpoint_text,
                                                   absl::string_view witness_name,
                                                   const SecretKey& key, uint64_t time_seconds);

// `note` with one more signature line at its end. Errors: those of SignedNote::Parse.
absl::StatusOr<std::string> AppendNoteSignature(absl::string_view note,
                                                const NoteSignature& signature);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_NOTE_SIGNER_H_
