#include "verifier/index_insertions.h"

#include <cassert>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {

std::vector<ClaimSubject> ClaimsMade(const ParsedStatement& statement,
                                     const PassportState* before) {
  if (before == nullptr) return statement.claims();
  std::vector<ClaimSubject> made;
  for (const ClaimSubject& claim : statement.claims()) {
    if (!before->Holds(claim)) made.push_back(claim);
  }
  return made;
}

absl::Status ClaimTaken(const ClaimSubject& claim) {
  return Refuse(RefusalCode::kClaimTaken,
                absl::StrCat("another piece holds ", DescribeClaim(claim)));
}

std::vector<IndexInsertion> IndexInsertions(const Subject& subject, uint32_t number,
                                            const Digest& digest, uint64_t position,
                                            absl::Span<const ClaimSubject> claims_made,
                                            absl::Span<const uint32_t> claim_numbers) {
  assert(claims_made.size() == claim_numbers.size());
  std::vector<IndexInsertion> insertions;
  insertions.reserve(1 + claims_made.size());
  insertions.push_back({subject.kind, subject.bytes, number, IndexEvent::kEntry, digest, position});
  for (size_t i = 0; i < claims_made.size(); ++i) {
    insertions.push_back({claims_made[i].kind, claims_made[i].subject, claim_numbers[i],
                          IndexEvent::kClaim, digest, position});
  }
  return insertions;
}

}  // namespace touchstone
