// The leaves that an entry adds to the index (docs/FORMAT.md, "Index"). The registry inserts them,
// the verifier asks for proofs of them. Not for the tree itself (verifier/index_hash.h).
#ifndef TOUCHSTONE_VERIFIER_INDEX_INSERTIONS_H_
#define TOUCHSTONE_VERIFIER_INDEX_INSERTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/statement.h"

namespace touchstone {

struct IndexInsertion {
  IndexKind kind = IndexKind::kPassportEntry;
  std::string subject;
  uint32_t number = 0;
  IndexEvent event = IndexEvent::kEntry;
  Digest digest = {};     // of the entry that says it
  uint64_t position = 0;  // of that entry

  Digest Key() const { return IndexKey(kind, subject, number); }
  Digest Value() const { return IndexValue(event, digest, position); }
};

// The entry's own leaf (number `number` of its subject), then one for each step: what the entry
// does to claims (ClaimStepsOf). `claim_numbers[i]` is how many events the index has of the claim
// of steps[i]; the two are equally long.
std::vector<IndexInsertion> IndexInsertions(const Subject& subject, uint32_t number,
                                            const Digest& digest, uint64_t position,
                                            absl::Span<const ClaimStep> steps,
                                            absl::Span<const uint32_t> claim_numbers);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_INDEX_INSERTIONS_H_
