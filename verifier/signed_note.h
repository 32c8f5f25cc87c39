// Signed notes and verifier keys (C2SP signed-note v1.0.0): the text form in which checkpoints,
// cosignatures and batch signatures travel. Not for making signatures (verifier/signing/), and not
// for what a note's text says (verifier/checkpoint.h).
#ifndef TOUCHSTONE_VERIFIER_SIGNED_NOTE_H_
#define TOUCHSTONE_VERIFIER_SIGNED_NOTE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/public_key.h"

namespace touchstone {

// OK if `name` can name a key (and so be a log's origin): 1 to limits::kKeyNameBytesMax bytes of
// UTF-8 without control characters, Unicode spaces and '+'. kMalformed or kTooLarge otherwise.
absl::Status ValidateKeyName(absl::string_view name);

// OK if `text` can be the text of a note: not empty, ends in a newline, UTF-8, no control
// characters but newline, at most limits::kNoteBytesMax.
absl::Status ValidateNoteText(absl::string_view text);

// What a key's signatures in a note are made over.
enum class NoteSignatureType : uint8_t {
  kEd25519 = 0x01,        // the note's text
  kCosignatureV1 = 0x04,  // a time and the note's text (verifier/cosignature.h)
};

// A verifier key ("vkey"): `name+<8 hex digits of the key id>+<base64 of type ‖ key>`.
class VerifierKey {
 public:
  // Errors: those of ValidateKeyName; kMalformed; kUnknownKeyAlgorithm (a type that is not in
  // NoteSignatureType); kInvalidKey.
  static absl::StatusOr<VerifierKey> Parse(absl::string_view vkey);
  static absl::StatusOr<VerifierKey> Create(absl::string_view name, NoteSignatureType type,
                                            const PublicKey& key);

  const std::string& name() const { return name_; }
  NoteSignatureType type() const { return type_; }
  const PublicKey& public_key() const { return key_; }

  // First 4 bytes, big-endian, of SHA-256(name ‖ 0A ‖ type ‖ key).
  uint32_t key_id() const { return key_id_; }

  // The vkey text.
  std::string Format() const;

  friend bool operator==(const VerifierKey& a, const VerifierKey& b) {
    return a.name_ == b.name_ && a.type_ == b.type_ && a.key_ == b.key_;
  }

 private:
  VerifierKey(absl::string_view name, NoteSignatureType type, const PublicKey& key);
  std::string name_;
  NoteSignatureType type_;
  PublicKey key_;
  uint32_t key_id_;
};

// One signature line, not yet checked.
struct NoteSignature {
  std::string key_name;
  uint32_t key_id = 0;
  std::string signature;  // without the key id

  // Whether the line names that key; anyone can write such a line.
  bool Names(const VerifierKey& key) const {
    return key_id == key.key_id() && key_name == key.name();
  }
};

// A well-formed note. Its text means nothing before a signature of a known key was checked.
class SignedNote {
 public:
  // Splits at the last empty line. Errors: kMalformed; kTooLarge (bytes, signatures).
  static absl::StatusOr<SignedNote> Parse(absl::string_view note);

  // With its final newline, without the separating empty line.
  const std::string& text() const { return text_; }
  // At least one; in the order of the lines.
  const std::vector<NoteSignature>& signatures() const { return signatures_; }

 private:
  SignedNote() = default;
  std::string text_;
  std::vector<NoteSignature> signatures_;
};

// "— name base64(key id ‖ signature)\n".
std::string FormatNoteSignature(const NoteSignature& signature);

// The note of `text` with those signatures, at least one. Errors as SignedNote::Parse: the result
// always parses back to the same text and signatures.
absl::StatusOr<std::string> FormatNote(absl::string_view text,
                                       absl::Span<const NoteSignature> signatures);

// Checks every signature in `note` of a key in `known` that is of type kEd25519, and ignores the
// lines of other keys. Returns the indexes into `known` of the keys that signed, ascending. Errors:
// kBadSignature if a known key's signature is wrong, kNoKnownSignature if no known key signed.
absl::StatusOr<std::vector<size_t>> VerifyNote(const SignedNote& note,
                                               absl::Span<const VerifierKey> known);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNED_NOTE_H_
