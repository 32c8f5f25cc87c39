// The leaves that an entry adds to the index (docs/FORMAT.md, "Index"). The registry inserts them,
// the verifier asks for proofs of them. Not for the tree itself (verifier/index_hash.h).
#ifndef TOUCHSTONE_VERIFIER_INDEX_INSERTIONS_H_
#define TOUCHSTONE_VERIFIER_INDEX_INSERTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/passport_state.h"
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

// The claims that an entry with `statement` makes: those that it names and its piece does not hold
// yet. `before` is the passport's state; nullptr for a registration (and for what is not about a
// passport, which claims nothing). Ascending.
std::vector<ClaimSubject> ClaimsMade(const ParsedStatement& statement, const PassportState* before);

// kClaimTaken, naming the claim: what the registry answers when the index already has events of a
// claim that an entry would make.
absl::Status ClaimTaken(const ClaimSubject& claim);

// The entry's own leaf (number `number` of its subject), then one for each claim made.
// `claim_numbers[i]` is how many events the index has of claims_made[i]; the two are equally long.
// (In rules version 1 a claim that has events is taken, so these are zeros.)
std::vector<IndexInsertion> IndexInsertions(const Subject& subject, uint32_t number,
                                            const Digest& digest, uint64_t position,
                                            absl::Span<const ClaimSubject> claims_made,
                                            absl::Span<const uint32_t> claim_numbers);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_INDEX_INSERTIONS_H_
