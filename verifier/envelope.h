// The DSSE v1 envelope around a statement, a request, a grant or a question about ownership
// (docs/FORMAT.md, section 3): reading it strictly, making it, and what its signatures are made
// over. Not for checking signatures (verifier/envelope_signature.h), nor for which signatures a
// statement needs.
#ifndef TOUCHSTONE_VERIFIER_ENVELOPE_H_
#define TOUCHSTONE_VERIFIER_ENVELOPE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/batch_path.h"
#include "verifier/digest.h"

namespace touchstone {

enum class PayloadType { kStatement, kRequest, kVaultRequest, kGrant, kOwnershipProof };

inline constexpr absl::string_view kStatementPayloadType =
    "application/vnd.touchstone.statement.v1+protobuf";
inline constexpr absl::string_view kRequestPayloadType =
    "application/vnd.touchstone.request.v1+protobuf";
inline constexpr absl::string_view kVaultRequestPayloadType =
    "application/vnd.touchstone.vault-request.v1+protobuf";
inline constexpr absl::string_view kGrantPayloadType =
    "application/vnd.touchstone.grant.v1+protobuf";
inline constexpr absl::string_view kOwnershipProofPayloadType =
    "application/vnd.touchstone.ownership-proof.v1+protobuf";

absl::string_view PayloadTypeName(PayloadType type);

// DSSE's pre-authentication encoding: what a signature is over, and what a batch's leaf is.
std::string Pae(PayloadType type, absl::string_view payload);

// One signature as an envelope carries it; whose it is and whether it verifies is not known.
struct EnvelopeSignature {
  Digest keyid = {};  // SHA-256(type ‖ public key)
  std::string sig;
  // Present: `sig` is over the batch's note, and not over the PAE itself.
  std::optional<BatchPath> batch;

  friend bool operator==(const EnvelopeSignature&, const EnvelopeSignature&) = default;
};

// A well-formed envelope: 1 to limits::kEnvelopeSignaturesMax signatures, strictly ascending by
// keyid, and at most limits::kEnvelopeBytesMax bytes in all. Its payload is any bytes.
class Envelope {
 public:
  // Reads canonical bytes. Errors: those of CheckCanonical; kTooLarge; kMalformed;
  // kUnknownPayloadType; kWrongPayloadType if it is not an envelope around an `expected`.
  static absl::StatusOr<Envelope> Parse(PayloadType expected, absl::string_view bytes);

  // Makes one of signatures in any order. Errors: kMalformed (no signature, two by one key, an
  // empty or overlong one), kTooLarge.
  static absl::StatusOr<Envelope> Create(PayloadType type, absl::string_view payload,
                                         std::vector<EnvelopeSignature> signatures);

  PayloadType payload_type() const { return type_; }
  // Valid while this object lives and is not moved from.
  absl::string_view payload() const { return absl::string_view(pae_).substr(payload_offset_); }
  const std::vector<EnvelopeSignature>& signatures() const { return signatures_; }

  // The canonical bytes: for a parsed envelope, the bytes that were read.
  const std::string& bytes() const { return bytes_; }
  const std::string& pae() const { return pae_; }
  // SHA-256(PAE): two envelopes with the same digest are the same submission.
  Digest digest() const;

 private:
  Envelope(PayloadType type, std::string bytes, absl::string_view payload,
           std::vector<EnvelopeSignature> signatures);
  PayloadType type_;
  std::string bytes_;
  std::string pae_;
  size_t payload_offset_;  // in pae_
  std::vector<EnvelopeSignature> signatures_;
};

// One envelope with the signatures of both, for signers who sit at different machines. A signature
// that both carry is kept once. Errors: kMalformed if type or payload differ, or if the two carry
// different signatures by one key; kTooLarge.
absl::StatusOr<Envelope> CombineEnvelopes(const Envelope& a, const Envelope& b);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_ENVELOPE_H_
