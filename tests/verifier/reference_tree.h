// The Merkle tree of RFC 6962 section 2.1, written down as its recursive definitions: slow, and
// plainly the same as the text. For tests of what checks proofs and of what makes them quickly.
#ifndef TOUCHSTONE_TESTS_VERIFIER_REFERENCE_TREE_H_
#define TOUCHSTONE_TESTS_VERIFIER_REFERENCE_TREE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "verifier/digest.h"
#include "verifier/merkle.h"

namespace touchstone {

using LeafHashes = absl::Span<const Digest>;

// The largest power of two smaller than n, for n > 1.
inline size_t SplitPoint(size_t n) {
  size_t k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

// MTH(D[n]).
inline Digest ReferenceRoot(LeafHashes leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves[0];
  const size_t k = SplitPoint(leaves.size());
  return NodeHash(ReferenceRoot(leaves.first(k)), ReferenceRoot(leaves.subspan(k)));
}

// PATH(m, D[n]).
inline std::vector<Digest> ReferencePath(size_t m, LeafHashes leaves) {
  if (leaves.size() == 1) return {};
  const size_t k = SplitPoint(leaves.size());
  const LeafHashes left = leaves.first(k);
  const LeafHashes right = leaves.subspan(k);
  std::vector<Digest> path = m < k ? ReferencePath(m, left) : ReferencePath(m - k, right);
  path.push_back(ReferenceRoot(m < k ? right : left));
  return path;
}

// SUBPROOF(m, D[n], b).
inline std::vector<Digest> ReferenceSubproof(size_t m, LeafHashes leaves, bool is_known) {
  if (m == leaves.size()) {
    return is_known ? std::vector<Digest>{} : std::vector<Digest>{ReferenceRoot(leaves)};
  }
  const size_t k = SplitPoint(leaves.size());
  const LeafHashes left = leaves.first(k);
  const LeafHashes right = leaves.subspan(k);
  std::vector<Digest> proof =
      m <= k ? ReferenceSubproof(m, left, is_known) : ReferenceSubproof(m - k, right, false);
  proof.push_back(ReferenceRoot(m <= k ? right : left));
  return proof;
}

// PROOF(m, D[n]), for 0 < m <= n.
inline std::vector<Digest> ReferenceConsistencyProof(size_t m, LeafHashes leaves) {
  return ReferenceSubproof(m, leaves, true);
}

// `count` different leaves.
inline std::vector<Digest> NumberedLeaves(size_t count) {
  std::vector<Digest> leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(LeafHash("leaf " + std::to_string(i)));
  return leaves;
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_REFERENCE_TREE_H_
