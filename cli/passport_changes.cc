#include "cli/passport_changes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/json_writer.h"
#include "cli/passport_text.h"
#include "verifier/time_text.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

std::vector<ClaimChange> ClaimChanges(const std::vector<ClaimStatus>& before,
                                      const std::vector<ClaimStatus>& after) {
  std::vector<ClaimChange> changes;
  for (const ClaimStatus& now : after) {
    const auto old = std::find_if(before.begin(), before.end(), [&now](const ClaimStatus& status) {
      return status.claim == now.claim;
    });
    if (old == before.end()) {
      if (now.standing == ClaimStanding::kHeld) continue;
      changes.push_back({now.claim, ClaimStanding::kNone, now.standing, now.events});
    } else if (old->standing != now.standing || old->events != now.events) {
      changes.push_back({now.claim, old->standing, now.standing, now.events - old->events});
    }
  }
  return changes;
}

std::string DescribeChange(const ClaimChange& change) {
  const std::string claim = DescribeClaim(change.claim);
  const bool as_before = change.before == change.now;
  switch (change.now) {
    case ClaimStanding::kHeld:
      return absl::StrCat("RESOLVED for this piece, which alone bears it: ", claim);
    case ClaimStanding::kDisputed:
      return as_before ? absl::StrCat("Still DISPUTED, and contested once more: ", claim)
                       : absl::StrCat("DISPUTED now: ", claim,
                                      "; another piece claims it too, and "
                                      "nobody has said yet which is right");
    case ClaimStanding::kLost:
      return as_before ? absl::StrCat("Still LOST to another piece: ", claim)
                       : absl::StrCat("LOST now: ", claim,
                                      "; another piece was found to be the one that it belongs to");
    case ClaimStanding::kReleased:
      return as_before ? absl::StrCat("Another piece has claimed what this one let go of: ", claim)
                       : absl::StrCat("Released: ", claim, "; not in this piece any more");
    case ClaimStanding::kNone:
      break;
  }
  return claim;
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
  changes.claims = ClaimChanges(before.completeness.claims, after.completeness.claims);
  changes.became_final = after.freshness.kind == FreshnessKind::kFinal &&
                         before.freshness.kind != FreshnessKind::kFinal;
  changes.holding_changed = DescribeHolding(before.status) != DescribeHolding(after.status);
  return changes;
}

std::string ChangesToText(const PassportChanges& changes, const VerifiedRecord& before,
                          const VerifiedRecord& after) {
  const std::string was = FormatTime(before.freshness.as_of_ms);
  const std::string is = FormatTime(after.freshness.as_of_ms);
  if (!changes.any()) {
    return absl::StrCat("Nothing has changed since ", was, ", as of ", is,
                        ": the log goes on, this piece has no new entry, and what it claims stands "
                        "as it did.\n");
  }
  std::string text = absl::StrCat("Since ", was, ", as of ", is, ":\n");
  for (const TimelineEntry& entry : changes.added) {
    text += TimelineLine(entry, after);
  }
  for (const uint32_t number : changes.newly_doubted) {
    absl::StrAppendFormat(
        &text, "%4d  is DOUBTED now: the key that signed it was revoked as compromised\n", number);
  }
  for (const ClaimChange& change : changes.claims) {
    absl::StrAppend(&text, DescribeChange(change), "\n");
  }
  if (changes.became_final) {
    absl::StrAppend(&text, "FINAL now: the log is closed, and there will be nothing newer\n");
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
  json.Key("claims");
  json.BeginArray();
  for (const ClaimChange& change : changes.claims) {
    json.BeginObject();
    json.Key("claim");
    json.String(DescribeClaim(change.claim));
    json.Key("standing_before");
    json.String(ClaimStandingName(change.before));
    json.Key("standing");
    json.String(ClaimStandingName(change.now));
    json.Key("new_events");
    json.Number(change.new_events);
    json.EndObject();
  }
  json.EndArray();
  json.Key("became_final");
  json.Boolean(changes.became_final);
  json.Key("holding_before");
  json.String(DescribeHolding(before.status));
  json.Key("holding");
  json.String(DescribeHolding(after.status));
  json.EndObject();
  return std::move(json).Finish();
}

}  // namespace touchstone::cli
