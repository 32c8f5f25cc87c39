// Grants: an owner lets somebody see chosen documents of a piece for a chosen time (docs/FORMAT.md,
// section 15). Reading one strictly, and checking what it says by itself. Not for whether its
// signer holds the piece, whether it was withdrawn, and what it lets see (registry/vault/rights.h).
#ifndef TOUCHSTONE_VERIFIER_GRANT_H_
#define TOUCHSTONE_VERIFIER_GRANT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/access.pb.h"
#include "verifier/digest.h"
#include "verifier/document_part.h"
#include "verifier/envelope.h"
#include "verifier/passport_id.h"
#include "verifier/public_key.h"

namespace touchstone {

// A well-formed grant with one signature, not yet checked.
class SignedGrant {
 public:
  // Reads an envelope's bytes. Errors: those of Envelope::Parse and CheckCanonical; kInvalidField,
  // naming the field; kInvalidKey; kSurplusSignature.
  static absl::StatusOr<SignedGrant> Parse(absl::string_view envelope);
  // The text form: "TOUCHSTONE-GRANT:" and the envelope in base 32, as Format() writes it; space
  // around it is left out. Errors besides: kMalformed.
  static absl::StatusOr<SignedGrant> ParseText(absl::string_view text);

  const v1::Grant& grant() const { return grant_; }
  const PassportId& passport() const { return passport_; }
  // Of the key that is said to have signed it.
  const Digest& signer() const { return envelope_.signatures().front().keyid; }
  const Envelope& envelope() const { return envelope_; }
  // For a message or a QR code; one line.
  std::string Format() const;

  // Whether `owner` signed it for that log. Errors: kWrongOrigin, kBadSignature (another key, or a
  // wrong signature).
  absl::Status CheckSignedBy(const PublicKey& owner, absl::string_view log_origin) const;

  // kGrantExpired unless it counts at that time.
  absl::Status CheckTime(uint64_t now_ms) const;

  // Whether that participant, or that key, may use it.
  bool IsFor(const std::optional<std::string>& participant,
             const std::optional<PublicKey>& key) const;

  // Whether it lets see that confidential document.
  bool Covers(const DocumentPart& part) const;

 private:
  SignedGrant(Envelope envelope, v1::Grant grant, const PassportId& passport)
      : envelope_(std::move(envelope)), grant_(std::move(grant)), passport_(passport) {}

  Envelope envelope_;
  v1::Grant grant_;
  PassportId passport_;
};

// What SignedGrant::Parse asks of the fields, for whoever makes one.
absl::Status CheckGrantFields(const v1::Grant& grant);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_GRANT_H_
