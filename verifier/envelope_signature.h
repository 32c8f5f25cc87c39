// Checking one signature of an envelope, whichever of the two forms it has. Not for whether its
// key may sign what the envelope holds.
#ifndef TOUCHSTONE_VERIFIER_ENVELOPE_SIGNATURE_H_
#define TOUCHSTONE_VERIFIER_ENVELOPE_SIGNATURE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "verifier/batch_signature.h"
#include "verifier/envelope.h"
#include "verifier/public_key.h"

namespace touchstone {

// OK if `signature`, one of envelope.signatures(), names `key` and is its signature over the
// envelope, by itself or as a leaf of a batch for `log_origin` (the statement's own log_origin);
// kBadSignature otherwise. `verified` may be null (see VerifyBatchSignature).
absl::Status VerifyEnvelopeSignature(const Envelope& envelope, const EnvelopeSignature& signature,
                                     const PublicKey& key, absl::string_view log_origin,
                                     VerifiedBatchNotes* verified = nullptr);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_ENVELOPE_SIGNATURE_H_
