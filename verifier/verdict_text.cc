#include "verifier/verdict_text.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "verifier/status_text.h"

namespace touchstone {
namespace {

// How many bytes of valid UTF-8 at the front of `text` are a character to leave out; 0 if none.
size_t MisleadingBytes(absl::string_view text) {
  const auto byte = [text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;  // C1 controls
  if (byte(0) != 0xE2) return 0;
  const unsigned low = byte(2);
  // U+200E, U+200F, U+2028 to U+202E: marks, line and paragraph ends, embeddings and overrides.
  if (byte(1) == 0x80 && (low == 0x8E || low == 0x8F || (low >= 0xA8 && low <= 0xAE))) return 3;
  // U+2066 to U+2069: isolates.
  if (byte(1) == 0x81 && low >= 0xA6 && low <= 0xA9) return 3;
  return 0;
}

// One line of a verdict: what it is about, and what there is to say.
void AppendLine(std::string& out, absl::string_view label, absl::string_view text) {
  absl::StrAppendFormat(&out, "  %-12s %s\n", label, PlainText(text));
}

std::string FormatAge(uint64_t age_ms) {
  const uint64_t minutes = age_ms / 60000;
  if (minutes < 120) return absl::StrCat(minutes, " minutes");
  if (minutes < 48 * 60) return absl::StrCat(minutes / 60, " hours");
  return absl::StrCat(minutes / (24 * 60), " days");
}

std::string DescribeFreshness(const Freshness& freshness) {
  const std::string as_of =
      absl::StrCat("as of ", FormatTime(freshness.as_of_ms), ", ", FormatAge(freshness.age_ms),
                   " ago, by ", freshness.by_witnesses ? "witnesses" : "the registry's clock");
  switch (freshness.kind) {
    case FreshnessKind::kWithinMaxAge:
      return absl::StrCat("fresh: ", as_of);
    case FreshnessKind::kStale:
      return absl::StrCat("STALE: ", as_of, ". Ask the registry for a newer passport.");
    case FreshnessKind::kNoMaxAge:
      return absl::StrCat(as_of, ". The policy does not say how old is too old.");
    case FreshnessKind::kClockBehind:
      return absl::StrCat("CLOCKS DISAGREE: the checkpoint is of ", FormatTime(freshness.as_of_ms),
                          ", and this clock says ", FormatTime(freshness.now_ms), ".");
    case FreshnessKind::kFinal:
      break;
  }
  std::string text = absl::StrCat("final: the log was closed, ", as_of, ".");
  if (!freshness.continued_at.empty()) {
    absl::StrAppend(&text, " It goes on at ", freshness.continued_at, ".");
  }
  return text;
}

std::string DescribeLog(const LogEvidence& log) {
  std::string text = absl::StrCat(log.origin, ", ", log.size, " entries");
  if (!log.operator_name.empty()) absl::StrAppend(&text, ", run by ", log.operator_name);
  if (log.signed_by_retired_key) absl::StrAppend(&text, ", signed by a retired key");
  if (log.witnesses.empty()) {
    absl::StrAppend(&text, "; no witness of the policy has cosigned");
  } else {
    absl::StrAppend(&text, "; cosigned by ",
                    absl::StrJoin(log.witnesses, ", ",
                                  [](std::string* out, const LogEvidence::Witness& witness) {
                                    absl::StrAppend(out, witness.name);
                                  }));
  }
  return text;
}

std::string DescribeEnd(const HoldingStatus& status) {
  if (!status.end_of_life) return "AT THE END OF ITS LIFE";
  std::string text = absl::StrCat(
      "AT THE END OF ITS LIFE: ",
      absl::AsciiStrToLower(v1::EndOfLife::Kind_Name(status.end_of_life->kind)), ", logged ",
      FormatTime(status.since.time_ms), "; no piece goes with this record any more");
  for (const PassportId& id : status.end_of_life->successors) {
    absl::StrAppend(&text, "; it went into ", id.Format());
  }
  return text;
}

std::string DescribeHolding(const HoldingStatus& status) {
  const std::string owners =
      absl::StrCat(status.owner_count, status.owner_count == 1 ? " owner" : " owners", " so far");
  switch (status.phase) {
    case OwnershipPhase::kWithStore:
      return "with the store, not sold yet";
    case OwnershipPhase::kUnclaimed:
      return "sold, not claimed by an owner yet";
    case OwnershipPhase::kRetired:
      return DescribeEnd(status);
    case OwnershipPhase::kOwned:
      break;
  }
  return absl::StrCat("owned, ", owners, ", the present one since ",
                      FormatTime(status.since.time_ms));
}

std::string DescribeSigner(const Signer& signer) {
  const ParticipantDetails& details = signer.details;
  std::string text =
      absl::StrCat(details.legal_name, " (", signer.participant_id, "), ", details.country);
  if (!details.domain.empty()) absl::StrAppend(&text, ", ", details.domain);
  if (!details.registration_number.empty()) {
    absl::StrAppend(&text, ", ", details.registration_authority, " ", details.registration_number);
  }
  std::vector<std::string> entries;
  for (const Vouching& vouching : signer.entries) {
    entries.push_back(absl::StrCat(vouching.number, " as ", RoleName(vouching.role),
                                   vouching.as_provided ? ", as provided" : "",
                                   vouching.doubted ? ", DOUBTED" : ""));
  }
  absl::StrAppend(&text, "; entries ", absl::StrJoin(entries, "; "));
  return text;
}

std::string DescribeComparison(const Comparison& comparison) {
  std::string text = absl::StrCat(comparison.what, ": ");
  switch (comparison.match) {
    case Match::kMatches:
      absl::StrAppend(&text, "matches");
      break;
    case Match::kDiffers:
      absl::StrAppend(&text, "DIFFERS");
      break;
    case Match::kNotRecorded:
      absl::StrAppend(
          &text, comparison.recorded.empty() ? "nothing to compare with" : "NOT SHOWN to match");
      break;
  }
  absl::StrAppend(&text, " (observed ", comparison.observed);
  if (!comparison.recorded.empty()) absl::StrAppend(&text, ", recorded ", comparison.recorded);
  absl::StrAppend(&text, ")");
  if (!comparison.note.empty()) absl::StrAppend(&text, "; ", comparison.note);
  return text;
}

void AppendReason(std::string& out, Outcome outcome, const RefusalReason& reason) {
  absl::StrAppend(&out, outcome == Outcome::kCannotJudge
                            ? "CANNOT JUDGE: neither believe nor disbelieve this.\n"
                            : "REFUSED: do not believe this.\n");
  AppendLine(out, "Why", RefusalMeaning(reason.code));
  AppendLine(out, "What", reason.detail);
  AppendLine(out, "Code", RefusalCodeName(reason.code));
}

void AppendClaim(std::string& out, const ClaimStatus& status) {
  const std::string claim = DescribeClaim(status.claim);
  switch (status.standing) {
    case ClaimStanding::kHeld:
      return AppendLine(out, "Alone bears", claim);
    case ClaimStanding::kDisputed:
      return AppendLine(out, "DISPUTED",
                        absl::StrCat(claim,
                                     ": another piece claims it too, and nobody has said "
                                     "yet which is right"));
    case ClaimStanding::kLost:
      return AppendLine(out, "LOST",
                        absl::StrCat(claim,
                                     ": another piece was found to be the one that it "
                                     "belongs to"));
    case ClaimStanding::kReleased:
      return AppendLine(out, "Released", absl::StrCat(claim, ": not in this piece any more"));
    case ClaimStanding::kNone:
      break;
  }
}

void AppendRecord(std::string& out, const VerifiedRecord& record) {
  absl::StrAppend(&out, "VERIFIED: this record is genuine and complete.\n");
  AppendLine(out, "Passport", record.passport_id.Format());
  const v1::Piece& now = record.specification.piece;
  std::string piece = absl::StrCat(now.title(), ", serial ", now.serial());
  if (!now.maker().empty()) absl::StrAppend(&piece, ", ", now.maker());
  if (record.specification.number != 0) {
    absl::StrAppend(&piece, "; as it is since entry ", record.specification.number);
  }
  AppendLine(out, "Piece", piece);
  AppendLine(out, "Registered", FormatTime(record.timeline.front().place.time_ms));
  AppendLine(out, "Complete",
             absl::StrCat("all ", record.completeness.entries, " entries that the log had at ",
                          record.completeness.log_size, " entries"));
  for (const ClaimStatus& status : record.completeness.claims) AppendClaim(out, status);
  AppendLine(out, "Freshness", DescribeFreshness(record.freshness));
  for (const StatusLine& line : DescribeLife(record.status)) {
    AppendLine(out, line.grave ? "ATTENTION" : "Status", line.text);
  }
  AppendLine(out, "Holding", DescribeHolding(record.status));
  for (const Signer& signer : record.signers) AppendLine(out, "Vouched by", DescribeSigner(signer));
  AppendLine(out, "Log", DescribeLog(record.log));
  for (const Comparison& comparison : record.object) {
    AppendLine(out, "The object", DescribeComparison(comparison));
  }
  absl::StrAppend(&out,
                  "This is about the record. Whether the object before you is the one that it\n"
                  "describes, its inscription, mass and measurements must show.\n");
}

std::string DescribeHolder(const ProvenOwnership& ownership) {
  switch (ownership.holder) {
    case HolderKind::kOwner:
      return absl::StrCat("its owner, number ", ownership.record.status.owner_count);
    case HolderKind::kConsignee:
      return "a dealer with whom it is on consignment, who sells it for its owner";
    case HolderKind::kClaimKey:
      break;
  }
  return "whoever has the claim code: NOT CLAIMED YET, store and printer may have seen the code";
}

std::string DescribeRestraints(const HoldingStatus& status) {
  const std::vector<Restraint> restraints = RestraintsOn(status);
  if (restraints.empty()) {
    return status.phase == OwnershipPhase::kUnclaimed ? "only once it is claimed: touchstone claim"
                                                      : "nothing keeps it from being handed on";
  }
  return absl::StrCat("NO: ",
                      absl::StrJoin(restraints, ", ", [](std::string* out, Restraint restraint) {
                        absl::StrAppend(out, RestraintName(restraint));
                      }));
}

}  // namespace

std::string PlainText(absl::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const size_t misleading = MisleadingBytes(text);
    if (misleading > 0) {
      plain.push_back('?');
      text.remove_prefix(misleading);
    } else {
      plain.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return plain;
}

std::string VerdictToText(const Verdict& verdict) {
  std::string out;
  if (verdict.reason) AppendReason(out, verdict.outcome, *verdict.reason);
  if (verdict.record) AppendRecord(out, *verdict.record);
  return out;
}

std::string WhoSaid(const TimelineEntry& entry, const VerifiedRecord& record) {
  return entry.signer ? record.signers[*entry.signer].details.legal_name : "its owners";
}

std::string TimelineLine(const TimelineEntry& entry, const VerifiedRecord& record) {
  const std::string later = DescribeLaterEntries(entry);
  return absl::StrFormat("%4d  %s  %s (%s%s%s%s%s)\n", entry.number,
                         FormatTime(entry.place.time_ms), PlainText(entry.what),
                         PlainText(WhoSaid(entry, record)),
                         entry.as_provided ? ", as provided" : "", entry.doubted ? ", DOUBTED" : "",
                         later.empty() ? "" : "; ", later);
}

std::string TimelineToText(const Verdict& verdict) {
  std::string out;
  if (!verdict.record) return out;
  for (const TimelineEntry& entry : verdict.record->timeline) {
    out += TimelineLine(entry, *verdict.record);
  }
  return out;
}

std::string CardVerdictToText(const CardVerdict& verdict) {
  std::string out;
  if (verdict.reason) {
    AppendReason(out, verdict.outcome, *verdict.reason);
  } else {
    absl::StrAppend(&out, "VERIFIED: a card with this text was issued on that day.\n");
  }
  if (verdict.text) {
    const CardText& text = *verdict.text;
    AppendLine(out, "Passport", text.passport_id.Format());
    AppendLine(out, "Title", text.title);
    AppendLine(out, "Serial", text.serial);
    AppendLine(out, "Inscription", text.inscription);
    AppendLine(out, "Issued", FormatCardDay(text.day));
  }
  if (verdict.log) AppendLine(out, "Log", DescribeLog(*verdict.log));
  if (verdict.freshness) AppendLine(out, "Card keys", DescribeFreshness(*verdict.freshness));
  absl::StrAppend(&out,
                  "A copied card reads the same. What happened to the piece since, its passport\n"
                  "says.\n");
  return out;
}

std::string OwnershipVerdictToText(const OwnershipVerdict& verdict) {
  std::string out;
  if (verdict.reason) AppendReason(out, verdict.outcome, *verdict.reason);
  if (!verdict.ownership) return out;
  const OwnershipChallenge& challenge = verdict.ownership->challenge;
  const VerifiedRecord& record = verdict.ownership->record;
  absl::StrAppend(&out, "VERIFIED: whoever answered has the key that holds this piece.\n");
  AppendLine(out, "Passport", record.passport_id.Format());
  AppendLine(out, "Piece",
             absl::StrCat(record.specification.piece.title(), ", serial ",
                          record.specification.piece.serial()));
  AppendLine(out, "Asked by", challenge.verifier());
  AppendLine(out, "For", challenge.purpose());
  AppendLine(out, "Open until", FormatTime(challenge.expires_at_ms()));
  AppendLine(out, "Holder", DescribeHolder(*verdict.ownership));
  AppendLine(out, "Holding", DescribeHolding(record.status));
  for (const StatusLine& line : DescribeLife(record.status)) {
    AppendLine(out, line.grave ? "ATTENTION" : "Status", line.text);
  }
  AppendLine(out, "Hand over", DescribeRestraints(record.status));
  for (const ClaimStatus& status : record.completeness.claims) AppendClaim(out, status);
  AppendLine(out, "Freshness", DescribeFreshness(record.freshness));
  AppendLine(out, "Log", DescribeLog(record.log));
  absl::StrAppend(
      &out,
      "This is about the key, as of that checkpoint. Who answered may have lent or sold "
      "it;\nafter paying, have the piece transferred to a key of your own.\n");
  return out;
}

std::string AbsenceVerdictToText(const AbsenceVerdict& verdict) {
  std::string out;
  if (verdict.reason) AppendReason(out, verdict.outcome, *verdict.reason);
  if (!verdict.absence) return out;
  const ProvenAbsence& absence = *verdict.absence;
  absl::StrAppend(&out, "VERIFIED: no piece in this log bears it.\n");
  AppendLine(out, "Looked for", DescribeSought(absence.sought));
  AppendLine(out, "So far",
             absence.past_events == 0 ? "nobody has ever claimed it"
                                      : "a piece that bore it let go of it");
  AppendLine(out, "Freshness", DescribeFreshness(absence.freshness));
  AppendLine(out, "Log", DescribeLog(absence.log));
  absl::StrAppend(&out,
                  "This is about this log only: the piece may be registered elsewhere, or under\n"
                  "another number, or not at all.\n");
  return out;
}

}  // namespace touchstone
