#include "verifier/status_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "verifier/event_text.h"
#include "verifier/time_text.h"

namespace touchstone {
namespace {

std::string By(const std::string& participant) {
  return participant.empty() ? "by whoever holds it" : absl::StrCat("by ", participant);
}

StatusLine DescribeIncident(const OpenIncident& incident) {
  const std::string kind = v1::IncidentReported::Kind_Name(incident.kind);
  std::string text =
      absl::StrCat(absl::AsciiStrToUpper(WordsOf(kind)), ", reported ",
                   FormatTime(incident.reported.time_ms), " ", By(incident.reported_by));
  if (incident.confirmed) absl::StrAppend(&text, ", and CONFIRMED since");
  return {std::move(text), incident.kind != v1::IncidentReported::DAMAGED};
}

StatusLine DescribeNotice(const HoldingStatus& status) {
  const PendingNotice& notice = *status.life.notice();
  return {absl::StrCat("IT MOVES WITHOUT ITS KEY (",
                       WordsOf(v1::TransferNotice::Kind_Name(notice.kind)), "), announced ",
                       FormatTime(notice.given.time_ms), " ", By(notice.given_by),
                       notice.objected ? "; the holder has objected, the order stands"
                                       : "; the holder can object",
                       " until ", FormatTime(status.notice_ends_ms)),
          true};
}

}  // namespace

std::vector<StatusLine> DescribeLife(const HoldingStatus& status) {
  const PieceLife& life = status.life;
  std::vector<StatusLine> lines;
  for (const OpenIncident& incident : life.incidents()) lines.push_back(DescribeIncident(incident));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const StatusLine& a, const StatusLine& b) { return a.grave && !b.grave; });
  if (life.notice()) lines.push_back(DescribeNotice(status));
  if (life.pledge()) {
    lines.push_back({absl::StrCat("PLEDGED since ", FormatTime(life.pledge()->pledged.time_ms),
                                  ": it cannot be sold before it is released"),
                     true});
  }
  if (life.custody()) {
    lines.push_back({absl::StrCat("in service with ", life.custody()->participant, " since ",
                                  FormatTime(life.custody()->received.time_ms)),
                     false});
  }
  if (life.consigned()) {
    lines.push_back({"on consignment: a dealer sells it for its owner", false});
  }
  if (life.kept_by_store()) {
    lines.push_back({"the store keeps the claim code for the customer", false});
  }
  if (life.moved_after_notice() > 0) {
    lines.push_back({absl::StrCat("it has moved without its key ", life.moved_after_notice(),
                                  life.moved_after_notice() == 1 ? " time" : " times",
                                  ", after notice; see the history"),
                     false});
  }
  return lines;
}

std::string DescribeLaterEntries(const TimelineEntry& entry) {
  if (entry.corrected_by) return absl::StrCat("corrected by entry ", *entry.corrected_by);
  if (entry.superseded_by) return absl::StrCat("superseded by entry ", *entry.superseded_by);
  return "";
}

}  // namespace touchstone
