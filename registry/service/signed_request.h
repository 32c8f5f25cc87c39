// Requests that only a participant may make: whether an envelope holds one, fresh, never seen
// before, and signed by a key of the participant that is valid now (docs/FORMAT.md, section 10).
// Not for answering it.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_SIGNED_REQUEST_H_
#define TOUCHSTONE_REGISTRY_SERVICE_SIGNED_REQUEST_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/view.h"
#include "registry/service/nonce_cache.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/participant_id.h"

namespace touchstone::service {

struct SignedRequest {
  ParticipantId participant;
  v1::Request request;
};

// kStaleRequest, unless the registry's clock and the asker's are near enough.
absl::Status CheckRequestTime(uint64_t issued_at_ms, uint64_t now_ms);

// Thread-safe.
class RequestVerifier {
 public:
  RequestVerifier(absl::string_view origin, const ledger::Clock& clock);

  // Refusals: those of Envelope::Parse and CheckCanonical; kInvalidField (a missing or misshapen
  // field); kWrongOrigin; kSurplusSignature; kUnknownSigner, kKeyRevoked and the like;
  // kBadSignature; kStaleRequest; kReplayedRequest. kResourceExhausted: too many requests to
  // remember.
  absl::StatusOr<SignedRequest> Verify(const ledger::View& view, absl::string_view envelope);

 private:
  const std::string origin_;
  const ledger::Clock& clock_;
  NonceCache nonces_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_SIGNED_REQUEST_H_
