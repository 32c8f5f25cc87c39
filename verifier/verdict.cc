#include "verifier/verdict.h"

#include <algorithm>
#include <utility>

namespace touchstone {

absl::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kVerified:
      return "verified";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kCannotJudge:
      return "cannot_judge";
  }
  return "";
}

absl::string_view FreshnessName(FreshnessKind kind) {
  switch (kind) {
    case FreshnessKind::kWithinMaxAge:
      return "within_max_age";
    case FreshnessKind::kStale:
      return "stale";
    case FreshnessKind::kFinal:
      return "final";
    case FreshnessKind::kNoMaxAge:
      return "no_max_age";
    case FreshnessKind::kClockBehind:
      return "clock_behind";
  }
  return "";
}

absl::string_view MatchName(Match match) {
  switch (match) {
    case Match::kMatches:
      return "matches";
    case Match::kDiffers:
      return "differs";
    case Match::kNotRecorded:
      return "not_recorded";
  }
  return "";
}

namespace {

bool HasOpen(const PieceLife& life, v1::IncidentReported::Kind kind) {
  return std::any_of(life.incidents().begin(), life.incidents().end(),
                     [kind](const OpenIncident& open) { return open.kind == kind; });
}

bool IsSuspicion(const OpenIncident& open) {
  return open.kind == v1::IncidentReported::COUNTERFEIT_SUSPECTED ||
         open.kind == v1::IncidentReported::INSCRIPTION_MISMATCH;
}

}  // namespace

absl::string_view PieceStateName(const HoldingStatus& status) {
  const PieceLife& life = status.life;
  const std::vector<OpenIncident>& open = life.incidents();
  if (status.phase == OwnershipPhase::kRetired) return "retired";
  if (HasOpen(life, v1::IncidentReported::STOLEN)) return "stolen";
  if (HasOpen(life, v1::IncidentReported::LOST)) return "reported_lost";
  if (std::any_of(open.begin(), open.end(),
                  [](const OpenIncident& incident) { return incident.confirmed; })) {
    return "counterfeit";
  }
  if (life.Has(Restraint::kDisputed)) return "ownership_disputed";
  if (std::any_of(open.begin(), open.end(), IsSuspicion)) return "suspected";
  if (life.notice()) return "moving";
  if (life.pledge()) return "pledged";
  if (HasOpen(life, v1::IncidentReported::TOTAL_LOSS)) return "total_loss";
  if (life.custody()) return "in_service";
  if (life.consigned()) return "on_consignment";
  if (life.kept_by_store()) return "kept_by_store";
  return OwnershipPhaseName(status.phase);
}

bool IsGraveState(const HoldingStatus& status) {
  const absl::string_view state = PieceStateName(status);
  for (const absl::string_view grave :
       {"retired", "stolen", "reported_lost", "counterfeit", "ownership_disputed", "suspected",
        "moving", "pledged", "total_loss"}) {
    if (state == grave) return true;
  }
  return false;
}

Outcome OutcomeOf(const absl::Status& status) {
  const std::optional<RefusalCode> code = RefusalCodeOf(status);
  return code && RefusalKindOf(*code) == RefusalKind::kCannotJudge ? Outcome::kCannotJudge
                                                                   : Outcome::kRefused;
}

RefusalReason ReasonOf(const absl::Status& status) {
  return {RefusalCodeOf(status).value_or(RefusalCode::kMalformed), std::string(status.message())};
}

Verdict Verdict::FromStatus(const absl::Status& status) {
  Verdict verdict;
  verdict.outcome = OutcomeOf(status);
  verdict.reason = ReasonOf(status);
  return verdict;
}

Verdict Verdict::FromRecord(VerifiedRecord record) {
  Verdict verdict;
  verdict.outcome = Outcome::kVerified;
  verdict.record = std::move(record);
  return verdict;
}

bool IsWithoutReservation(const Verdict& verdict) {
  if (!verdict.record) return false;
  const VerifiedRecord& record = *verdict.record;
  switch (record.freshness.kind) {
    case FreshnessKind::kStale:
    case FreshnessKind::kClockBehind:
      return false;
    case FreshnessKind::kWithinMaxAge:
    case FreshnessKind::kFinal:
    case FreshnessKind::kNoMaxAge:
      break;
  }
  const bool is_doubted = std::any_of(record.timeline.begin(), record.timeline.end(),
                                      [](const TimelineEntry& entry) { return entry.doubted; });
  const bool differs =
      std::any_of(record.object.begin(), record.object.end(), [](const Comparison& comparison) {
        // An inscription is what tells one piece from another.
        return comparison.match == Match::kDiffers ||
               (comparison.what == "inscription" && comparison.match == Match::kNotRecorded);
      });
  const bool is_in_question = std::any_of(
      record.completeness.claims.begin(), record.completeness.claims.end(),
      [](const ClaimStatus& claim) {
        return claim.standing == ClaimStanding::kDisputed || claim.standing == ClaimStanding::kLost;
      });
  return !is_doubted && !differs && !is_in_question && !IsGraveState(record.status);
}

}  // namespace touchstone
