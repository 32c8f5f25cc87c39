#include "registry/ledger/index_leaves.h"

#include "absl/container/inlined_vector.h"
#include "registry/ledger/index_hashing.h"

namespace touchstone::ledger {
namespace {

// As many as lie in memory together (index_nodes.h); what lies on a page may be more.
constexpr size_t kUsualLeaves = 8;

size_t CountLeft(absl::Span<const IndexLeaf* const> leaves, size_t depth) {
  return CountLeft(leaves, depth, [](const IndexLeaf* leaf) -> const Digest& { return leaf->key; });
}

// The hashes of leaves, by their place among them.
using LeafHashes = absl::InlinedVector<Digest, kUsualLeaves>;

// Of all leaves but the one at `without`.
LeafHashes HashesOf(absl::Span<const IndexLeaf* const> leaves, size_t without) {
  LeafHashes hashes(leaves.size());
  absl::InlinedVector<IndexHashTask, kUsualLeaves> tasks;
  for (size_t i = 0; i < leaves.size(); ++i) {
    if (i != without) tasks.push_back(IndexHashTask::OfLeaf(*leaves[i], hashes[i]));
  }
  HashIndexTasks(tasks);
  return hashes;
}

// root(leaves, depth) of leaves that are hashed.
Digest RootOf(absl::Span<const IndexLeaf* const> leaves, absl::Span<const Digest> hashes,
              size_t depth) {
  if (leaves.empty()) return kEmptyIndexNode;
  if (leaves.size() == 1) return hashes[0];
  const size_t left = CountLeft(leaves, depth);
  return HashOfIndexNode(RootOf(leaves.first(left), hashes.first(left), depth + 1),
                         RootOf(leaves.subspan(left), hashes.subspan(left), depth + 1));
}

}  // namespace

Digest IndexRootOf(absl::Span<const IndexLeaf* const> leaves, size_t depth) {
  return RootOf(leaves, HashesOf(leaves, /*without=*/leaves.size()), depth);
}

const IndexLeaf* FinishIndexProof(absl::Span<const IndexLeaf* const> leaves, size_t depth,
                                  const Digest& key, IndexProof& proof) {
  // The sibling below each depth from `depth` on: of the leaves [first, first + count).
  struct Sibling {
    size_t first, count;
  };
  absl::InlinedVector<Sibling, kUsualLeaves> siblings;
  size_t first = 0, count = leaves.size();
  while (count > 1) {
    const size_t at = depth + siblings.size();
    const size_t left = CountLeft(leaves.subspan(first, count), at);
    if (IndexKeyBit(key, at)) {
      siblings.push_back({first, left});
      first += left;
      count -= left;
    } else {
      siblings.push_back({first + left, count - left});
      count = left;
    }
  }
  const LeafHashes hashes = HashesOf(leaves, /*without=*/count == 0 ? leaves.size() : first);
  for (const Sibling& sibling : siblings) {
    proof.siblings.push_back(
        RootOf(leaves.subspan(sibling.first, sibling.count),
               absl::MakeConstSpan(hashes).subspan(sibling.first, sibling.count), ++depth));
  }
  if (count == 0) {
    proof.terminal = IndexTerminal::kEmpty;
    return nullptr;
  }
  const IndexLeaf* const end = leaves[first];
  if (end->key == key) {
    proof.terminal = IndexTerminal::kOwnLeaf;
  } else {
    proof.terminal = IndexTerminal::kOtherLeaf;
    proof.other_key = end->key;
    proof.other_value = end->value;
  }
  return end;
}

Digest FoldIndexProof(const IndexProof& proof, const IndexLeaf* end, size_t depth,
                      const Digest& key) {
  Digest hash = end == nullptr ? kEmptyIndexNode : HashOfIndexLeaf(*end);
  for (size_t i = proof.siblings.size(); i-- > depth;) {
    hash = IndexKeyBit(key, i) ? HashOfIndexNode(proof.siblings[i], hash)
                               : HashOfIndexNode(hash, proof.siblings[i]);
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
