#include "cli/statement_draft.h"

#include <sodium.h>

#include <utility>
#include <vector>

#include "verifier/statement.h"

namespace touchstone::cli {

v1::Statement NewStatement(absl::string_view origin, uint64_t occurred_at_ms) {
  std::string nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  v1::Statement statement;
  statement.set_log_origin(origin.data(), origin.size());
  statement.set_rules_version(kRulesVersion);
  statement.set_nonce(std::move(nonce));
  statement.set_occurred_at_ms(occurred_at_ms);
  return statement;
}

v1::Statement NewPassportStatement(absl::string_view origin, uint64_t occurred_at_ms,
                                   const PassportId& passport) {
  v1::Statement statement = NewStatement(origin, occurred_at_ms);
  statement.mutable_subject()->set_passport_id(passport.bytes().data(), passport.bytes().size());
  return statement;
}

v1::Statement NewParticipantStatement(absl::string_view origin, uint64_t occurred_at_ms,
                                      absl::string_view participant) {
  v1::Statement statement = NewStatement(origin, occurred_at_ms);
  statement.mutable_subject()->set_participant_id(participant.data(), participant.size());
  return statement;
}

v1::Statement NewStewardsStatement(absl::string_view origin, uint64_t occurred_at_ms) {
  v1::Statement statement = NewStatement(origin, occurred_at_ms);
  statement.mutable_subject()->mutable_stewards();
  return statement;
}

void SetDerivedNonce(const DerivationSecret& secret, v1::Statement* statement) {
  statement->clear_nonce();
  statement->set_nonce(DeriveNonce(secret, statement->SerializeAsString()));
}

absl::StatusOr<std::string> FinishStatement(const v1::Statement& statement) {
  // The signer's own bytes are made here, once; from here on they are never serialised again.
  std::string bytes = statement.SerializeAsString();
  absl::StatusOr<ParsedStatement> parsed = ParsedStatement::Parse(bytes);
  if (!parsed.ok()) return absl::InvalidArgumentError(parsed.status().message());
  return bytes;
}

EnvelopeSignature SignPayload(PayloadType type, absl::string_view payload, const SecretKey& key) {
  EnvelopeSignature signature;
  signature.keyid = key.public_key().KeyId();
  signature.sig = key.Sign(Pae(type, payload));
  return signature;
}

absl::StatusOr<Envelope> SignEnvelope(PayloadType type, absl::string_view payload,
                                      absl::Span<const SecretKey* const> keys) {
  std::vector<EnvelopeSignature> signatures;
  for (const SecretKey* key : keys) signatures.push_back(SignPayload(type, payload, *key));
  return Envelope::Create(type, payload, std::move(signatures));
}

}  // namespace touchstone::cli
