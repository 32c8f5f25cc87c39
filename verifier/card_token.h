// The token in the QR code of a passport card (docs/FORMAT.md, section 12). A token that verifies
// says that a card with this text was issued on that day, and nothing else: a copied card is a
// card, and no status is in it. Not for the link around it (verifier/digital_link.h).
#ifndef TOUCHSTONE_VERIFIER_CARD_TOKEN_H_
#define TOUCHSTONE_VERIFIER_CARD_TOKEN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"
#include "verifier/public_key.h"

namespace touchstone {

inline constexpr size_t kCardKeyIdBytes = 8;
// The first 8 bytes of a card key's id.
using CardKeyId = std::array<uint8_t, kCardKeyIdBytes>;
CardKeyId CardKeyIdOf(const PublicKey& card_key);

// What a card says.
struct CardText {
  CardKeyId card_key_id = {};
  PassportId passport_id;
  Digest registration = {};  // digest of the registration entry
  uint16_t day = 0;          // of issue: days since 2020-01-01
  std::string serial;        // 1 to 20 of GS1 character set 82
  // The first LAB_REPORT inscription, otherwise the first SERIAL one, or empty; printable ASCII.
  std::string inscription;
  std::string title;  // UTF-8 without control characters

  friend bool operator==(const CardText&, const CardText&) = default;
};

// `text` cut to at most `bytes_max` bytes, never within a character: how a long inscription or
// title gets onto a card.
std::string CutForCard(absl::string_view text, size_t bytes_max);

// The unsigned body. Errors: kMalformed, kTooLarge (limits::kCard...BytesMax).
absl::StatusOr<std::string> EncodeCardBody(const CardText& text);

// What the card key signs: "touchstone/card/v1\0" ‖ length u8 ‖ log origin ‖ body. The origin is
// one that ValidateKeyName accepts.
std::string CardSignedBytes(absl::string_view log_origin, absl::string_view body);

// A well-formed token, of which nothing is known before Verify.
class CardToken {
 public:
  // Reads the base 32 text to the last byte. Errors: kMalformed, kTooLarge, kUnknownVersion.
  static absl::StatusOr<CardToken> Parse(absl::string_view token);

  // Of a body of EncodeCardBody and the 64-byte signature over its CardSignedBytes.
  static absl::StatusOr<CardToken> Assemble(absl::string_view body, absl::string_view signature);

  const CardText& text() const { return text_; }

  // The base 32 text.
  std::string Format() const;

  // OK if one of `card_keys`, those enrolled in the log with `log_origin`, signed this. Errors:
  // kUnknownCardKey (none has the id: perhaps enrolled later than the list was made: cannot
  // judge), kBadSignature, and those of ValidateKeyName for the origin.
  absl::Status Verify(absl::string_view log_origin, absl::Span<const PublicKey> card_keys) const;

 private:
  CardToken(CardText text, absl::string_view body, absl::string_view signature);
  CardText text_;
  std::string body_;
  std::string signature_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CARD_TOKEN_H_
