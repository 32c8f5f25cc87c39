#include "registry/service/signed_request.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/service/limits.h"
#include "verifier/canonical.h"
#include "verifier/envelope.h"
#include "verifier/envelope_signature.h"
#include "verifier/public_key.h"
#include "verifier/refusal.h"
#include "verifier/statement.h"
#include "verifier/wire_schema.h"

namespace touchstone::service {
namespace {

absl::StatusOr<v1::Request> ParseRequest(absl::string_view payload) {
  if (absl::Status status = CheckCanonical(kRequestSchema, payload); !status.ok()) return status;
  v1::Request request;
  if (!request.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return Refuse(RefusalCode::kMalformed, "the request is not protobuf");
  }
  if (request.nonce().size() != kNonceBytes) {
    return Refuse(RefusalCode::kInvalidField,
                  absl::StrCat("nonce: ", request.nonce().size(), " bytes; must be ", kNonceBytes));
  }
  if (request.query_case() == v1::Request::QUERY_NOT_SET) {
    return Refuse(RefusalCode::kInvalidField,
                  "query: missing; must be one of list_pieces, find_piece");
  }
  return request;
}

}  // namespace

absl::Status CheckRequestTime(uint64_t issued_at_ms, uint64_t now_ms) {
  const uint64_t apart = issued_at_ms > now_ms ? issued_at_ms - now_ms : now_ms - issued_at_ms;
  if (apart <= limits::kRequestClockWindowMs) return absl::OkStatus();
  return Refuse(RefusalCode::kStaleRequest,
                absl::StrCat("issued_at_ms: ", issued_at_ms, " is ", apart / 1000,
                             " s from the registry's clock, which says ", now_ms, "; at most ",
                             limits::kRequestClockWindowMs / 1000, " s are accepted"));
}

RequestVerifier::RequestVerifier(absl::string_view origin, const ledger::Clock& clock)
    : origin_(origin),
      clock_(clock),
      // From the earliest moment at which a request is let through to the latest.
      nonces_(limits::kRequestNoncesMax, 2 * limits::kRequestClockWindowMs) {}

absl::StatusOr<SignedRequest> RequestVerifier::Verify(const ledger::View& view,
                                                      absl::string_view envelope_bytes) {
  absl::StatusOr<Envelope> envelope = Envelope::Parse(PayloadType::kRequest, envelope_bytes);
  if (!envelope.ok()) return envelope.status();
  absl::StatusOr<v1::Request> request = ParseRequest(envelope->payload());
  if (!request.ok()) return request.status();
  if (request->log_origin() != origin_) {
    return Refuse(
        RefusalCode::kWrongOrigin,
        absl::StrCat("log_origin: the request is for another log; this one is ", origin_));
  }
  absl::StatusOr<ParticipantId> participant = ParticipantId::Parse(request->participant_id());
  if (!participant.ok()) return InContext("participant_id", participant.status());
  if (envelope->signatures().size() != 1) {
    return Refuse(RefusalCode::kSurplusSignature,
                  absl::StrCat("a request carries exactly one signature, this one ",
                               envelope->signatures().size()));
  }
  const uint64_t now_ms = clock_.NowMs();
  if (absl::Status status = CheckRequestTime(request->issued_at_ms(), now_ms); !status.ok())
    return status;

  const EnvelopeSignature& signature = envelope->signatures().front();
  absl::StatusOr<PublicKey> key = view.ValidParticipantKey(*participant, signature.keyid);
  if (!key.ok()) return key.status();
  if (absl::Status status = VerifyEnvelopeSignature(*envelope, signature, *key, origin_);
      !status.ok()) {
    return status;
  }
  // Only what was signed is remembered, so that strangers cannot fill the memory, nor use up the
  // nonces of others.
  switch (nonces_.See(absl::StrCat(participant->text(), "\n", request->nonce()), now_ms)) {
    case NonceCache::Answer::kFresh:
      return SignedRequest{*std::move(participant), *std::move(request)};
    case NonceCache::Answer::kReplay:
      return Refuse(RefusalCode::kReplayedRequest,
                    "nonce: this request was made before; make a new one with a new nonce");
    case NonceCache::Answer::kFull:
      return absl::ResourceExhaustedError("too many signed requests within the clock window");
  }
  return absl::InternalError("a nonce cache answers one of three");
}

}  // namespace touchstone::service
