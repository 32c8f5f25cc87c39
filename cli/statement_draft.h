// Statements in the making: from a message to signed envelopes. Not for what the fields of an event
// mean, nor for sending (cli/submission.h).
#ifndef TOUCHSTONE_CLI_STATEMENT_DRAFT_H_
#define TOUCHSTONE_CLI_STATEMENT_DRAFT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/envelope.h"
#include "verifier/passport_id.h"
#include "verifier/signing/passport_id_derivation.h"
#include "verifier/signing/secret_key.h"

namespace touchstone::cli {

// A statement to the log `origin` that still lacks its event, with a random nonce.
v1::Statement NewStatement(absl::string_view origin, uint64_t occurred_at_ms);

// The same with their subjects.
v1::Statement NewPassportStatement(absl::string_view origin, uint64_t occurred_at_ms,
                                   const PassportId& passport);
v1::Statement NewParticipantStatement(absl::string_view origin, uint64_t occurred_at_ms,
                                      absl::string_view participant);
v1::Statement NewStewardsStatement(absl::string_view origin, uint64_t occurred_at_ms);

// Replaces the nonce by one derived from `secret` and everything else in the statement, so that the
// same content makes the same bytes.
void SetDerivedNonce(const DerivationSecret& secret, v1::Statement* statement);

// The bytes to sign. InvalidArgument with what ParsedStatement::Parse says, so that what a registry
// would refuse is refused before anybody signs it: a mistake of whoever described it.
absl::StatusOr<std::string> FinishStatement(const v1::Statement& statement);

// One key's signature over payload type and payload.
EnvelopeSignature SignPayload(PayloadType type, absl::string_view payload, const SecretKey& key);

// The envelope with one signature of each key. The keys are not the caller's to lose: they are only
// looked at.
absl::StatusOr<Envelope> SignEnvelope(PayloadType type, absl::string_view payload,
                                      absl::Span<const SecretKey* const> keys);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_STATEMENT_DRAFT_H_
