#include "verifier/signed_note.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "verifier/base64.h"
#include "verifier/big_endian.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"
#include "verifier/utf8.h"

namespace touchstone {
namespace {

constexpr size_t kKeyIdBytes = 4;
constexpr absl::string_view kSignatureLineStart = "\xE2\x80\x94 ";  // U+2014, space

absl::Status Malformed(absl::string_view message) {
  return Refuse(RefusalCode::kMalformed, message);
}

bool IsControlOtherThanNewline(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }

// What holds for a whole note as for its text alone.
absl::Status ValidateCharacters(absl::string_view bytes) {
  if (bytes.size() > limits::kNoteBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a note has ", bytes.size(), " bytes; at most ",
                               limits::kNoteBytesMax, " are read"));
  }
  const auto control = std::find_if(bytes.begin(), bytes.end(), IsControlOtherThanNewline);
  if (control != bytes.end()) {
    return Malformed(absl::StrFormat("a note holds the control character 0x%02x at byte %d",
                                     static_cast<unsigned char>(*control),
                                     control - bytes.begin()));
  }
  return InContext("a note", ValidateUtf8(bytes));
}

absl::StatusOr<NoteSignature> ParseSignatureLine(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kSignatureLineStart)) {
    return Malformed("it does not start with U+2014 and a space");
  }
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos) return Malformed("it has no signature after the name");
  NoteSignature result;
  const absl::string_view name = line.substr(0, space);
  if (const absl::Status status = ValidateKeyName(name); !status.ok()) return status;
  result.key_name = std::string(name);
  const absl::StatusOr<std::string> bytes = Base64Decode(line.substr(space + 1));
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() <= kKeyIdBytes) {
    return Malformed("the signature is too short to hold a key id and anything more");
  }
  result.key_id = LoadBigEndian<uint32_t>(*bytes);
  result.signature = bytes->substr(kKeyIdBytes);
  return result;
}

// Any byte that a vkey can start its key with, as our enum, or an error.
absl::StatusOr<NoteSignatureType> SignatureTypeFromByte(unsigned char byte) {
  switch (static_cast<NoteSignatureType>(byte)) {
    case NoteSignatureType::kEd25519:
    case NoteSignatureType::kCosignatureV1:
      return static_cast<NoteSignatureType>(byte);
  }
  return Refuse(RefusalCode::kUnknownKeyAlgorithm,
                absl::StrFormat("a verifier key is of type 0x%02x, and this verifier knows 0x01 "
                                "(Ed25519) and 0x04 (Ed25519 cosignatures) only",
                                byte));
}

std::string TypeAndKey(NoteSignatureType type, const PublicKey& key) {
  return absl::StrCat(std::string(1, static_cast<char>(type)), key.ed25519());
}

}  // namespace

absl::Status ValidateKeyName(absl::string_view name) {
  if (name.empty()) return Malformed("a key name is empty");
  if (name.size() > limits::kKeyNameBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a key name has ", name.size(), " bytes; at most ",
                               limits::kKeyNameBytesMax, " are read"));
  }
  if (const absl::Status status = ValidateUtf8(name); !status.ok()) {
    return InContext("a key name", status);
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '+') {
      return Malformed("a key name holds a control character or '+'");
    }
  }
  if (ContainsUnicodeSpace(name)) return Malformed("a key name holds a space");
  return absl::OkStatus();
}

absl::Status ValidateNoteText(absl::string_view text) {
  if (text.empty() || text.back() != '\n') {
    return Malformed("the text of a note does not end in a newline");
  }
  return ValidateCharacters(text);
}

VerifierKey::VerifierKey(absl::string_view name, NoteSignatureType type, const PublicKey& key)
    : name_(name), type_(type), key_(key) {
  const Digest digest = Sha256Of({name, "\n", TypeAndKey(type, key)});
  key_id_ = LoadBigEndian<uint32_t>(DigestBytes(digest));
}

absl::StatusOr<VerifierKey> VerifierKey::Create(absl::string_view name, NoteSignatureType type,
                                                const PublicKey& key) {
  if (const absl::Status status = ValidateKeyName(name); !status.ok()) return status;
  return VerifierKey(name, type, key);
}

