#include "verifier/index_insertions.h"

#include <cassert>

namespace touchstone {

std::vector<IndexInsertion> IndexInsertions(const Subject& subject, uint32_t number,
                                            const Digest& digest, uint64_t position,
                                            absl::Span<const ClaimStep> steps,
                                            absl::Span<const uint32_t> claim_numbers) {
  assert(steps.size() == claim_numbers.size());
  std::vector<IndexInsertion> insertions;
  insertions.reserve(1 + steps.size());
  insertions.push_back({subject.kind, subject.bytes, number, IndexEvent::kEntry, digest, position});
  for (size_t i = 0; i < steps.size(); ++i) {
    insertions.push_back({steps[i].claim.kind, steps[i].claim.subject, claim_numbers[i],
                          steps[i].event, digest, position});
  }
  return insertions;
}

}  // namespace touchstone
