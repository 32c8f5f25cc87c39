#include "registry/ledger/index_tree.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "verifier/index_hash.h"

namespace touchstone::ledger {
namespace {

const IndexLeafNode& AsLeaf(const IndexNode& node) {
  return static_cast<const IndexLeafNode&>(node);
}
const IndexInnerNode& AsInner(const IndexNode& node) {
  return static_cast<const IndexInnerNode&>(node);
}

Digest HashOf(const IndexNodeRef& node) { return node ? node->hash : kEmptyIndexNode; }

IndexNodeRef MakeLeaf(const IndexLeaf& leaf) {
  return IndexNodeRef(new IndexLeafNode(leaf.key, leaf.value, IndexLeafHash(leaf.key, leaf.value)));
}

IndexNodeRef MakeInner(IndexNodeRef left, IndexNodeRef right) {
  const Digest hash = IndexNodeHash(HashOf(left), HashOf(right));
  return IndexNodeRef(new IndexInnerNode(std::move(left), std::move(right), hash));
}

// `leaves` ascend and share the bits above `depth`: how many of them go left there.
size_t CountLeft(absl::Span<const IndexLeaf> leaves, size_t depth) {
  const auto first_right = std::partition_point(
      leaves.begin(), leaves.end(),
      [depth](const IndexLeaf& leaf) { return !IndexKeyBit(leaf.key, depth); });
  return static_cast<size_t>(first_right - leaves.begin());
}

// The subtree at `depth` that holds `leaves`, and besides them `lone` where it is not null: a leaf
// that stood here alone and goes further down. Keys are distinct and share the bits above `depth`.
IndexNodeRef Build(absl::Span<const IndexLeaf> leaves, const IndexNodeRef& lone, size_t depth) {
  if (leaves.empty()) return lone;
  if (leaves.size() == 1 && !lone) return MakeLeaf(leaves.front());
  const size_t left = CountLeft(leaves, depth);
  const bool lone_goes_right = lone && IndexKeyBit(AsLeaf(*lone.get()).key, depth);
  const IndexNodeRef none;
  return MakeInner(Build(leaves.subspan(0, left), lone_goes_right ? none : lone, depth + 1),
                   Build(leaves.subspan(left), lone_goes_right ? lone : none, depth + 1));
}

// The subtree at `depth` that holds what `node` holds and `leaves`, under the same conditions.
IndexNodeRef Insert(const IndexNodeRef& node, absl::Span<const IndexLeaf> leaves, size_t depth) {
  if (leaves.empty()) return node;
  if (!node || node->is_leaf) return Build(leaves, node, depth);
  const IndexInnerNode& inner = AsInner(*node.get());
  const size_t left = CountLeft(leaves, depth);
  return MakeInner(Insert(inner.left, leaves.subspan(0, left), depth + 1),
                   Insert(inner.right, leaves.subspan(left), depth + 1));
}

const IndexNode* Find(const IndexNode* node, const Digest& key) {
  for (size_t depth = 0; node != nullptr && !node->is_leaf; ++depth) {
    const IndexInnerNode& inner = AsInner(*node);
    node = (IndexKeyBit(key, depth) ? inner.right : inner.left).get();
  }
  return node != nullptr && AsLeaf(*node).key == key ? node : nullptr;
}

absl::Status AlreadyThere(const Digest& key) {
  return absl::AlreadyExistsError(
      absl::StrCat("the index has a leaf under the key ", DigestToHex(key), " already"));
}

}  // namespace

absl::StatusOr<IndexTree> IndexTree::With(std::vector<IndexLeaf> leaves) const {
  std::sort(leaves.begin(), leaves.end(),
            [](const IndexLeaf& a, const IndexLeaf& b) { return a.key < b.key; });
  for (size_t i = 0; i < leaves.size(); ++i) {
    const bool twice = i > 0 && leaves[i - 1].key == leaves[i].key;
    if (twice || Find(root_.get(), leaves[i].key) != nullptr) return AlreadyThere(leaves[i].key);
  }
  return IndexTree(Insert(root_, leaves, 0), size_ + leaves.size());
}

Digest IndexTree::Root() const { return HashOf(root_); }

IndexProof IndexTree::Prove(const Digest& key) const {
  IndexProof proof;
  const IndexNode* node = root_.get();
  for (size_t depth = 0; node != nullptr && !node->is_leaf; ++depth) {
    const IndexInnerNode& inner = AsInner(*node);
    const bool right = IndexKeyBit(key, depth);
    proof.siblings.push_back(HashOf(right ? inner.left : inner.right));
    node = (right ? inner.right : inner.left).get();
  }
  if (node == nullptr) {
    proof.terminal = IndexTerminal::kEmpty;
  } else if (AsLeaf(*node).key == key) {
    proof.terminal = IndexTerminal::kOwnLeaf;
  } else {
    proof.terminal = IndexTerminal::kOtherLeaf;
    proof.other_key = AsLeaf(*node).key;
    proof.other_value = AsLeaf(*node).value;
  }
  return proof;
}

}  // namespace touchstone::ledger
