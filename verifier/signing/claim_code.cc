#include "verifier/signing/claim_code.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/crockford.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"

namespace touchstone {
namespace {

constexpr absl::string_view kClaimKeyDomain("touchstone/claim-key/v1\0", 24);
static_assert(ClaimCode::kBytes == kCrockford128Bytes);

// The check is the code as a number modulo a prime that two digits hold: one wrong digit, or two
// neighbours exchanged, always change it. Crockford's own check symbols are no letters that people
// read aloud.
constexpr size_t kCheckDigits = 2;
constexpr uint32_t kCheckModulus = 1021;
static_assert(kCheckModulus <= kCrockfordDigits * kCrockfordDigits);

constexpr size_t kSymbols = kCrockford128Digits + kCheckDigits;
constexpr size_t kGroup = 4;
static_assert(kSymbols % kGroup == 0);
constexpr size_t kTextBytes = kClaimCodePrefix.size() + kSymbols + kSymbols / kGroup - 1;
static_assert(kTextBytes < limits::kClaimCodeTextBytesMax);

// Nothing of what was typed: it may be right but for one symbol.
absl::Status Malformed(absl::string_view what) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("not a claim code: ", what));
}

bool IsSeparator(char c) { return c == '-' || c == ' ' || c == '\t'; }

// What is left of `text` behind separators and the prefix, as people may have read it. A code
// begins with a digit up to 7, so that the prefix cannot be part of one.
absl::string_view WithoutPrefix(absl::string_view text) {
  absl::string_view rest = text;
  for (const char letter : kClaimCodePrefix) {
    if (IsSeparator(letter)) continue;
    while (!rest.empty() && IsSeparator(rest.front())) rest.remove_prefix(1);
    if (rest.empty() || CrockfordValue(rest.front()) != CrockfordValue(letter)) return text;
    rest.remove_prefix(1);
  }
  return rest;
}

}  // namespace

absl::StatusOr<ClaimCode> ClaimCode::Generate() {
  absl::StatusOr<SecretBytes> secret = SecretBytes::Random(kBytes);
  if (!secret.ok()) return secret.status();
  return ClaimCode(*std::move(secret));
}

absl::StatusOr<ClaimCode> ClaimCode::Parse(absl::string_view text) {
  if (text.size() > limits::kClaimCodeTextBytesMax) return Malformed("it is too long");
  if (PassportId::Parse(text).ok()) {
    return Malformed("it is a passport id, which is no secret; the code begins with CLAIM-");
  }
  absl::StatusOr<SecretBytes> secret = SecretBytes::Allocate(kBytes);
  if (!secret.ok()) return secret.status();
  Crockford128Reader reader(secret->ExposeMutable());
  size_t symbols = 0;
  uint32_t check = 0;
  for (const char c : WithoutPrefix(text)) {
    if (IsSeparator(c)) continue;
    const unsigned value = CrockfordValue(c);
    if (value >= kCrockfordDigits) {
      return Malformed(
          absl::StrCat("its symbol number ", symbols + 1, " is none of 0-9 and A-Z without U"));
    }
    if (symbols == 0 && value > kCrockford128FirstDigitMax) {
      return Malformed("its first symbol is above 7");
    }
    if (symbols < kCrockford128Digits) {
      reader.Add(value);
    } else {
      check = (check * kCrockfordDigits + value) % (kCrockfordDigits * kCrockfordDigits);
    }
    ++symbols;
  }
  if (symbols != kSymbols) {
    return Malformed(absl::StrCat("it has ", symbols, " symbols instead of ", kSymbols));
  }
  if (check != RemainderOf(secret->Expose(), kCheckModulus)) {
    return Refuse(RefusalCode::kWrongCheckSymbol,
                  "the last two symbols of this claim code do not fit the others: one is mistyped; "
                  "compare it with the card, group by group");
  }
  return ClaimCode(*std::move(secret));
}

absl::StatusOr<SecretBytes> ClaimCode::Format() const {
  absl::StatusOr<SecretBytes> symbols = SecretBytes::Allocate(kSymbols);
  if (!symbols.ok()) return symbols;
  absl::StatusOr<SecretBytes> text = SecretBytes::Allocate(kTextBytes);
  if (!text.ok()) return text;
  const absl::Span<char> digits(reinterpret_cast<char*>(symbols->ExposeMutable().data()), kSymbols);
  WriteCrockford128(secret_.Expose(), digits);
  const uint32_t check = RemainderOf(secret_.Expose(), kCheckModulus);
  digits[kCrockford128Digits] = CrockfordSymbol(check / kCrockfordDigits);
  digits[kCrockford128Digits + 1] = CrockfordSymbol(check % kCrockfordDigits);
  uint8_t* out = text->ExposeMutable().data();
  out = std::copy(kClaimCodePrefix.begin(), kClaimCodePrefix.end(), out);
  for (size_t i = 0; i < kSymbols; ++i) {
    if (i > 0 && i % kGroup == 0) *out++ = '-';
    *out++ = static_cast<uint8_t>(digits[i]);
  }
  return text;
}

absl::StatusOr<SecretKey> ClaimCode::DeriveKey(absl::string_view log_origin,
                                               const PassportId& id) const {
  const absl::Status valid = ValidateKeyName(log_origin);
  if (!valid.ok()) return valid;
  std::string message(kClaimKeyDomain);
  AppendBigEndian<uint8_t>(message, static_cast<uint8_t>(log_origin.size()));
  absl::StrAppend(&message, log_origin, id.bytes());
  absl::StatusOr<SecretBytes> seed = SecretBytes::Allocate(crypto_auth_hmacsha256_BYTES);
  if (!seed.ok()) return seed.status();
  static_assert(crypto_auth_hmacsha256_BYTES == kEd25519SeedBytes);
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, secret_.Expose().data(), secret_.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(message.data()),
                                message.size());
  crypto_auth_hmacsha256_final(&state, seed->ExposeMutable().data());
  sodium_memzero(&state, sizeof(state));
  return SecretKey::FromSeed(seed->Expose());
}

}  // namespace touchstone
