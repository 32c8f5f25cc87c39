#include "registry/ledger/index_leaves.h"

namespace touchstone::ledger {
namespace {

size_t CountLeft(absl::Span<const IndexLeaf* const> leaves, size_t depth) {
  return CountLeft(leaves, depth, [](const IndexLeaf* leaf) -> const Digest& { return leaf->key; });
}

}  // namespace

Digest IndexRootOf(absl::Span<const IndexLeaf* const> leaves, size_t depth) {
  if (leaves.empty()) return kEmptyIndexNode;
  if (leaves.size() == 1) return IndexLeafHash(leaves[0]->key, leaves[0]->value);
  const size_t left = CountLeft(leaves, depth);
  return IndexNodeHash(IndexRootOf(leaves.subspan(0, left), depth + 1),
                       IndexRootOf(leaves.subspan(left), depth + 1));
}

const IndexLeaf* FinishIndexProof(absl::Span<const IndexLeaf* const> leaves, size_t depth,
                                  const Digest& key, IndexProof& proof) {
  for (; leaves.size() > 1; ++depth) {
    const size_t left = CountLeft(leaves, depth);
    absl::Span<const IndexLeaf* const> own = leaves.subspan(0, left);
    absl::Span<const IndexLeaf* const> other = leaves.subspan(left);
    if (IndexKeyBit(key, depth)) std::swap(own, other);
    proof.siblings.push_back(IndexRootOf(other, depth + 1));
    leaves = own;
  }
  if (leaves.empty()) {
    proof.terminal = IndexTerminal::kEmpty;
    return nullptr;
  }
  if (leaves[0]->key == key) {
    proof.terminal = IndexTerminal::kOwnLeaf;
  } else {
    proof.terminal = IndexTerminal::kOtherLeaf;
    proof.other_key = leaves[0]->key;
    proof.other_value = leaves[0]->value;
  }
  return leaves[0];
}

Digest FoldIndexProof(const IndexProof& proof, const IndexLeaf* end, size_t depth,
                      const Digest& key) {
  Digest hash = end == nullptr ? kEmptyIndexNode : IndexLeafHash(end->key, end->value);
  for (size_t i = proof.siblings.size(); i-- > depth;) {
    hash = IndexKeyBit(key, i) ? IndexNodeHash(proof.siblings[i], hash)
                               : IndexNodeHash(hash, proof.siblings[i]);
  }
  return hash;
}

bool AscendByKey(absl::Span<const IndexLeaf> leaves) {
  return std::adjacent_find(
             leaves.begin(), leaves.end(),
             [](const IndexLeaf& a, const IndexLeaf& b) { return a.key >= b.key; }) == leaves.end();
}

std::vector<const IndexLeaf*> PointersTo(absl::Span<const IndexLeaf> leaves) {
  std::vector<const IndexLeaf*> pointers(leaves.size());
  for (size_t i = 0; i < leaves.size(); ++i) pointers[i] = &leaves[i];
  return pointers;
}

}  // namespace touchstone::ledger
