#include "verifier/card_token.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "verifier/base32.h"
#include "verifier/big_endian.h"
#include "verifier/gs1_serial.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"
#include "verifier/utf8.h"

namespace touchstone {
namespace {

constexpr uint8_t kVersion = 1;
constexpr absl::string_view kDomain("touchstone/card/v1\0", 19);

absl::Status Malformed(absl::string_view what) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("not a card token: ", what));
}

absl::Status TooLarge(absl::string_view what, size_t size, size_t bytes_max) {
  return Refuse(RefusalCode::kTooLarge,
                absl::StrCat(what, " of a card has at most ", bytes_max, " bytes, not ", size));
}

// Control characters of ASCII and of Latin-1 (C2 80 to C2 9F) in valid UTF-8.
bool HasControlCharacter(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (absl::ascii_iscntrl(byte)) return true;
    if (byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

absl::Status CheckText(const CardText& text) {
  absl::Status status = ValidateGs1Serial(text.serial);
  if (!status.ok()) return status;
  if (text.inscription.size() > limits::kCardInscriptionBytesMax) {
    return TooLarge("the inscription", text.inscription.size(), limits::kCardInscriptionBytesMax);
  }
  if (!std::all_of(text.inscription.begin(), text.inscription.end(),
                   [](char c) { return absl::ascii_isprint(static_cast<unsigned char>(c)); })) {
    return Malformed("the inscription is not printable ASCII");
  }
  if (text.title.size() > limits::kCardTitleBytesMax) {
    return TooLarge("the title", text.title.size(), limits::kCardTitleBytesMax);
  }
  status = ValidateUtf8(text.title);
  if (!status.ok()) return InContext("the title of a card", status);
  if (HasControlCharacter(text.title)) return Malformed("the title holds a control character");
  return absl::OkStatus();
}

void AppendText(std::string& body, absl::string_view text) {
  AppendBigEndian<uint8_t>(body, static_cast<uint8_t>(text.size()));
  absl::StrAppend(&body, text);
}

// Takes bytes from the front of a body, and remembers when there were too few.
class BodyReader {
 public:
  explicit BodyReader(absl::string_view body) : rest_(body) {}

  absl::string_view Take(size_t size) {
    if (rest_.size() < size) {
      cut_off_ = true;
      rest_ = {};
      return {};
    }
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string TakeText() {
    const absl::string_view length = Take(1);
    return length.empty() ? std::string() : std::string(Take(LoadBigEndian<uint8_t>(length)));
  }
  bool ReadExactly() const { return !cut_off_ && rest_.empty(); }
  bool cut_off() const { return cut_off_; }

 private:
  absl::string_view rest_;
  bool cut_off_ = false;
};

absl::StatusOr<CardText> DecodeCardBody(absl::string_view body) {
  BodyReader reader(body);
  const absl::string_view version = reader.Take(1);
  if (version.empty()) return Malformed("it is cut off");
  if (LoadBigEndian<uint8_t>(version) != kVersion) {
    return Refuse(RefusalCode::kUnknownVersion,
                  absl::StrCat("the card token is of version ", LoadBigEndian<uint8_t>(version),
                               ", which is not known here; a newer verifier may know it"));
  }
  const absl::string_view key_id = reader.Take(kCardKeyIdBytes);
  const absl::string_view passport_id = reader.Take(PassportId::kBytes);
  const absl::string_view registration = reader.Take(kDigestBytes);
  const absl::string_view day = reader.Take(sizeof(uint16_t));
  std::string serial = reader.TakeText();
  std::string inscription = reader.TakeText();
  std::string title = reader.TakeText();
  if (!reader.ReadExactly()) {
    return Malformed(reader.cut_off() ? "it is cut off" : "bytes follow its text");
  }
  CardText text{.card_key_id = {},
                .passport_id = PassportId::FromBytes(passport_id).value(),
                .registration = DigestFromBytes(registration).value(),
                .day = LoadBigEndian<uint16_t>(day),
                .serial = std::move(serial),
                .inscription = std::move(inscription),
                .title = std::move(title)};
  std::copy(key_id.begin(), key_id.end(), text.card_key_id.begin());
  const absl::Status valid = CheckText(text);
  if (!valid.ok()) return valid;
  return text;
}

}  // namespace

CardKeyId CardKeyIdOf(const PublicKey& card_key) {
  const Digest key_id = card_key.KeyId();
  CardKeyId result;
  std::copy_n(key_id.begin(), result.size(), result.begin());
  return result;
}

std::string CutForCard(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t size = bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

absl::StatusOr<std::string> EncodeCardBody(const CardText& text) {
  const absl::Status valid = CheckText(text);
  if (!valid.ok()) return valid;
  std::string body;
  AppendBigEndian<uint8_t>(body, kVersion);
  body.append(text.card_key_id.begin(), text.card_key_id.end());
  absl::StrAppend(&body, text.passport_id.bytes(), DigestBytes(text.registration));
  AppendBigEndian<uint16_t>(body, text.day);
  AppendText(body, text.serial);
  AppendText(body, text.inscription);
  AppendText(body, text.title);
  return body;
}

std::string CardSignedBytes(absl::string_view log_origin, absl::string_view body) {
  std::string bytes(kDomain);
  AppendText(bytes, log_origin);
  absl::StrAppend(&bytes, body);
  return bytes;
}

CardToken::CardToken(CardText text, absl::string_view body, absl::string_view signature)
    : text_(std::move(text)), body_(body), signature_(signature) {}

absl::StatusOr<CardToken> CardToken::Parse(absl::string_view token) {
  if (token.size() > limits::kCardTokenTextBytesMax) {
    return TooLarge("the token", token.size(), limits::kCardTokenTextBytesMax);
  }
  const absl::StatusOr<std::string> bytes = Base32Decode(token);
  if (!bytes.ok()) return InContext("not a card token", bytes.status());
  if (bytes->size() < kEd25519SignatureBytes) return Malformed("it is cut off");
  const absl::string_view all = *bytes;
  const size_t body_size = all.size() - kEd25519SignatureBytes;
  return Assemble(all.substr(0, body_size), all.substr(body_size));
}

absl::StatusOr<CardToken> CardToken::Assemble(absl::string_view body, absl::string_view signature) {
  if (signature.size() != kEd25519SignatureBytes) {
    return Malformed(absl::StrCat("its signature has ", signature.size(), " bytes instead of ",
                                  kEd25519SignatureBytes));
  }
  absl::StatusOr<CardText> text = DecodeCardBody(body);
  if (!text.ok()) return text.status();
  return CardToken(*std::move(text), body, signature);
}

std::string CardToken::Format() const { return Base32Encode(absl::StrCat(body_, signature_)); }

absl::Status CardToken::Verify(absl::string_view log_origin,
                               absl::Span<const PublicKey> card_keys) const {
  const absl::Status valid = ValidateKeyName(log_origin);
  if (!valid.ok()) return valid;
  const std::string message = CardSignedBytes(log_origin, body_);
  bool key_known = false;
  for (const PublicKey& key : card_keys) {
    if (CardKeyIdOf(key) != text_.card_key_id) continue;
    key_known = true;
    if (key.Verify(message, signature_).ok()) return absl::OkStatus();
  }
  if (!key_known) {
    return Refuse(RefusalCode::kUnknownCardKey,
                  "the card is signed with a key that is not among those known here; a newer cards "
                  "file may have it");
  }
  return Refuse(
      RefusalCode::kBadSignature,
      absl::StrCat("the card's signature is not over its text for the log \"", log_origin, "\""));
}

}  // namespace touchstone
