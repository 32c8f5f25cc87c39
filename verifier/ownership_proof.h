// Proofs of ownership as bytes and as text (docs/FORMAT.md, section 14): the question that somebody
// asks, and the holder's signed answer to it. Not for whether an answer holds
// (verifier/verify_ownership_proof.h), nor for making one.
#ifndef TOUCHSTONE_VERIFIER_OWNERSHIP_PROOF_H_
#define TOUCHSTONE_VERIFIER_OWNERSHIP_PROOF_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/ownership.pb.h"
#include "verifier/envelope.h"
#include "verifier/passport_id.h"

namespace touchstone {

// A question that makes sense by itself: every field is stated and within its limits, and what a
// person reads in it is what it says.
class OwnershipChallenge {
 public:
  // Reads canonical bytes. Errors: those of CheckCanonical; kTooLarge; kInvalidField, naming the
  // field, what it holds and what is accepted.
  static absl::StatusOr<OwnershipChallenge> Parse(absl::string_view bytes);

  // The same for its text.
  static absl::StatusOr<OwnershipChallenge> ParseText(absl::string_view text);

  // Makes the canonical bytes of `message`. Errors: as above.
  static absl::StatusOr<OwnershipChallenge> Create(const v1::OwnershipChallenge& message);

  const PassportId& passport_id() const { return passport_id_; }
  const std::string& log_origin() const { return message_.log_origin(); }
  const std::string& verifier() const { return message_.verifier(); }
  const std::string& purpose() const { return message_.purpose(); }
  uint64_t issued_at_ms() const { return message_.issued_at_ms(); }
  uint64_t expires_at_ms() const { return message_.expires_at_ms(); }

  // The bytes that were read, which an answer signs.
  const std::string& bytes() const { return bytes_; }
  // One line of characters that a QR code packs well, without its end.
  std::string Text() const;

  // OK if it can be answered at `now_ms`. kChallengeExpired; kChallengeInFuture, by more than
  // kClockSkewMsMax.
  absl::Status CheckTime(uint64_t now_ms) const;

 private:
  OwnershipChallenge(std::string bytes, v1::OwnershipChallenge message, const PassportId& id)
      : bytes_(std::move(bytes)), message_(std::move(message)), passport_id_(id) {}

  std::string bytes_;
  v1::OwnershipChallenge message_;
  PassportId passport_id_;
};

// What both texts begin with.
inline constexpr absl::string_view kOwnershipTextBegin = "TOUCHSTONE-";

// The answer as text, and back. Reading takes capitals and small letters, and blanks and line ends
// anywhere: mail programs break lines. Errors: those of Envelope::Parse; kMalformed;
// kUnknownVersion; kWrongPayloadType (a question where an answer belongs, or the reverse);
// kTooLarge.
std::string OwnershipProofText(const Envelope& proof);
absl::StatusOr<Envelope> ParseOwnershipProofText(absl::string_view text);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_OWNERSHIP_PROOF_H_
