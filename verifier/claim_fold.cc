#include "verifier/claim_fold.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

absl::string_view EventText(IndexEvent event) {
  switch (event) {
    case IndexEvent::kClaim:
      return "claim";
    case IndexEvent::kContest:
      return "contest";
    case IndexEvent::kRelease:
      return "release";
    case IndexEvent::kResolve:
      return "resolution";
    case IndexEvent::kEntry:
      break;
  }
  return "entry";
}

uint32_t EventsMaxFor(IndexEvent event) {
  switch (event) {
    case IndexEvent::kClaim:
      return limits::kClaimEventsForClaimMax;
    case IndexEvent::kContest:
      return limits::kClaimEventsForContestMax;
    case IndexEvent::kRelease:
      return limits::kClaimEventsForReleaseMax;
    case IndexEvent::kResolve:
    case IndexEvent::kEntry:
      break;
  }
  return limits::kClaimEventsMax;
}

}  // namespace

absl::string_view ClaimStandingName(ClaimStanding standing) {
  switch (standing) {
    case ClaimStanding::kNone:
      return "none";
    case ClaimStanding::kHeld:
      return "held";
    case ClaimStanding::kDisputed:
      return "disputed";
    case ClaimStanding::kLost:
      return "lost";
    case ClaimStanding::kReleased:
      return "released";
  }
  return "";
}

absl::Status ClaimFold::Append(IndexEvent event, bool is_own, const Digest& digest) {
  absl::Status status = is_own ? CheckOwn(event) : CheckOthers(event);
  if (status.ok()) status = CheckRoom(event);
  if (!status.ok()) return status;
  ++count_;
  freed_by_.reset();
  switch (event) {
    case IndexEvent::kClaim:
      phase_ = Phase::kHeld;
      is_own_ = is_own;
      break;
    case IndexEvent::kContest:
      phase_ = Phase::kDisputed;
      has_contested_ = has_contested_ || is_own;
      break;
    case IndexEvent::kResolve:
      phase_ = Phase::kHeld;
      is_own_ = is_own;
      if (!is_own && part_ == Part::kTakes) part_ = Part::kLost;
      break;
    case IndexEvent::kRelease:
      phase_ = Phase::kFree;
      freed_by_ = digest;
      break;
    case IndexEvent::kEntry:
      break;
  }
  if (is_own) part_ = event == IndexEvent::kRelease ? Part::kReleased : Part::kTakes;
  return absl::OkStatus();
}

ClaimStanding ClaimFold::standing() const {
  switch (part_) {
    case Part::kNone:
      return ClaimStanding::kNone;
    case Part::kTakes:
      return phase_ == Phase::kDisputed ? ClaimStanding::kDisputed : ClaimStanding::kHeld;
    case Part::kLost:
      return ClaimStanding::kLost;
    case Part::kReleased:
      return ClaimStanding::kReleased;
  }
  return ClaimStanding::kNone;
}

absl::Status ClaimFold::CheckRoom(IndexEvent event) const {
  const uint32_t max = EventsMaxFor(event);
  if (count_ < max) return absl::OkStatus();
  return Refuse(RefusalCode::kQuotaExceeded,
                absl::StrCat(DescribeClaim(claim_), " has ", count_, " events; a ",
                             EventText(event), " may be among the first ", max,
                             count_ < limits::kClaimEventsMax
                                 ? ". Whom it concerns, the laboratory or an authority, can still "
                                   "give it to the right piece"
                                 : ""));
}

absl::Status ClaimFold::CheckOwn(IndexEvent event) const {
  switch (event) {
    case IndexEvent::kClaim:
      if (part_ == Part::kLost) return WrongStep("this piece has lost it");
      if (part_ == Part::kTakes) return WrongStep("this piece makes it already");
      if (phase_ == Phase::kFree) return absl::OkStatus();
      return Refuse(RefusalCode::kClaimTaken,
                    absl::StrCat("another piece holds ", DescribeClaim(claim_),
                                 "; if this piece is the right one, contest the claim, and it is "
                                 "disputed until it is resolved"));
    case IndexEvent::kContest:
      if (part_ == Part::kLost) return WrongStep("this piece has lost it");
      if (part_ == Part::kTakes) return WrongStep("this piece makes it already");
      if (has_contested_) return WrongStep("this piece has contested it before");
      if (count_ == 0) {
        return WrongStep("no piece has ever made it, so there is nothing to contest: claim it");
      }
      return absl::OkStatus();
    case IndexEvent::kResolve:
      if (part_ == Part::kLost) return WrongStep("this piece has lost it");
      if (count_ == 0) {
        return WrongStep("no piece has ever made it, so there is nothing to resolve: claim it");
      }
      if (part_ == Part::kTakes && phase_ == Phase::kHeld) {
        return WrongStep("this piece holds it, and nobody disputes that");
      }
      return absl::OkStatus();
    case IndexEvent::kRelease:
      if (part_ != Part::kTakes) return WrongStep("this piece does not hold it");
      if (phase_ == Phase::kDisputed) return WrongStep("it is disputed");
      return absl::OkStatus();
    case IndexEvent::kEntry:
      break;
  }
  return WrongStep("it has no such event");
}

absl::Status ClaimFold::CheckOthers(IndexEvent event) const {
  bool is_possible = false;
  switch (event) {
    case IndexEvent::kClaim:
      is_possible = phase_ == Phase::kFree;
      break;
    case IndexEvent::kContest:
    case IndexEvent::kResolve:
      is_possible = count_ > 0;
      break;
    case IndexEvent::kRelease:
      is_possible = phase_ == Phase::kHeld && !is_own_;
      break;
    case IndexEvent::kEntry:
      break;
  }
  if (is_possible) return absl::OkStatus();
  const absl::string_view phase = phase_ == Phase::kFree   ? "is free"
                                  : phase_ == Phase::kHeld ? "is held"
                                                           : "is disputed";
  return Refuse(RefusalCode::kWrongClaims,
                absl::StrCat("another piece's ", EventText(event), " of a claim that ", phase,
                             is_own_ && phase_ == Phase::kHeld ? " by this one" : ""));
}

absl::Status ClaimFold::WrongStep(absl::string_view why) const {
  return Refuse(RefusalCode::kWrongClaimStep, absl::StrCat(DescribeClaim(claim_), ": ", why));
}

const Predecessor* FindPredecessor(const ParsedStatement& statement, const Digest& digest) {
  for (const Predecessor& predecessor : statement.predecessors()) {
    if (predecessor.digest == digest) return &predecessor;
  }
  return nullptr;
}

absl::Status CheckPredecessors(const ParsedStatement& statement, std::vector<Digest> freed_by) {
  std::sort(freed_by.begin(), freed_by.end());
  freed_by.erase(std::unique(freed_by.begin(), freed_by.end()), freed_by.end());
  for (const Digest& digest : freed_by) {
    if (FindPredecessor(statement, digest) != nullptr) continue;
    return Refuse(RefusalCode::kWrongPredecessors,
                  absl::StrCat("a claim is made anew that another piece has released; name that "
                               "entry, ",
                               DigestToHex(digest), ", among the predecessors"));
  }
  if (freed_by.size() == statement.predecessors().size()) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongPredecessors,
                "a predecessor is named that has released none of the claims that are made");
}

}  // namespace touchstone
