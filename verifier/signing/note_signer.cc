#include "verifier/signing/note_signer.h"

#include <limits>

#include "absl/status/status.h"
#include "verifier/big_endian.h"
#include "verifier/cosignature.h"

namespace touchstone {

absl::StatusOr<NoteSignature> SignNoteText(absl::string_view text, absl::string_view key_name,
                                           const SecretKey& key) {
  if (const absl::Status status = ValidateNoteText(text); !status.ok()) return status;
  const absl::StatusOr<VerifierKey> vkey =
      VerifierKey::Create(key_name, NoteSignatureType::kEd25519, key.public_key());
  if (!vkey.ok()) return vkey.status();
  return NoteSignature{vkey->name(), vkey->key_id(), key.Sign(text)};
}

absl::StatusOr<std::string> SignNote(absl::string_view text, absl::string_view key_name,
                                     const SecretKey& key) {
  const absl::StatusOr<NoteSignature> signature = SignNoteText(text, key_name, key);
  if (!signature.ok()) return signature.status();
  return FormatNote(text, {*signature});
}

absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const SecretKey& key) {
  return SignNote(checkpoint.Format(), checkpoint.origin(), key);
}

absl::StatusOr<NoteSignature> CosignCheckpointText(absl::string_view checkpoint_text,
                                                   absl::string_view witness_name,
                                                   const SecretKey& key, uint64_t time_seconds) {
  if (const absl::Status status = ValidateNoteText(checkpoint_text); !status.ok()) return status;
  if (time_seconds > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return absl::InvalidArgumentError("a cosignature's time exceeds 2^63 - 1 seconds");
  }
  const absl::StatusOr<VerifierKey> vkey =
      VerifierKey::Create(witness_name, NoteSignatureType::kCosignatureV1, key.public_key());
  if (!vkey.ok()) return vkey.status();
  std::string bytes;
  AppendBigEndian<uint64_t>(bytes, time_seconds);
  bytes += key.Sign(CosignatureMessage(checkpoint_text, time_seconds));
  return NoteSignature{vkey->name(), vkey->key_id(), std::move(bytes)};
}

absl::StatusOr<std::string> AppendNoteSignature(absl::string_view note,
                                                const NoteSignature& signature) {
  const absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  if (!parsed.ok()) return parsed.status();
  std::vector<NoteSignature> signatures = parsed->signatures();
  signatures.push_back(signature);
  return FormatNote(parsed->text(), signatures);
}

}  // namespace touchstone
