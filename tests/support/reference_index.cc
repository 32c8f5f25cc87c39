#include "tests/support/reference_index.h"

#include <utility>

#include "verifier/index_hash.h"

namespace touchstone {

Digest ReferenceIndex::RootOf(const Leaves& leaves, size_t depth) {
  if (leaves.empty()) return kEmptyIndexNode;
  if (leaves.size() == 1) return IndexLeafHash(leaves[0].first, leaves[0].second);
  Leaves sides[2];
  for (const auto& leaf : leaves) sides[IndexKeyBit(leaf.first, depth) ? 1 : 0].push_back(leaf);
  return IndexNodeHash(RootOf(sides[0], depth + 1), RootOf(sides[1], depth + 1));
}

Digest ReferenceIndex::Root() const { return RootOf(Leaves(leaves_.begin(), leaves_.end()), 0); }

IndexProof ReferenceIndex::Prove(const Digest& key) const {
  IndexProof proof;
  Leaves here(leaves_.begin(), leaves_.end());
  for (size_t depth = 0; here.size() > 1; ++depth) {
    Leaves sides[2];
    for (const auto& leaf : here) sides[IndexKeyBit(leaf.first, depth) ? 1 : 0].push_back(leaf);
    const int side = IndexKeyBit(key, depth) ? 1 : 0;
    proof.siblings.push_back(RootOf(sides[1 - side], depth + 1));
    here = std::move(sides[side]);
  }
  if (here.empty()) {
    proof.terminal = IndexTerminal::kEmpty;
  } else if (here[0].first == key) {
    proof.terminal = IndexTerminal::kOwnLeaf;
  } else {
    proof.terminal = IndexTerminal::kOtherLeaf;
    proof.other_key = here[0].first;
    proof.other_value = here[0].second;
  }
  return proof;
}

}  // namespace touchstone
