#include "cli/passport_text.h"

#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/piece_text.h"
#include "cli/quantity_text.h"
#include "cli/text_page.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/status_text.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

std::string FreshnessText(const Freshness& freshness) {
  const std::string as_of = absl::StrCat("as of ", FormatTime(freshness.as_of_ms),
                                         freshness.by_witnesses ? ", cosigned by witnesses" : "");
  const std::string age = absl::StrCat(FormatAge(freshness.age_ms), " ago");
  switch (freshness.kind) {
    case FreshnessKind::kWithinMaxAge:
      return absl::StrCat(as_of, ", ", age, ": fresh enough for your policy");
    case FreshnessKind::kNoMaxAge:
      return absl::StrCat(as_of, ", ", age, " (your policy does not say how old is too old)");
    case FreshnessKind::kStale:
      return absl::StrCat(as_of, ", ", age,
                          ": older than your policy allows; what happened since "
                          "is not in here. Get a newer one: touchstone get");
    case FreshnessKind::kFinal:
      return absl::StrCat(as_of, "; the log is closed, there will be nothing newer",
                          freshness.closing_reason.empty() ? "" : ": ", freshness.closing_reason,
                          freshness.continued_at.empty() ? "" : "; it goes on at ",
                          freshness.continued_at);
    case FreshnessKind::kClockBehind:
      return absl::StrCat(as_of, ", which lies in the future: this clock, or the log's, is wrong");
  }
  return "";
}

std::optional<Style> FreshnessStyle(FreshnessKind kind) {
  switch (kind) {
    case FreshnessKind::kStale:
    case FreshnessKind::kClockBehind:
      return Style::kYellow;
    case FreshnessKind::kWithinMaxAge:
    case FreshnessKind::kFinal:
      return Style::kGreen;
    case FreshnessKind::kNoMaxAge:
      break;
  }
  return std::nullopt;
}

// What is in question, or no longer there; what the piece alone bears, its description says.
void WriteClaim(const ClaimStatus& status, TextPage& page) {
  const std::string claim = DescribeClaim(status.claim);
  switch (status.standing) {
    case ClaimStanding::kDisputed:
      return page.Field("disputed",
                        absl::StrCat(claim,
                                     ": another piece claims it too, and nobody has said "
                                     "yet which is right"),
                        Style::kRed);
    case ClaimStanding::kLost:
      return page.Field("lost",
                        absl::StrCat(claim,
                                     ": another piece was found to be the one that it "
                                     "belongs to"),
                        Style::kRed);
    case ClaimStanding::kReleased:
      return page.Field("released", absl::StrCat(claim, ": not in this piece any more"),
                        Style::kYellow);
    case ClaimStanding::kHeld:
    case ClaimStanding::kNone:
      break;
  }
}

void WriteAnswers(const VerifiedRecord& record, TextPage& page) {
  page.Heading(absl::StrCat("Passport ", record.passport_id.Format()));
  size_t doubted = 0;
  for (const TimelineEntry& entry : record.timeline) doubted += entry.doubted ? 1 : 0;
  page.Field(
      "record",
      absl::StrCat("genuine, and complete: ", record.completeness.entries,
                   record.completeness.entries == 1 ? " entry" : " entries", ", nothing left out"),
      Style::kGreen);
  if (doubted > 0) {
    page.Field("doubted",
               absl::StrCat(doubted, doubted == 1 ? " entry was" : " entries were",
                            " signed while the key may have been in other hands; see the history"),
               Style::kRed);
  }
  page.Field("freshness", FreshnessText(record.freshness), FreshnessStyle(record.freshness.kind));
  const bool is_retired = record.status.phase == OwnershipPhase::kRetired;
  for (const StatusLine& line : DescribeLife(record.status)) {
    page.Field(line.grave ? "attention" : "status", line.text,
               line.grave ? std::optional<Style>(Style::kRed) : std::nullopt);
  }
  page.Field("status", DescribeHolding(record.status),
             is_retired ? std::optional<Style>(Style::kRed) : std::nullopt);
  for (const ClaimStatus& claim : record.completeness.claims) WriteClaim(claim, page);
}

void WriteSigners(const VerifiedRecord& record, TextPage& page) {
  page.Heading("Who vouches");
  for (const Signer& signer : record.signers) {
    std::set<std::string> roles;
    for (const Vouching& vouching : signer.entries) {
      roles.insert(EnumWords(RoleName(vouching.role)));
    }
    std::string role = absl::StrJoin(roles, ", ");
    if (signer.participant_id == record.issuer_of_record) role = "issuer";
    std::string text = DescribeParticipant(signer);
    if (!signer.details.registration_number.empty()) {
      absl::StrAppend(&text, ", ", signer.details.registration_authority, " ",
                      signer.details.registration_number);
    }
    page.Field(role, text);
  }
  page.Field("log",
             absl::StrCat(record.log.origin, record.log.operator_name.empty() ? "" : ", kept by ",
                          record.log.operator_name));
  for (const LogEvidence::Witness& witness : record.log.witnesses) {
    page.Field("witness",
               absl::StrCat(witness.name, ", cosigned ", FormatTime(witness.time_seconds * 1000)));
  }
}

