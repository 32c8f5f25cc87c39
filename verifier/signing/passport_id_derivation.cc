#include "verifier/signing/passport_id_derivation.h"

#include <sodium.h>

#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/gs1_serial.h"
#include "verifier/signed_note.h"

namespace touchstone {
namespace {

constexpr absl::string_view kPassportIdDomain("touchstone/passport-id/v1\0", 26);
constexpr absl::string_view kNonceDomain("touchstone/nonce/v1\0", 20);
constexpr size_t kDerivedBytes = 16;
static_assert(DerivationSecret::kBytes == crypto_auth_hmacsha256_KEYBYTES);

// The first 16 bytes of HMAC-SHA-256 (RFC 2104).
std::string Derive(const DerivationSecret& secret, absl::string_view message) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac;
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(message.data()),
                         message.size(), secret.ExposeBytes().data());
  std::string derived(mac.begin(), mac.begin() + kDerivedBytes);
  sodium_memzero(mac.data(), mac.size());
  return derived;
}

}  // namespace

absl::StatusOr<DerivationSecret> DerivationSecret::Generate() {
  absl::StatusOr<SecretBytes> secret = SecretBytes::Random(kBytes);
  if (!secret.ok()) return secret.status();
  return DerivationSecret(*std::move(secret));
}

absl::StatusOr<DerivationSecret> DerivationSecret::FromBytes(absl::Span<const uint8_t> bytes) {
  if (bytes.size() != kBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("an issuer's secret has ", kBytes, " bytes, not ", bytes.size()));
  }
  absl::StatusOr<SecretBytes> secret = SecretBytes::CopyOf(bytes);
  if (!secret.ok()) return secret.status();
  return DerivationSecret(*std::move(secret));
}

absl::StatusOr<PassportId> DerivePassportId(const DerivationSecret& secret,
                                            absl::string_view log_origin,
                                            const ParticipantId& participant,
                                            absl::string_view serial) {
  absl::Status valid = ValidateKeyName(log_origin);
  if (!valid.ok()) return valid;
  valid = ValidateGs1Serial(serial);
  if (!valid.ok()) return valid;
  std::string message(kPassportIdDomain);
  AppendBigEndian<uint8_t>(message, static_cast<uint8_t>(log_origin.size()));
  absl::StrAppend(&message, log_origin);
  AppendBigEndian<uint8_t>(message, static_cast<uint8_t>(participant.text().size()));
  absl::StrAppend(&message, participant.text(), serial);
  return PassportId::FromBytes(Derive(secret, message));
}

std::string DeriveNonce(const DerivationSecret& secret, absl::string_view statement_without_nonce) {
  return Derive(secret, absl::StrCat(kNonceDomain, statement_without_nonce));
}

}  // namespace touchstone