absl::StatusOr<VerifierKey> VerifierKey::Parse(absl::string_view vkey) {
  // Base64 holds '+' too, a name does not: the first two are the separators.
  const size_t first = vkey.find('+');
  const size_t second =
      first == absl::string_view::npos ? absl::string_view::npos : vkey.find('+', first + 1);
  if (second == absl::string_view::npos) {
    return Malformed("a verifier key is not of the form name+id+key");
  }
  const absl::string_view name = vkey.substr(0, first);
  const absl::string_view id = vkey.substr(first + 1, second - first - 1);
  const absl::string_view base64 = vkey.substr(second + 1);
  if (const absl::Status status = ValidateKeyName(name); !status.ok()) return status;

  const absl::StatusOr<std::string> typed_key = Base64Decode(base64);
  if (!typed_key.ok()) return InContext("a verifier key", typed_key.status());
  if (typed_key->empty()) return Malformed("a verifier key has no key");
  const absl::StatusOr<NoteSignatureType> type =
      SignatureTypeFromByte(static_cast<unsigned char>((*typed_key)[0]));
  if (!type.ok()) return type.status();
  const absl::StatusOr<PublicKey> key =
      PublicKey::FromEd25519(absl::string_view(*typed_key).substr(1));
  if (!key.ok()) return InContext("a verifier key", key.status());

  VerifierKey result(name, *type, *key);
  if (const std::string expected = absl::StrFormat("%08x", result.key_id()); id != expected) {
    return Malformed(
        absl::StrCat("a verifier key's id does not belong to its name and key, for "
                     "which it would be ",
                     expected, ": the key was mistyped or altered"));
  }
  return result;
}

std::string VerifierKey::Format() const {
  return absl::StrCat(name_, "+", absl::StrFormat("%08x", key_id_), "+",
                      Base64Encode(TypeAndKey(type_, key_)));
}

absl::StatusOr<SignedNote> SignedNote::Parse(absl::string_view note) {
  if (const absl::Status status = ValidateCharacters(note); !status.ok()) return status;
  const size_t split = note.rfind("\n\n");
  if (split == absl::string_view::npos) {
    return Malformed("a note has no empty line between text and signatures");
  }
  SignedNote result;
  result.text_ = std::string(note.substr(0, split + 1));
  absl::string_view lines = note.substr(split + 2);
  if (lines.empty() || lines.back() != '\n') {
    return Malformed("a note does not end in a signature line and a newline");
  }
  while (!lines.empty()) {
    if (result.signatures_.size() == limits::kNoteSignaturesMax) {
      return Refuse(
          RefusalCode::kTooLarge,
          absl::StrCat("a note has more than ", limits::kNoteSignaturesMax, " signature lines"));
    }
    const size_t end = lines.find('\n');
    absl::StatusOr<NoteSignature> signature = ParseSignatureLine(lines.substr(0, end));
    if (!signature.ok()) {
      return InContext(absl::StrCat("signature line ", result.signatures_.size() + 1, " of a note"),
                       signature.status());
    }
    result.signatures_.push_back(*std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return result;
}

std::string FormatNoteSignature(const NoteSignature& signature) {
  std::string bytes;
  AppendBigEndian<uint32_t>(bytes, signature.key_id);
  bytes += signature.signature;
  return absl::StrCat(kSignatureLineStart, signature.key_name, " ", Base64Encode(bytes), "\n");
}

absl::StatusOr<std::string> FormatNote(absl::string_view text,
                                       absl::Span<const NoteSignature> signatures) {
  if (const absl::Status status = ValidateNoteText(text); !status.ok()) return status;
  std::string note = absl::StrCat(text, "\n");
  for (const NoteSignature& signature : signatures) note += FormatNoteSignature(signature);
  // Nothing leaves here that readers would refuse.
  const absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  if (!parsed.ok()) return parsed.status();
  return note;
}

absl::StatusOr<std::vector<size_t>> VerifyNote(const SignedNote& note,
                                               absl::Span<const VerifierKey> known) {
  std::vector<bool> signed_by(known.size(), false);
  for (const NoteSignature& signature : note.signatures()) {
    for (size_t i = 0; i < known.size(); ++i) {
      const VerifierKey& key = known[i];
      if (key.type() != NoteSignatureType::kEd25519 || !signature.Names(key)) continue;
      const absl::Status status = key.public_key().Verify(note.text(), signature.signature);
      if (!status.ok())
        return InContext(absl::StrCat("the note's signature of ", key.name()), status);
      signed_by[i] = true;
    }
  }
  std::vector<size_t> signers;
  for (size_t i = 0; i < known.size(); ++i) {
    if (signed_by[i]) signers.push_back(i);
  }
  if (signers.empty()) {
    return Refuse(RefusalCode::kNoKnownSignature, "no known key has signed the note");
  }
  return signers;
}

}  // namespace touchstone
