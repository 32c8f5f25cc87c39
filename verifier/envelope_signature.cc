#include "verifier/envelope_signature.h"

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {

absl::Status VerifyEnvelopeSignature(const Envelope& envelope, const EnvelopeSignature& signature,
                                     const PublicKey& key, absl::string_view log_origin,
                                     VerifiedBatchNotes* verified) {
  const Digest key_id = key.KeyId();
  if (signature.keyid != key_id) {
    return Refuse(RefusalCode::kBadSignature,
                  absl::StrCat("the signature names the key with id ", DigestToHex(signature.keyid),
                               " and not ", DigestToHex(key_id)));
  }
  if (signature.batch.has_value()) {
    return VerifyBatchSignature(envelope.pae(), *signature.batch, signature.sig, key, log_origin,
                                verified);
  }
  if (!key.Verify(envelope.pae(), signature.sig).ok()) {
    return Refuse(RefusalCode::kBadSignature,
                  absl::StrCat("the signature by the key with id ", DigestToHex(key_id),
                               " is not over this envelope"));
  }
  return absl::OkStatus();
}

}  // namespace touchstone
