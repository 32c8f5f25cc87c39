#include "registry/vault/rights.h"

#include <algorithm>

#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

absl::Status CheckGrant(const Papers& papers, const Asker& asker, absl::string_view log_origin,
                        uint64_t now_ms) {
  const SignedGrant& grant = *asker.grant;
  if (grant.passport() != papers.passport()) {
    return Refuse(RefusalCode::kWrongGrantee, "the grant is for another piece");
  }
  if (!grant.IsFor(asker.participant, asker.key)) {
    return Refuse(RefusalCode::kWrongGrantee,
                  "the grant is for somebody else than who signed the request");
  }
  const std::optional<PublicKey> owner = papers.PresentOwner();
  if (!owner || owner->KeyId() != grant.signer()) {
    return Refuse(RefusalCode::kGrantWithdrawn,
                  "the grant is not by the key that owns the piece now; ask its present owner for "
                  "one");
  }
  if (absl::Status status = grant.CheckSignedBy(*owner, log_origin); !status.ok()) return status;
  return grant.CheckTime(now_ms);
}

}  // namespace

absl::StatusOr<Rights> Rights::Of(const Papers& papers, const Asker& asker,
                                  absl::string_view log_origin, uint64_t now_ms) {
  if (asker.grant) {
    absl::Status status = CheckGrant(papers, asker, log_origin, now_ms);
    if (!status.ok()) return status;
  }
  return Rights(papers, asker);
}

bool Rights::IsIssuerWithPiece() const {
  return papers_->phase() == OwnershipPhase::kWithStore &&
         asker_->participant == papers_->issuer_of_record();
}

bool Rights::IsOwnerIn(OwnersTime time) const {
  return asker_->key && papers_->IsOwner(*asker_->key, time);
}

bool Rights::MayRead(const Paper& paper) const {
  if (!paper.part.confidential || IsIssuerWithPiece()) return true;
  const OwnersTime now = papers_->present_time();
  if (asker_->grant && asker_->grant->Covers(paper.part) &&
      (paper.owners_time == kWithPiece || paper.owners_time == now)) {
    return true;
  }
  if (paper.owners_time != kWithPiece) return IsOwnerIn(paper.owners_time);
  if (papers_->phase() == OwnershipPhase::kRetired) return IsOwnerIn(now);
  // While a dealer has the piece on consignment, its owner's key does not act, and still owns.
  return IsOwnerIn(now) || (asker_->key && papers_->IsHolder(*asker_->key));
}

bool Rights::MayStore(const Paper& paper) const {
  if (asker_->participant) {
    return std::find(paper.said_by.begin(), paper.said_by.end(), *asker_->participant) !=
           paper.said_by.end();
  }
  const OwnersTime now = papers_->present_time();
  return IsOwnerIn(now) && (paper.owners_time == kWithPiece || paper.owners_time == now);
}

bool Rights::MayErase(const Paper& paper) const {
  if (!paper.part.confidential) return false;
  if (IsIssuerWithPiece()) return true;
  return IsOwnerIn(paper.owners_time == kWithPiece ? papers_->present_time() : paper.owners_time);
}

std::optional<OwnersTime> Rights::MayListAccesses() const {
  if (asker_->grant && asker_->grant->grant().lists_accesses()) return papers_->present_time();
  for (OwnersTime time = papers_->present_time(); time >= 1; --time) {
    if (IsOwnerIn(time)) return time;
  }
  return std::nullopt;
}

bool Rights::HasStanding() const {
  if (asker_->grant || IsIssuerWithPiece() || MayListAccesses()) return true;
  if (asker_->key && papers_->IsHolder(*asker_->key)) return true;
  for (const Paper& paper : papers_->all()) {
    if (MayStore(paper)) return true;
  }
  return false;
}

}  // namespace touchstone::vault