// What an entry says beyond its one line.
void WriteEntryDetails(const v1::Statement& statement, absl::string_view what, TextPage& page) {
  constexpr size_t indent = kFieldColumn;
  if (statement.has_care_record()) {
    const v1::CareRecord& care = statement.care_record();
    if (!care.description().empty() && !absl::StrContains(what, care.description())) {
      page.Paragraph(care.description(), indent);
    }
    for (const std::string& part : care.parts())
      page.Paragraph(absl::StrCat("part: ", part), indent);
    if (care.mass_before_mg() != 0 && care.mass_after_mg() != 0) {
      page.Paragraph(absl::StrCat("mass ", FormatMass(care.mass_before_mg()), " before, ",
                                  FormatMass(care.mass_after_mg()), " after"),
                     indent);
    }
    if (!care.next_due_on().empty()) {
      page.Paragraph(absl::StrCat("next due ", care.next_due_on()), indent);
    }
  }
  if (statement.has_laboratory_report() && statement.laboratory_report().has_findings()) {
    page.Paragraph(DescribeGemstone(statement.laboratory_report().findings(), 1), indent);
  }
}

// Whether the piece had left the store before that entry.
bool HeldByThen(const VerifiedRecord& record, const TimelineEntry& entry) {
  for (const TimelineEntry& earlier : record.timeline) {
    if (earlier.number < entry.number && earlier.event == EventKind::kFirstSale) return true;
  }
  return false;
}

std::string WhoSigned(const VerifiedRecord& record, const TimelineEntry& entry) {
  const std::string who =
      entry.signer.has_value()
          ? absl::StrCat("signed by ", record.signers[*entry.signer].details.legal_name)
          : "";
  switch (entry.event) {
    case EventKind::kFirstSale:
      return absl::StrCat(who, " and with the claim key");
    case EventKind::kClaim:
      return "signed with the claim key and by its owner";
    case EventKind::kTransfer:
      return "signed by both owners";
    case EventKind::kOwnershipMoved:
      return absl::StrCat(who, " and by its new owner");
    case EventKind::kPledged:
    case EventKind::kPledgeReleased:
      return "signed by its owner and by the pledgee";
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      return absl::StrCat(who, HeldByThen(record, entry) ? " and by whoever held the piece" : "");
    default:
      return who.empty() ? "signed by whoever held the piece" : who;
  }
}

void WriteTimeline(const VerifiedRecord& record, TextPage& page) {
  page.Heading("History");
  for (const TimelineEntry& entry : record.timeline) {
    const std::string logged = FormatTime(entry.place.time_ms);
    const std::string said = FormatTime(entry.occurred_at_ms);
    std::string what = entry.what;
    if (!what.empty()) what[0] = absl::ascii_toupper(static_cast<unsigned char>(what[0]));
    if (entry.as_provided) absl::StrAppend(&what, " (as the issuer provided it)");
    page.Field(logged.substr(0, 10), what);
    if (entry.doubted) {
      page.Paragraph("doubted: signed while the key may have been in other hands", kFieldColumn,
                     Style::kRed);
    }
    if (const std::string later = DescribeLaterEntries(entry); !later.empty()) {
      page.Paragraph(later, kFieldColumn, Style::kRed);
    }
    v1::Statement statement;
    if (statement.ParseFromString(entry.statement)) WriteEntryDetails(statement, what, page);
    std::string source =
        absl::StrCat(WhoSigned(record, entry), ", entry ", entry.number, " (position ",
                     entry.place.position, " in the log), logged ", logged.substr(11));
    // A day between the two is worth a word: the signer says when, the registry when it heard.
    if (said.substr(0, 10) != logged.substr(0, 10)) {
      absl::StrAppend(&source, ", said to have happened ", said.substr(0, 10));
    }
    page.Paragraph(source, kFieldColumn, Style::kDim);
  }
}

std::string DescribeEnd(const HoldingStatus& status) {
  std::string text =
      absl::StrCat("at the end of its life since ", FormatTime(status.since.time_ms).substr(0, 10));
  if (!status.end_of_life) return text;
  absl::StrAppend(&text, ": ", EnumWords(v1::EndOfLife::Kind_Name(status.end_of_life->kind)));
  for (const PassportId& id : status.end_of_life->successors) {
    absl::StrAppend(&text, "; went into ", id.Format());
  }
  return text;
}

}  // namespace

std::string DescribeHolding(const HoldingStatus& status) {
  switch (status.phase) {
    case OwnershipPhase::kWithStore:
      return "with the store, not sold yet";
    case OwnershipPhase::kUnclaimed:
      return "sold, not claimed by its owner yet";
    case OwnershipPhase::kRetired:
      return DescribeEnd(status);
    case OwnershipPhase::kOwned:
      return absl::StrCat("owned, by its ", FormatOrdinal(status.owner_count), " owner since ",
                          FormatTime(status.since.time_ms).substr(0, 10));
  }
  return "";
}

std::string DescribeParticipant(const Signer& signer) {
  std::string text = signer.details.legal_name;
  if (!signer.details.country.empty()) absl::StrAppend(&text, ", ", signer.details.country);
  if (!signer.details.domain.empty()) absl::StrAppend(&text, ", ", signer.details.domain);
  absl::StrAppend(&text, " (", signer.participant_id, ")");
  return text;
}

std::string PassportToText(const VerifiedRecord& record, const Terminal& terminal) {
  TextPage page(terminal);
  WritePieceTitle(record.specification.piece, page);
  WriteAnswers(record, page);
  WritePieceSections(record.specification.piece, page);
  WriteSigners(record, page);
  WriteTimeline(record, page);
  page.Heading("The object in your hand");
  page.Paragraph(
      "This is a genuine record, which says nothing about the object before you. Compare what is "
      "inscribed, the mass and the measurements: touchstone verify FILE --inscription TEXT "
      "--mass-mg N.",
      2);
  return std::move(page).Finish();
}

}  // namespace touchstone::cli
