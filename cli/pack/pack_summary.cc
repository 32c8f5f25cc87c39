#include "cli/pack/pack_summary.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "cli/grant_text.h"
#include "verifier/status_text.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

class Summary {
 public:
  void Heading(absl::string_view text) {
    absl::StrAppend(&text_, text_.empty() ? "" : "\n", text, "\n", std::string(text.size(), '-'),
                    "\n");
  }
  void Line(absl::string_view text) { absl::StrAppend(&text_, PlainText(text), "\n"); }
  void Field(absl::string_view label, absl::string_view text) {
    if (!text.empty()) absl::StrAppendFormat(&text_, "%-14s %s\n", label, PlainText(text));
  }
  void Raw(absl::string_view text) { absl::StrAppend(&text_, text); }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string Words(absl::string_view name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}

void SayPiece(const VerifiedRecord& record, Summary& out) {
  const v1::Piece& piece = record.specification.piece;
  out.Heading("The piece");
  out.Field("Title", piece.title());
  out.Field("Maker", piece.maker());
  out.Field("Serial", piece.serial());
  out.Field("GTIN", piece.gtin14());
  if (piece.total_mass_mg() != 0) {
    out.Field("Mass", absl::StrCat(piece.total_mass_mg(), " mg"));
  }
  out.Field("Passport", record.passport_id.Format());
  out.Field("Registered", absl::StrCat(FormatTime(record.timeline.front().place.time_ms), ", by ",
                                       WhoSaid(record.timeline.front(), record)));
  for (const ClaimStatus& status : record.completeness.claims) {
    const std::string claim = DescribeClaim(status.claim);
    switch (status.standing) {
      case ClaimStanding::kHeld:
        out.Field("Alone bears", claim);
        break;
      case ClaimStanding::kDisputed:
        out.Field("DISPUTED", absl::StrCat(claim, ": another piece claims it too"));
        break;
      case ClaimStanding::kLost:
        out.Field("LOST", absl::StrCat(claim, ": it belongs to another piece"));
        break;
      case ClaimStanding::kReleased:
      case ClaimStanding::kNone:
        break;
    }
  }
}

void SayState(const VerifiedRecord& record, Summary& out) {
  out.Heading("Its state");
  out.Field("State", Words(PieceStateName(record.status)));
  for (const StatusLine& line : DescribeLife(record.status)) {
    out.Field(line.grave ? "ATTENTION" : "Besides", line.text);
  }
  out.Field("Owners", absl::StrCat(record.status.owner_count,
                                   " so far, the present one included; who they are is recorded "
                                   "nowhere"));
}

bool IsIncident(const TimelineEntry& entry) {
  return entry.event == EventKind::kIncidentReported || entry.event == EventKind::kIncidentResolved;
}

void SayIncidents(const VerifiedRecord& record, uint64_t checkpoint_time_ms, Summary& out) {
  out.Heading("Incidents (lost, stolen, damaged, doubted, disputed)");
  const std::string as_of = FormatTime(checkpoint_time_ms);
  const bool any = std::any_of(record.timeline.begin(), record.timeline.end(), IsIncident);
  if (!any) {
    out.Line(absl::StrCat("None was ever reported, as of ", as_of, "."));
  } else {
    for (const TimelineEntry& entry : record.timeline) {
      if (IsIncident(entry)) out.Raw(TimelineLine(entry, record));
    }
    out.Line(absl::StrCat(record.status.life.incidents().empty()
                              ? "None is open, as of "
                              : "OPEN ONES ARE AMONG THEM, as of ",
                          as_of, "."));
  }
  out.Line("What proves it: passport.passport holds all entries of this piece, numbers 0 to " +
           absl::StrCat(record.completeness.entries - 1, ","));
  out.Line(absl::StrCat("and the proof from the log's index that there is no number ",
                        record.completeness.entries, "; under the checkpoint of"));
  out.Line(absl::StrCat("the log ", record.log.origin, " at its size of ",
                        record.completeness.log_size, " entries."));
}

void SayAppraisals(const VerifiedRecord& record, Summary& out) {
  out.Heading("Appraisals");
  bool any = false;
  for (const TimelineEntry& entry : record.timeline) {
    if (entry.event != EventKind::kAppraisal) continue;
    v1::Statement statement;
    if (!statement.ParseFromString(entry.statement)) continue;
    const v1::Appraisal& appraisal = statement.appraisal();
    any = true;
    const std::string later = DescribeLaterEntries(entry);
    out.Line(absl::StrCat(
        "Entry ", entry.number, ": ", Words(v1::Appraisal::Purpose_Name(appraisal.purpose())),
        ", effective ", appraisal.effective_on(), appraisal.expires_on().empty() ? "" : ", until ",
        appraisal.expires_on(), ", by ", WhoSaid(entry, record),
        appraisal.standard().empty() ? "" : ", to ", appraisal.standard(),
        later.empty() ? "" : "; ", later));
  }
  out.Line(any ? "Values are in their documents, if those are below, and nowhere in the log."
               : "None.");
}

std::string WhyText(absl::string_view why) {
  if (why == "not_granted") return "not granted";
  if (why == "never_stored") return "never stored with the registry";
  if (why == "erased") return "erased";
  if (why == "retention_ended") return "gone since its retention ended";
  return "not had from the registry";
}

void SayDocuments(const PackManifest& manifest, Summary& out) {
  out.Heading("Documents in this pack");
  for (const PackDocument& document : manifest.documents) {
    out.Line(document.file);
    out.Line(absl::StrCat(
        "    ", document.kind, ", ", document.size, " bytes; entry ", document.entry_number,
        " commits to it",
        document.opening.empty() ? "" : absl::StrCat(" (opening: ", document.opening, ")")));
  }
  if (manifest.documents.empty()) out.Line("None.");
  out.Heading("Documents that the passport commits to and that are not in this pack");
  for (const AbsentDocument& absent : manifest.absent) {
    out.Line(absl::StrCat(absent.kind, ", entry ", absent.entry_number, ": ", WhyText(absent.why)));
  }
  if (manifest.absent.empty()) out.Line("None: all are there.");
  if (!manifest.absent.empty()) out.Line("(The reasons are as whoever made the pack says.)");
}

}  // namespace

std::string SummaryText(const VerifiedRecord& record, uint64_t checkpoint_time_ms,
                        const PackManifest& manifest, const SignedGrant* grant) {
  Summary out;
  out.Line("A piece of fine jewellery: its record, for an insurer or an appraiser.");
  out.Line(absl::StrCat("As of ", FormatTime(checkpoint_time_ms), ", by the registry's clock."));
  out.Line("Do not believe this page by itself. `touchstone insurer-pack check PACK.zip --policy");
  out.Line(
      "FILE` proves it, offline, with your own copy of the log's public key, and fails if this");
  out.Line("page says anything else than what is proven. Whether the object before you is the one");
  out.Line("that is described, its inscription, mass and measurements must show.");
  SayPiece(record, out);
  SayState(record, out);
  SayIncidents(record, checkpoint_time_ms, out);
  SayAppraisals(record, out);
  SayDocuments(manifest, out);
  out.Heading("The owner's consent");
  if (grant == nullptr) {
    out.Line("No grant in this pack: nothing here shows that the owner agreed.");
  } else {
    out.Raw(GrantToText(*grant));
  }
  out.Heading("The whole history");
  for (const TimelineEntry& entry : record.timeline) out.Raw(TimelineLine(entry, record));
  return out.Take();
}

}  // namespace touchstone::cli
