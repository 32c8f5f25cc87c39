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
  switch (message.event_case()) {
    case v1::Statement::kGenesis:
      return EventKind::kGenesis;
    case v1::Statement::kCardKeyEnrolled:
      return EventKind::kCardKeyEnrolled;
    case v1::Statement::kLogClosed:
      return EventKind::kLogClosed;
    case v1::Statement::kParticipantEnrolled:
      return EventKind::kParticipantEnrolled;
    case v1::Statement::kParticipantChanged:
      return EventKind::kParticipantChanged;
    case v1::Statement::kKeyAdded:
      return EventKind::kKeyAdded;
    case v1::Statement::kKeyRevoked:
      return EventKind::kKeyRevoked;
    case v1::Statement::kRegistration:
      return EventKind::kRegistration;
    case v1::Statement::kLaboratoryReport:
      return EventKind::kLaboratoryReport;
    case v1::Statement::kCareRecord:
      return EventKind::kCareRecord;
    case v1::Statement::kFirstSale:
      return EventKind::kFirstSale;
    case v1::Statement::kClaim:
      return EventKind::kClaim;
    case v1::Statement::kTransfer:
      return EventKind::kTransfer;
    case v1::Statement::kClaimResolved:
      return EventKind::kClaimResolved;
    case v1::Statement::kEndOfLife:
      return EventKind::kEndOfLife;
    case v1::Statement::kStoneRemoved:
      return EventKind::kStoneRemoved;
    case v1::Statement::EVENT_NOT_SET:
      break;
  }
  return Refuse(RefusalCode::kInvalidStatement, "the statement has no event; one is required");
}

IndexKind SubjectKindOf(EventKind event) {
  switch (event) {
    case EventKind::kGenesis:
    case EventKind::kCardKeyEnrolled:
    case EventKind::kLogClosed:
      return IndexKind::kStewardsEntry;
    case EventKind::kParticipantEnrolled:
    case EventKind::kParticipantChanged:
    case EventKind::kKeyAdded:
    case EventKind::kKeyRevoked:
      return IndexKind::kParticipantEntry;
    case EventKind::kRegistration:
    case EventKind::kLaboratoryReport:
    case EventKind::kCareRecord:
    case EventKind::kFirstSale:
    case EventKind::kClaim:
    case EventKind::kTransfer:
    case EventKind::kClaimResolved:
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      return IndexKind::kPassportEntry;
  }
  return IndexKind::kPassportEntry;
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

absl::string_view EventName(EventKind event) {
  switch (event) {
    case EventKind::kGenesis:
      return "genesis";
    case EventKind::kCardKeyEnrolled:
      return "card_key_enrolled";
    case EventKind::kLogClosed:
      return "log_closed";
    case EventKind::kParticipantEnrolled:
      return "participant_enrolled";
    case EventKind::kParticipantChanged:
      return "participant_changed";
    case EventKind::kKeyAdded:
      return "key_added";
    case EventKind::kKeyRevoked:
      return "key_revoked";
    case EventKind::kRegistration:
      return "registration";
    case EventKind::kLaboratoryReport:
      return "laboratory_report";
    case EventKind::kCareRecord:
      return "care_record";
    case EventKind::kFirstSale:
      return "first_sale";
    case EventKind::kClaim:
      return "claim";
    case EventKind::kTransfer:
      return "transfer";
    case EventKind::kClaimResolved:
      return "claim_resolved";
    case EventKind::kEndOfLife:
      return "end_of_life";
    case EventKind::kStoneRemoved:
      return "stone_removed";
  }
  return "";
}

bool IsOwnershipEvent(EventKind event) {
  return event == EventKind::kFirstSale || event == EventKind::kClaim ||
         event == EventKind::kTransfer;
}

bool IsSettlement(EventKind event) {
  return event == EventKind::kClaimResolved || event == EventKind::kEndOfLife ||
         event == EventKind::kStoneRemoved;
}

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
  if (subject->kind != SubjectKindOf(*event)) {
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
  parsed.predecessors_ = std::move(parts.predecessors);
  parsed.successors_ = std::move(parts.successors);
  if (absl::Status status = CheckNotOwnSuccessor(parsed); !status.ok()) return status;
  return parsed;
}

}  // namespace touchstone
