// The hash of a few leaves' subtree, and proofs within it, from the definition (docs/FORMAT.md,
// section 6): for subtrees so small that their inner hashes are not kept. Not for the whole tree
// (index_version.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_LEAVES_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_LEAVES_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "registry/ledger/index_leaf.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/index_proof.h"

namespace touchstone::ledger {

// How many of the leaves, which ascend and share the bits above `depth`, go left there. `key_of`
// takes an element of `leaves`.
template <typename Leaves, typename KeyOf>
size_t CountLeft(const Leaves& leaves, size_t depth, KeyOf key_of) {
  const auto first_right = std::partition_point(
      leaves.begin(), leaves.end(),
      [depth, key_of](const auto& leaf) { return !IndexKeyBit(key_of(leaf), depth); });
  return static_cast<size_t>(first_right - leaves.begin());
}

// root(leaves, depth). The leaves ascend, differ, and share the bits above `depth`.
Digest IndexRootOf(absl::Span<const IndexLeaf* const> leaves, size_t depth);

// Adds to `proof`, which has led to `depth` on the way of `key`, what leads on to its end among
// these leaves, of which the same is true.
// Returns the leaf at which it ends, nullptr where there is none.
const IndexLeaf* FinishIndexProof(absl::Span<const IndexLeaf* const> leaves, size_t depth,
                                  const Digest& key, IndexProof& proof);

// root(leaves, depth) once more, from the proof that was finished among them, with few hashes.
Digest FoldIndexProof(const IndexProof& proof, const IndexLeaf* end, size_t depth,
                      const Digest& key);

// Whether each key is larger than the one before.
bool AscendByKey(absl::Span<const IndexLeaf> leaves);

std::vector<const IndexLeaf*> PointersTo(absl::Span<const IndexLeaf> leaves);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_LEAVES_H_
