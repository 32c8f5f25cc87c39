// The code that a customer receives with a piece, and the claim key that it stands for
// (docs/FORMAT.md, section 11). Whoever knows the code has the key, so it is a secret until the
// piece is claimed. Not for files or terminals (cli/claim_code_page.h), and never part of a
// verifier.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_CLAIM_CODE_H_
#define TOUCHSTONE_VERIFIER_SIGNING_CLAIM_CODE_H_

#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/passport_id.h"
#include "verifier/signing/secret_bytes.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {

// What the text form begins with: it tells a claim code from a passport id.
inline constexpr absl::string_view kClaimCodePrefix = "CLAIM-";

// 128 bits. It moves, but is never copied, and is wiped when it goes.
class ClaimCode {
 public:
  static constexpr size_t kBytes = 16;

  // Fresh from the system's randomness. ResourceExhausted if no guarded memory can be had.
  static absl::StatusOr<ClaimCode> Generate();

  // Reads the text form, in either case, with '-' and blanks anywhere or nowhere, O for 0, I and L
  // for 1, with or without the prefix. Errors: kMalformed, kWrongCheckSymbol; none repeats what was
  // typed. The caller wipes its own copy of the text.
  static absl::StatusOr<ClaimCode> Parse(absl::string_view text);

  ClaimCode(ClaimCode&&) = default;
  ClaimCode& operator=(ClaimCode&&) = default;

  // "CLAIM-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX": 26 digits of Crockford's base 32 and two that check
  // them.
  absl::StatusOr<SecretBytes> Format() const;

  // The claim key of that piece in the log of that origin. Errors: those of ValidateKeyName for the
  // origin; ResourceExhausted.
  absl::StatusOr<SecretKey> DeriveKey(absl::string_view log_origin, const PassportId& id) const;

  // The secret bytes; valid while this object lives.
  absl::Span<const uint8_t> ExposeBytes() const { return secret_.Expose(); }

 private:
  explicit ClaimCode(SecretBytes secret) : secret_(std::move(secret)) {}
  SecretBytes secret_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_CLAIM_CODE_H_
