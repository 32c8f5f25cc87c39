#include "verifier/passport_state.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

// A transfer to a dealer who sells for the owner, and back, makes no owner.
bool IsNewOwner(const v1::Transfer& transfer, bool was_consigned) {
  if (transfer.kind() == v1::Transfer::CONSIGNMENT) return false;
  return !(was_consigned && transfer.kind() == v1::Transfer::RETURN);
}

}  // namespace

Digest PassportState::IdentityOf(const v1::Piece& piece) {
  return Sha256Of(absl::StrCat(piece.gtin14(), "\n", piece.serial()));
}

PassportState PassportState::FromRegistration(const ParsedStatement& registration,
                                              const EntryPlace& place, absl::string_view issuer) {
  PassportState state;
  state.issuer_of_record_ = std::string(issuer);
  state.newest_ownership_entry_ = place.digest;
  state.identity_ = IdentityOf(registration.message().registration().piece());
  for (const ClaimStep& step : ClaimStepsOf(registration, nullptr)) state.TakeStep(step);
  state.life_.Apply(registration, place, issuer);
  state.Count(issuer);
  state.head_.Append(place);
  return state;
}

void PassportState::Apply(const ParsedStatement& statement, const EntryPlace& place,
                          absl::string_view voucher) {
  for (const ClaimStep& step : ClaimStepsOf(statement, this)) TakeStep(step);
  if (statement.supersedes()) {
    for (OwnClaim& own : claims_) {
      if (own.claim == *statement.supersedes()) own.superseded = true;
    }
  }
  ApplyOwnership(statement, place);  // reads the life before
  life_.Apply(statement, place, voucher);
  if (!voucher.empty() || !IsOwnershipEvent(statement.event())) Count(voucher);
  head_.Append(place);
}

void PassportState::ApplyOwnership(const ParsedStatement& statement, const EntryPlace& place) {
  switch (statement.event()) {
    case EventKind::kFirstSale:
      phase_ = OwnershipPhase::kUnclaimed;
      SetHolder(ActingKey::Of(statement.named_keys().front()), false);
      break;
    case EventKind::kClaim:
      phase_ = OwnershipPhase::kOwned;
      SetHolder(ActingKey::Of(statement.named_keys().front()), true);
      break;
    case EventKind::kTransfer:
      SetHolder(ActingKey::Of(statement.named_keys().front()),
                IsNewOwner(statement.message().transfer(), life_.consigned()));
      break;
    case EventKind::kOwnershipMoved:
      phase_ = OwnershipPhase::kOwned;
      SetHolder(life_.notice()->to, true);
      break;
    case EventKind::kTransferNotice:
    case EventKind::kPledged:
      named_keys_.push_back(statement.named_keys().front().KeyId());
      break;
    case EventKind::kEndOfLife:
      phase_ = OwnershipPhase::kRetired;
      acting_key_.reset();
      break;
    default:
      break;
  }
  if (IsOwnershipEvent(statement.event())) newest_ownership_entry_ = place.digest;
}

void PassportState::SetHolder(const ActingKey& key, bool is_new_owner) {
  acting_key_ = key;
  if (!HasNamedKey(key.key_id)) named_keys_.push_back(key.key_id);
  if (is_new_owner) ++owner_count_;
  for (auto& [participant, count] : entries_by_) {
    if (participant.empty()) count = 0;  // those of the holder before
  }
}

void PassportState::Count(absl::string_view voucher) {
  const auto at =
      std::lower_bound(entries_by_.begin(), entries_by_.end(), voucher,
                       [](const auto& by, absl::string_view id) { return by.first < id; });
  if (at != entries_by_.end() && at->first == voucher) {
    ++at->second;
  } else {
    entries_by_.emplace(at, std::string(voucher), 1);
  }
}

uint32_t PassportState::EntriesBy(absl::string_view participant) const {
  for (const auto& [id, count] : entries_by_) {
    if (id == participant) return count;
  }
  return 0;
}

void PassportState::TakeStep(const ClaimStep& step) {
  const auto at = std::lower_bound(
      claims_.begin(), claims_.end(), step.claim,
      [](const OwnClaim& own, const ClaimSubject& claim) { return own.claim < claim; });
  const bool is_known = at != claims_.end() && at->claim == step.claim;
  OwnClaim& own = is_known ? *at : *claims_.insert(at, {step.claim});
  own.released = step.event == IndexEvent::kRelease;
  own.contested = own.contested || step.event == IndexEvent::kContest;
}

bool PassportState::HasNamedKey(const Digest& key_id) const {
  return std::find(named_keys_.begin(), named_keys_.end(), key_id) != named_keys_.end();
}

const OwnClaim* PassportState::FindClaim(const ClaimSubject& claim) const {
  const auto at = std::lower_bound(
      claims_.begin(), claims_.end(), claim,
      [](const OwnClaim& own, const ClaimSubject& other) { return own.claim < other; });
  return at != claims_.end() && at->claim == claim ? &*at : nullptr;
}

bool PassportState::Makes(const ClaimSubject& claim) const {
  const OwnClaim* const own = FindClaim(claim);
  return own != nullptr && !own->released;
}

std::vector<ClaimStep> ClaimStepsOf(const ParsedStatement& statement, const PassportState* before) {
  std::vector<ClaimStep> steps;
  const std::vector<ClaimSubject>& contests = statement.contests();
  for (const ClaimSubject& claim : statement.claims()) {
    if (before != nullptr && before->Makes(claim)) continue;
    const bool is_contest = std::binary_search(contests.begin(), contests.end(), claim);
    steps.push_back({claim, is_contest ? IndexEvent::kContest : IndexEvent::kClaim});
  }
  for (const ClaimSubject& claim : statement.releases()) {
    steps.push_back({claim, IndexEvent::kRelease});
  }
  if (statement.resolves()) steps.push_back({*statement.resolves(), IndexEvent::kResolve});
  return steps;
}

}  // namespace touchstone
