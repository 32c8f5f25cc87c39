#include "cli/grant_giver.h"

#include "absl/strings/str_cat.h"
#include "cli/ownership.h"
#include "verifier/refusal.h"

namespace touchstone::cli {

std::optional<PublicKey> PresentOwnerOf(const VerifiedRecord& record) {
  const HoldingStatus& status = record.status;
  if (status.phase != OwnershipPhase::kOwned || status.life.consigned()) return std::nullopt;
  return ActingKeyOf(record);
}

absl::Status CheckGivenByOwner(const SignedGrant& grant, const VerifiedRecord& record) {
  if (grant.passport() != record.passport_id) {
    return Refuse(RefusalCode::kWrongGrantee,
                  absl::StrCat("the grant is for another piece, ", grant.passport().Format()));
  }
  const std::optional<PublicKey> owner = PresentOwnerOf(record);
  if (!owner.has_value() || owner->KeyId() != grant.signer()) {
    return Refuse(RefusalCode::kGrantWithdrawn,
                  "the grant was not given by the key that owns the piece now; ask its present "
                  "owner for one");
  }
  return grant.CheckSignedBy(*owner, record.log.origin);
}

}  // namespace touchstone::cli
