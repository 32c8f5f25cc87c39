#include "registry/service/vault_requests.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/service/signed_request.h"
#include "verifier/canonical.h"
#include "verifier/envelope.h"
#include "verifier/envelope_signature.h"
#include "verifier/field_checker.h"
#include "verifier/grant.h"
#include "verifier/limits.h"
#include "verifier/participant_id.h"
#include "verifier/refusal.h"
#include "verifier/statement.h"
#include "verifier/wire_schema.h"

namespace touchstone::service {
namespace {

constexpr int kErasedDocumentsMax = 64;

void CheckPut(const v1::PutDocument& put, FieldChecker& checker) {
  FieldChecker::In in(checker, "put_document");
  checker.Bytes("document_sha256", put.document_sha256(), kDigestBytes, Presence::kRequired);
  checker.Bytes("salt", put.salt(), limits::kDocumentSaltBytes);
  checker.Number("size", put.size(), 1, limits::kDocumentBytesMax, Presence::kRequired);
  checker.Text("media_type", put.media_type(), limits::kMediaTypeBytesMax);
  checker.Text("name", put.name(), limits::kDocumentNameBytesMax);
}

void CheckErase(const v1::EraseDocuments& erase, FieldChecker& checker) {
  FieldChecker::In in(checker, "erase_documents");
  checker.Count("documents_sha256", erase.documents_sha256_size(), kErasedDocumentsMax);
  for (int i = 0; i < erase.documents_sha256_size() && checker.ok(); ++i) {
    const std::string& digest = erase.documents_sha256(i);
    if (digest.size() != kDigestBytes || (i > 0 && digest <= erase.documents_sha256(i - 1))) {
      checker.Fail("documents_sha256", i, "is not 32 bytes behind the one before it",
                   "are digests of 32 bytes in ascending order, each once");
    }
  }
}

void CheckQuery(const v1::VaultRequest& request, v1::VaultRequest::QueryCase asked,
                FieldChecker& checker) {
  if (request.query_case() != asked) {
    checker.Fail("query", std::nullopt, "is not what this RPC answers", "is the RPC's own");
    return;
  }
  if (request.has_get_document()) {
    FieldChecker::In in(checker, "get_document");
    checker.Bytes("document_sha256", request.get_document().document_sha256(), kDigestBytes,
                  Presence::kRequired);
  }
  if (request.has_put_document()) CheckPut(request.put_document(), checker);
  if (request.has_withdraw_grant()) {
    FieldChecker::In in(checker, "withdraw_grant");
    checker.Bytes("grant_nonce", request.withdraw_grant().grant_nonce(), kNonceBytes,
                  Presence::kRequired);
  }
  if (request.has_erase_documents()) CheckErase(request.erase_documents(), checker);
}

absl::StatusOr<v1::VaultRequest> ParseRequest(absl::string_view payload,
                                              v1::VaultRequest::QueryCase asked) {
  absl::Status status = CheckCanonical(kVaultRequestSchema, payload);
  if (!status.ok()) return status;
  v1::VaultRequest request;
  if (!request.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return Refuse(RefusalCode::kMalformed, "the request is not protobuf");
  }
  FieldChecker checker;
  checker.Bytes("nonce", request.nonce(), kNonceBytes, Presence::kRequired);
  checker.Bytes("passport_id", request.passport_id(), PassportId::kBytes, Presence::kRequired);
  checker.Required("requester", request.requester_case() != v1::VaultRequest::REQUESTER_NOT_SET);
  CheckQuery(request, asked, checker);
  if (!checker.ok()) return checker.status();
  return request;
}

// The key that must have signed it, and who that is.
absl::StatusOr<PublicKey> FindRequester(const ledger::View& view, const v1::VaultRequest& request,
                                        const Digest& key_id, vault::Asker& asker) {
  if (request.has_key()) {
    absl::StatusOr<PublicKey> key = PublicKey::Parse(request.key());
    if (!key.ok()) return InContext("key", key.status());
    asker.key = *key;
    return key;
  }
  const absl::StatusOr<ParticipantId> participant = ParticipantId::Parse(request.participant_id());
  if (!participant.ok()) return InContext("participant_id", participant.status());
  asker.participant = participant->text();
  return view.ValidParticipantKey(*participant, key_id);
}

}  // namespace

absl::StatusOr<vault::VaultRequest> ReadVaultRequest(const ledger::View& view,
                                                     absl::string_view envelope_bytes,
                                                     v1::VaultRequest::QueryCase asked,
                                                     absl::string_view log_origin,
                                                     uint64_t now_ms) {
  const absl::StatusOr<Envelope> envelope =
      Envelope::Parse(PayloadType::kVaultRequest, envelope_bytes);
  if (!envelope.ok()) return envelope.status();
  absl::StatusOr<v1::VaultRequest> message = ParseRequest(envelope->payload(), asked);
  if (!message.ok()) return message.status();
  if (message->log_origin() != log_origin) {
    return Refuse(
        RefusalCode::kWrongOrigin,
        absl::StrCat("log_origin: the request is for another log; this one is ", log_origin));
  }
  if (envelope->signatures().size() != 1) {
    return Refuse(RefusalCode::kSurplusSignature,
                  absl::StrCat("a request carries exactly one signature, this one ",
                               envelope->signatures().size()));
  }
  absl::Status status = CheckRequestTime(message->issued_at_ms(), now_ms);
  if (!status.ok()) return status;
  vault::Asker asker;
  const EnvelopeSignature& signature = envelope->signatures().front();
  const absl::StatusOr<PublicKey> key = FindRequester(view, *message, signature.keyid, asker);
  if (!key.ok()) return key.status();
  status = VerifyEnvelopeSignature(*envelope, signature, *key, log_origin);
  if (!status.ok()) return status;
  if (!message->grant().empty()) {
    absl::StatusOr<SignedGrant> grant = SignedGrant::Parse(message->grant());
    if (!grant.ok()) return InContext("grant", grant.status());
    asker.grant = *std::move(grant);
  }
  const absl::StatusOr<PassportId> passport = PassportId::FromBytes(message->passport_id());
  if (!passport.ok()) return passport.status();
  return vault::VaultRequest{*passport, std::move(asker), *std::move(message)};
}

}  // namespace touchstone::service
