#include "registry/ledger/quotas.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "registry/limits.h"
#include "verifier/life_rules.h"
#include "verifier/refusal.h"

namespace touchstone::ledger {
namespace {

absl::Status CheckAtMost(size_t needed, size_t max, absl::string_view what) {
  if (needed <= max) return absl::OkStatus();
  return Refuse(RefusalCode::kQuotaExceeded,
                absl::StrCat("with this entry ", what, " would be ", needed, "; at most ", max,
                             " are allowed for entries of this kind"));
}

size_t FramesBytesMaxFor(Room room) {
  const size_t max = limits::kPassportFramesBytesMax;
  switch (room) {
    case Room::kSettlement:
      return max;
    case Room::kIntervention:
      return max - limits::kPassportSettlementReserveBytes;
    case Room::kOwnership:
      return max - limits::kPassportSettlementReserveBytes -
             limits::kPassportInterventionReserveBytes;
    case Room::kRecord:
      break;
  }
  return max - limits::kPassportSettlementReserveBytes - limits::kPassportInterventionReserveBytes -
         limits::kPassportOwnershipReserveBytes;
}

// How many claims the statement makes, or gives the passport, that it has never made before.
size_t NewClaims(const ParsedStatement& statement, const PassportState* before) {
  const auto is_new = [before](const ClaimSubject& claim) {
    return before == nullptr || before->FindClaim(claim) == nullptr;
  };
  const auto made = std::count_if(statement.claims().begin(), statement.claims().end(), is_new);
  const bool is_given = statement.resolves() && is_new(*statement.resolves());
  return static_cast<size_t>(made) + (is_given ? 1 : 0);
}

}  // namespace

absl::Status CheckPassportRoom(const PassportBook* before, const Submission& submission,
                               size_t frame_bytes, const ParticipantState* vouching) {
  const ParsedStatement& statement = submission.statement();
  const size_t bytes = (before == nullptr ? 0 : before->contents().frames_bytes()) + frame_bytes;
  const Room room = RoomOf(statement, vouching == nullptr);
  absl::Status status =
      CheckAtMost(bytes, FramesBytesMaxFor(room), "the bytes of the passport's entries");
  if (!status.ok()) return status;

  const PassportState* const state = before == nullptr ? nullptr : &before->state();
  const size_t claims =
      (state == nullptr ? 0 : state->claims().size()) + NewClaims(statement, state);
  status = CheckAtMost(claims, limits::kPassportClaimsMax, "the passport's claims");
  if (!status.ok() || before == nullptr || vouching == nullptr) return status;

  const std::vector<std::string>& known = before->participants();
  if (std::binary_search(known.begin(), known.end(), vouching->id())) return absl::OkStatus();
  return CheckAtMost(
      known.size() + 1,
      limits::kPassportParticipantsMax -
          (room == Room::kRecord ? limits::kPassportSettlementReserveParticipants : 0),
      "the participants who vouch for the passport");
}

absl::Status CheckParticipantRoom(const ParticipantRecord* before, const Submission& submission,
                                  size_t frame_bytes) {
  const bool revokes = submission.statement().event() == EventKind::kKeyRevoked;
  const size_t entries = (before == nullptr ? 0 : before->state.head().count()) + 1;
  absl::Status status = CheckAtMost(
      entries,
      limits::kParticipantEntriesMax - (revokes ? 0 : limits::kParticipantRevocationReserveEntries),
      "the participant's entries");
  if (!status.ok()) return status;
  const size_t bytes = (before == nullptr ? 0 : before->contents.frames_bytes()) + frame_bytes;
  return CheckAtMost(bytes,
                     limits::kParticipantFramesBytesMax -
                         (revokes ? 0 : limits::kParticipantRevocationReserveBytes),
                     "the bytes of the participant's entries");
}

absl::Status CheckStewardsRoom(const StewardsRecord* before, const Submission& submission,
                               size_t frame_bytes) {
  const bool closes = submission.statement().event() == EventKind::kLogClosed;
  const size_t entries = (before == nullptr ? 0 : before->state.head().count()) + 1;
  absl::Status status = CheckAtMost(
      entries, limits::kStewardsEntriesMax - (closes ? 0 : limits::kStewardsClosingReserveEntries),
      "the stewards' entries");
  if (!status.ok()) return status;
  const size_t bytes = (before == nullptr ? 0 : before->contents.frames_bytes()) + frame_bytes;
  return CheckAtMost(
      bytes, limits::kStewardsFramesBytesMax - (closes ? 0 : limits::kStewardsClosingReserveBytes),
      "the bytes of the stewards' entries");
}

}  // namespace touchstone::ledger
