// The index's tree, written down as its recursive definition (docs/FORMAT.md section 6): slow, and
// plainly the same as the text. For tests of what checks index proofs and of what makes them.
#ifndef TOUCHSTONE_TESTS_VERIFIER_REFERENCE_INDEX_H_
#define TOUCHSTONE_TESTS_VERIFIER_REFERENCE_INDEX_H_

#include <cstddef>
#include <map>
#include <tuple>

#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/index_proof.h"

namespace touchstone {

// Keys and their values.
using IndexLeaves = std::map<Digest, Digest>;

// The leaves of `leaves` whose keys have `bit` at `depth`.
inline IndexLeaves LeavesBelow(const IndexLeaves& leaves, size_t depth, bool bit) {
  IndexLeaves below;
  for (const auto& [key, value] : leaves) {
    if (IndexKeyBit(key, depth) == bit) below[key] = value;
  }
  return below;
}

// root(S, depth).
inline Digest ReferenceIndexRoot(const IndexLeaves& leaves, size_t depth = 0) {
  if (leaves.empty()) return kEmptyIndexNode;
  if (leaves.size() == 1) return IndexLeafHash(leaves.begin()->first, leaves.begin()->second);
  return IndexNodeHash(ReferenceIndexRoot(LeavesBelow(leaves, depth, false), depth + 1),
                       ReferenceIndexRoot(LeavesBelow(leaves, depth, true), depth + 1));
}

// Follows `key` down from `depth` to where the tree ends.
inline IndexProof ReferenceIndexProof(const IndexLeaves& leaves, const Digest& key,
                                      size_t depth = 0) {
  if (leaves.size() > 1) {
    const bool bit = IndexKeyBit(key, depth);
    IndexProof proof = ReferenceIndexProof(LeavesBelow(leaves, depth, bit), key, depth + 1);
    proof.siblings.insert(proof.siblings.begin(),
                          ReferenceIndexRoot(LeavesBelow(leaves, depth, !bit), depth + 1));
    return proof;
  }
  IndexProof proof;
  if (leaves.empty()) {
    proof.terminal = IndexTerminal::kEmpty;
  } else if (leaves.begin()->first == key) {
    proof.terminal = IndexTerminal::kOwnLeaf;
  } else {
    proof.terminal = IndexTerminal::kOtherLeaf;
    std::tie(proof.other_key, proof.other_value) = *leaves.begin();
  }
  return proof;
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_REFERENCE_INDEX_H_
