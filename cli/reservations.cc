#include "cli/reservations.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "verifier/claim.h"

namespace touchstone::cli {
namespace {

bool Allows(const ReservationOptions& options, absl::string_view what) {
  return std::find(options.allow.begin(), options.allow.end(), what) != options.allow.end();
}

void ReserveClaims(const VerifiedRecord& record, const ReservationOptions& options,
                   Reservations* reservations) {
  for (const ClaimStatus& status : record.completeness.claims) {
    if (status.standing == ClaimStanding::kLost && !Allows(options, "lost")) {
      reservations->Wrong(absl::StrCat(DescribeClaim(status.claim), " belongs to another piece"));
    }
    if (status.standing == ClaimStanding::kDisputed && !Allows(options, "disputed")) {
      reservations->NotShown(
          absl::StrCat("another piece claims ", DescribeClaim(status.claim), " too"));
    }
  }
}

void ReserveObject(const VerifiedRecord& record, Reservations* reservations) {
  for (const Comparison& comparison : record.object) {
    if (comparison.match == Match::kDiffers) {
      reservations->Wrong(absl::StrCat(comparison.what, " differs"));
    }
    if (comparison.match == Match::kNotRecorded) {
      reservations->NotShown(absl::StrCat(comparison.what, " cannot be compared"));
    }
  }
}

}  // namespace

void Reservations::Wrong(absl::string_view what) {
  whats_.emplace_back(what.data(), what.size());
  exit_status_ = kExitRefused;
}

void Reservations::NotShown(absl::string_view what) {
  whats_.emplace_back(what.data(), what.size());
  if (exit_status_ != kExitRefused) exit_status_ = kExitCannotJudge;
}

std::string Reservations::Text() const {
  if (whats_.empty()) return "";
  return absl::StrCat("Not everything that was asked for holds: ", absl::StrJoin(whats_, "; "),
                      ".\n");
}

void ReserveFreshness(const Freshness& freshness, const ReservationOptions& options,
                      Reservations* reservations) {
  switch (freshness.kind) {
    case FreshnessKind::kStale:
      reservations->NotShown(
          "it is too old to say what happened since (touchstone refresh FILE fetches it anew)");
      return;
    case FreshnessKind::kClockBehind:
      reservations->NotShown("it lies in the future: this clock, or the log's, is wrong");
      return;
    case FreshnessKind::kNoMaxAge:
      if (options.require_fresh) {
        reservations->NotShown(
            "nothing says how old is too old (the policy has no max_age, and no --max-age was "
            "given)");
      }
      return;
    case FreshnessKind::kWithinMaxAge:
    case FreshnessKind::kFinal:
      return;
  }
}

void ReserveUnclaimed(const ReservationOptions& options, Reservations* reservations) {
  if (Allows(options, "unclaimed")) return;
  reservations->NotShown(
      "the piece is not claimed yet, and others may have seen its claim code (let the seller claim "
      "it first)");
}

void ReserveRecord(const VerifiedRecord& record, const ReservationOptions& options,
                   Reservations* reservations) {
  ReserveFreshness(record.freshness, options, reservations);
  ReserveClaims(record, options, reservations);
  const absl::string_view state = PieceStateName(record.status);
  if (IsGraveState(record.status) && !Allows(options, state)) {
    reservations->NotShown(record.status.phase == OwnershipPhase::kRetired
                               ? std::string("the piece has come to the end of its life")
                               : absl::StrCat("the piece is ", state));
  }
  ReserveObject(record, reservations);
  if (Allows(options, "doubted")) return;
  for (const TimelineEntry& entry : record.timeline) {
    if (entry.doubted) reservations->NotShown(absl::StrCat("entry ", entry.number, " is doubted"));
  }
}

}  // namespace touchstone::cli
