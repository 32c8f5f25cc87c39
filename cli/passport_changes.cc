#include "cli/passport_changes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/json_writer.h"
#include "cli/passport_text.h"
#include "verifier/time_text.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

std::string WhoSaid(const TimelineEntry& entry, const VerifiedRecord& record) {
  return entry.signer ? record.signers[*entry.signer].details.legal_name : "its owners";
}

}  // namespace

absl::StatusOr<PassportChanges> ChangesBetween(const VerifiedRecord& before,
                                               const VerifiedRecord& after) {
  PassportChanges changes;
  for (size_t i = 0; i < before.timeline.size(); ++i) {
    const TimelineEntry& old = before.timeline[i];
    if (i >= after.timeline.size() || after.timeline[i].place.digest != old.place.digest) {
      return absl::DataLossError(
          absl::StrCat("entry ", i,
                       " of the older passport is not in the newer one: they come from "
                       "two histories. Keep both files and show them to an auditor"));
    }
    if (after.timeline[i].doubted && !old.doubted) changes.newly_doubted.push_back(old.number);
  }
  changes.added.assign(after.timeline.begin() + static_cast<std::ptrdiff_t>(before.timeline.size()),
                       after.timeline.end());
  changes.holding_changed = DescribeHolding(before.status) != DescribeHolding(after.status);
  return changes;
}

std::string ChangesToText(const PassportChanges& changes, const VerifiedRecord& before,
                          const VerifiedRecord& after) {
  const std::string was = FormatTime(before.freshness.as_of_ms);
  const std::string is = FormatTime(after.freshness.as_of_ms);
  if (!changes.any()) {
    return absl::StrCat("Nothing has changed since ", was, ", as of ", is,
                        ": the log goes on, and this piece has no new entry.\n");
  }
  std::string text = absl::StrCat("Since ", was, ", as of ", is, ":\n");
  for (const TimelineEntry& entry : changes.added) {
    absl::StrAppendFormat(
        &text, "%4d  %s  %s (%s%s%s)\n", entry.number, FormatTime(entry.place.time_ms),
        PlainText(entry.what), PlainText(WhoSaid(entry, after)),
        entry.as_provided ? ", as provided" : "", entry.doubted ? ", DOUBTED" : "");
  }
  for (const uint32_t number : changes.newly_doubted) {
    absl::StrAppendFormat(
        &text, "%4d  is DOUBTED now: the key that signed it was revoked as compromised\n", number);
  }
  if (changes.holding_changed) {
    absl::StrAppend(&text, "Holding: ", DescribeHolding(before.status), " -> ",
                    DescribeHolding(after.status), "\n");
  }
  return text;
}

std::string ChangesToJson(const PassportChanges& changes, const VerifiedRecord& before,
                          const VerifiedRecord& after) {
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("passport_id");
  json.String(after.passport_id.Format());
  json.Key("changed");
  json.Boolean(changes.any());
  json.Key("since");
  json.String(FormatRfc3339(before.freshness.as_of_ms));
  json.Key("as_of");
  json.String(FormatRfc3339(after.freshness.as_of_ms));
  json.Key("added");
  json.BeginArray();
  for (const TimelineEntry& entry : changes.added) {
    json.BeginObject();
    json.Key("number");
    json.Number(entry.number);
    json.Key("time");
    json.String(FormatRfc3339(entry.place.time_ms));
    json.Key("event");
    json.String(EventName(entry.event));
    json.Key("what");
    json.String(entry.what);
    json.Key("by");
    json.String(WhoSaid(entry, after));
    json.Key("doubted");
    json.Boolean(entry.doubted);
    json.EndObject();
  }
  json.EndArray();
  json.Key("newly_doubted");
  json.BeginArray();
  for (const uint32_t number : changes.newly_doubted) json.Number(number);
  json.EndArray();
  json.Key("holding_before");
  json.String(DescribeHolding(before.status));
  json.Key("holding");
  json.String(DescribeHolding(after.status));
  json.EndObject();
  return std::move(json).Finish();
}

}  // namespace touchstone::cli
