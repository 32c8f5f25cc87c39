#include "cli/describe_statement.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/message_description.h"
#include "verifier/passport_id.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

absl::StatusOr<std::string> SubjectText(const Subject& subject) {
  if (subject.kind == IndexKind::kStewardsEntry) return std::string("the stewards");
  if (subject.kind == IndexKind::kParticipantEntry) {
    return absl::StrCat("participant ", subject.bytes);
  }
  const absl::StatusOr<PassportId> id = PassportId::FromBytes(subject.bytes);
  if (!id.ok()) return id.status();
  return absl::StrCat("passport ", id->Format());
}

}  // namespace

absl::StatusOr<std::string> DescribeStatement(absl::string_view statement) {
  const absl::StatusOr<ParsedStatement> parsed = ParsedStatement::Parse(statement);
  if (!parsed.ok()) return parsed.status();
  const absl::StatusOr<std::string> subject = SubjectText(parsed->subject());
  if (!subject.ok()) return subject.status();
  const absl::StatusOr<std::string> everything =
      MessageToJson("Statement", statement, JsonWriter::Layout::kPretty);
  if (!everything.ok()) return everything.status();
  return absl::StrCat(
      EventName(parsed->event()), " for ", *subject, ", said to the log ", parsed->log_origin(),
      ", ",
      absl::FormatTime(absl::RFC3339_sec,
                       absl::FromUnixMillis(static_cast<int64_t>(parsed->occurred_at_ms())),
                       absl::UTCTimeZone()),
      "\n", *everything, "\n");
}

}  // namespace touchstone::cli
