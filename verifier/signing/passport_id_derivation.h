// How an issuer makes passport ids and nonces that are the same when an import is run twice, and
// that nobody without its secret can guess (docs/FORMAT.md, section 11). Never part of a verifier.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_PASSPORT_ID_DERIVATION_H_
#define TOUCHSTONE_VERIFIER_SIGNING_PASSPORT_ID_DERIVATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/participant_id.h"
#include "verifier/passport_id.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone {

// An issuer's secret for derivations, which outlives its signing keys. It moves, but is never
// copied.
class DerivationSecret {
 public:
  static constexpr size_t kBytes = 32;

  // Fresh from the system's randomness. ResourceExhausted if no guarded memory can be had.
  static absl::StatusOr<DerivationSecret> Generate();
  // The caller wipes its own copy. InvalidArgument for another length than 32.
  static absl::StatusOr<DerivationSecret> FromBytes(absl::Span<const uint8_t> bytes);

  // The secret bytes, for writing a key file; valid while this object lives.
  absl::Span<const uint8_t> ExposeBytes() const { return secret_.Expose(); }

 private:
  explicit DerivationSecret(SecretBytes secret) : secret_(std::move(secret)) {}
  SecretBytes secret_;
};

// The id of the piece with `serial`. Errors: those of ValidateKeyName for the origin and of
// ValidateGs1Serial for the serial.
absl::StatusOr<PassportId> DerivePassportId(const DerivationSecret& secret,
                                            absl::string_view log_origin,
                                            const ParticipantId& participant,
                                            absl::string_view serial);

// The 16-byte nonce of a statement, given its bytes without the nonce field.
std::string DeriveNonce(const DerivationSecret& secret, absl::string_view statement_without_nonce);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_PASSPORT_ID_DERIVATION_H_
