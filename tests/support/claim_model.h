// The life of one claim as it is told to a person (docs/FORMAT.md, section 8): who is in it, who is
// out of it. Naive on purpose, and knows who everybody is; an oracle for verifier/claim_fold.h.
#ifndef TOUCHSTONE_TESTS_SUPPORT_CLAIM_MODEL_H_
#define TOUCHSTONE_TESTS_SUPPORT_CLAIM_MODEL_H_

#include <optional>
#include <set>

#include "verifier/claim_fold.h"
#include "verifier/index_hash.h"

namespace touchstone {

struct ModelStep {
  IndexEvent event = IndexEvent::kClaim;
  int piece = 0;
};

// The rules as they are told to a person: who is in it, who is out of it.
struct ClaimModel {
  bool made = false;  // at some time, by somebody
  std::optional<int> holder;
  std::set<int> disputing;
  std::set<int> lost;
  std::set<int> released;
  std::set<int> contested;

  bool IsIn(int piece) const { return holder == piece || disputing.count(piece) > 0; }

  bool Allows(const ModelStep& step) const {
    const int piece = step.piece;
    const bool is_free = !holder && disputing.empty();
    switch (step.event) {
      case IndexEvent::kClaim:
        return is_free && lost.count(piece) == 0;
      case IndexEvent::kContest:
        return made && !IsIn(piece) && lost.count(piece) == 0 && contested.count(piece) == 0;
      case IndexEvent::kRelease:
        return holder == piece;
      case IndexEvent::kResolve:
        return made && holder != piece && lost.count(piece) == 0;
      case IndexEvent::kEntry:
        break;
    }
    return false;
  }

  void Take(const ModelStep& step) {
    const int piece = step.piece;
    made = true;
    switch (step.event) {
      case IndexEvent::kClaim:
        holder = piece;
        break;
      case IndexEvent::kContest:
        if (holder) disputing.insert(*holder);
        holder.reset();
        disputing.insert(piece);
        contested.insert(piece);
        break;
      case IndexEvent::kRelease:
        holder.reset();
        released.insert(piece);
        return;
      case IndexEvent::kResolve:
        if (holder) disputing.insert(*holder);
        disputing.erase(piece);
        lost.insert(disputing.begin(), disputing.end());
        disputing.clear();
        holder = piece;
        break;
      case IndexEvent::kEntry:
        break;
    }
    released.erase(piece);
  }

  ClaimStanding StandingOf(int piece) const {
    if (holder == piece) return ClaimStanding::kHeld;
    if (disputing.count(piece) > 0) return ClaimStanding::kDisputed;
    if (lost.count(piece) > 0) return ClaimStanding::kLost;
    return released.count(piece) > 0 ? ClaimStanding::kReleased : ClaimStanding::kNone;
  }
};

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_SUPPORT_CLAIM_MODEL_H_
