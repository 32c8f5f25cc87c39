#include "verifier/statement.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "verifier/canonical.h"
#include "verifier/limits.h"
#include "verifier/participant_id.h"
#include "verifier/passport_id.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"
#include "verifier/statement_fields.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

absl::StatusOr<EventKind> EventOf(const v1::Statement& message) {
  const EventRule* const rule = FindEventRule(static_cast<uint8_t>(message.event_case()));
  if (rule != nullptr) return rule->event;
  return Refuse(RefusalCode::kInvalidStatement, "the statement has no event; one is required");
}

absl::StatusOr<Subject> SubjectOf(const v1::Subject& subject) {
  switch (subject.of_case()) {
    case v1::Subject::kPassportId: {
      const absl::Status valid = PassportId::FromBytes(subject.passport_id()).status();
      if (!valid.ok()) break;
      return Subject{IndexKind::kPassportEntry, subject.passport_id()};
    }
    case v1::Subject::kParticipantId: {
      const absl::Status valid = ParticipantId::Parse(subject.participant_id()).status();
      if (!valid.ok()) return InContext("subject.participant_id", valid);
      return Subject{IndexKind::kParticipantEntry, subject.participant_id()};
    }
    case v1::Subject::kStewards:
      return Subject{IndexKind::kStewardsEntry, ""};
    case v1::Subject::OF_NOT_SET:
      return Refuse(RefusalCode::kInvalidStatement, "the statement has no subject");
  }
  return Refuse(RefusalCode::kInvalidField,
                absl::StrCat("subject.passport_id has ", subject.passport_id().size(),
                             " bytes; accepted are exactly ", PassportId::kBytes));
}

absl::Status CheckHeader(const v1::Statement& message) {
  if (message.rules_version() == 0) {
    return Refuse(RefusalCode::kInvalidField, "rules_version is not stated; it is required");
  }
  if (message.rules_version() != kRulesVersion) {
    return Refuse(RefusalCode::kUnknownRules,
                  absl::StrCat("rules_version is ", message.rules_version(),
                               "; this verifier knows ", kRulesVersion));
  }
  if (message.log_origin().empty()) {
    return Refuse(RefusalCode::kInvalidField, "log_origin is not stated; it is required");
  }
  if (absl::Status valid = ValidateKeyName(message.log_origin()); !valid.ok()) {
    return Refuse(RefusalCode::kInvalidField, absl::StrCat("log_origin: ", valid.message()));
  }
  if (message.nonce().size() != kNonceBytes) {
    return Refuse(RefusalCode::kInvalidField,
                  absl::StrCat("nonce has ", message.nonce().size(),
                               " bytes; accepted are exactly ", kNonceBytes));
  }
  if (message.occurred_at_ms() == 0) {
    return Refuse(RefusalCode::kInvalidField, "occurred_at_ms is not stated; it is required");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Digest>> BuildsOnOf(const v1::Statement& message, EventKind event) {
  const std::string& bytes = message.builds_on();
  if (!IsOwnershipEvent(event)) {
    if (bytes.empty()) return std::nullopt;
    return Refuse(RefusalCode::kInvalidStatement,
                  absl::StrCat("builds_on is stated; ", EventName(event), " builds on no entry"));
  }
  if (bytes.size() != kDigestBytes) {
    return Refuse(RefusalCode::kInvalidStatement,
                  absl::StrCat("builds_on has ", bytes.size(), " bytes; ", EventName(event),
                               " needs the 32 of the newest ownership entry's digest"));
  }
  absl::StatusOr<Digest> digest = DigestFromBytes(bytes);
  if (!digest.ok()) return digest.status();
  return *digest;
}

absl::Status CheckNotOwnSuccessor(const ParsedStatement& statement) {
  const std::vector<std::string>& successors = statement.successors();
  if (!std::binary_search(successors.begin(), successors.end(), statement.subject().bytes)) {
    return absl::OkStatus();
  }
  return Refuse(RefusalCode::kInvalidField,
                absl::StrCat(EventName(statement.event()),
                             " names its own passport as successor; accepted are other pieces'"));
}

}  // namespace

absl::StatusOr<ParsedStatement> ParsedStatement::Parse(absl::string_view statement) {
  if (statement.size() > limits::kEnvelopeBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("the statement has ", statement.size(), " bytes; at most ",
                               limits::kEnvelopeBytesMax, " fit into an entry"));
  }
  if (absl::Status status = CheckCanonical(kStatementSchema, statement); !status.ok()) {
    return status;
  }
  ParsedStatement parsed;
  if (!parsed.message_.ParseFromArray(statement.data(), static_cast<int>(statement.size()))) {
    return Refuse(RefusalCode::kMalformed, "the statement is no protobuf message");
  }
  const v1::Statement& message = parsed.message_;
  if (absl::Status status = CheckHeader(message); !status.ok()) return status;

  absl::StatusOr<EventKind> event = EventOf(message);
  if (!event.ok()) return event.status();
  parsed.event_ = *event;

  absl::StatusOr<Subject> subject = SubjectOf(message.subject());
  if (!subject.ok()) return subject.status();
  if (subject->kind != RuleOf(*event).subject) {
    return Refuse(RefusalCode::kInvalidStatement,
                  absl::StrCat(EventName(*event), " is not about a subject of that kind"));
  }
  parsed.subject_ = *std::move(subject);

  absl::StatusOr<std::optional<Digest>> builds_on = BuildsOnOf(message, *event);
  if (!builds_on.ok()) return builds_on.status();
  parsed.builds_on_ = *builds_on;

  EventParts parts;
  if (absl::Status status = CheckEventFields(message, parts); !status.ok()) return status;
  std::sort(parts.claims.begin(), parts.claims.end());
  parsed.named_keys_ = std::move(parts.named_keys);
  parsed.claims_ = std::move(parts.claims);
  parsed.contests_ = std::move(parts.contests);
  parsed.releases_ = std::move(parts.releases);
  parsed.resolves_ = std::move(parts.resolves);
  parsed.supersedes_ = std::move(parts.supersedes);
  parsed.predecessors_ = std::move(parts.predecessors);
  parsed.successors_ = std::move(parts.successors);
  parsed.successor_issuer_ = std::move(parts.successor_issuer);
  if (absl::Status status = CheckNotOwnSuccessor(parsed); !status.ok()) return status;
  return parsed;
}

}  // namespace touchstone
