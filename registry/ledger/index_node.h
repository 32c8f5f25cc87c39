// The nodes that the versions of the index tree share, and the pointer that counts who does. Only
// index_tree.cc looks inside.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_NODE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_NODE_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "verifier/digest.h"

namespace touchstone::ledger {

// Never changed once made. A leaf or an inner node.
struct IndexNode {
  IndexNode(bool leaf, const Digest& node_hash) : is_leaf(leaf), hash(node_hash) {}

  mutable std::atomic<uint32_t> references{0};
  const bool is_leaf;
  const Digest hash;
};

// A share in a node; the last one to go destroys it. Like std::shared_ptr, at a third of its
// memory: there are three nodes and more for every piece. Null is the empty subtree.
class IndexNodeRef {
 public:
  IndexNodeRef() = default;
  explicit IndexNodeRef(const IndexNode* node) : node_(node) { Take(); }
  IndexNodeRef(const IndexNodeRef& other) : node_(other.node_) { Take(); }
  IndexNodeRef(IndexNodeRef&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  IndexNodeRef& operator=(IndexNodeRef other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~IndexNodeRef() {
    if (node_ != nullptr && node_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Destroy(node_);
    }
  }

  const IndexNode* get() const { return node_; }
  const IndexNode* operator->() const { return node_; }
  explicit operator bool() const { return node_ != nullptr; }

 private:
  void Take() const {
    if (node_ != nullptr) node_->references.fetch_add(1, std::memory_order_relaxed);
  }
  // Goes down as deep as the tree is: 256 levels at most.
  static void Destroy(const IndexNode* node);

  const IndexNode* node_ = nullptr;
};

struct IndexLeafNode : IndexNode {
  IndexLeafNode(const Digest& leaf_key, const Digest& leaf_value, const Digest& leaf_hash)
      : IndexNode(true, leaf_hash), key(leaf_key), value(leaf_value) {}

  const Digest key;
  const Digest value;
};

// At least two leaves below it.
struct IndexInnerNode : IndexNode {
  IndexInnerNode(IndexNodeRef left_child, IndexNodeRef right_child, const Digest& node_hash)
      : IndexNode(false, node_hash), left(std::move(left_child)), right(std::move(right_child)) {}

  const IndexNodeRef left;
  const IndexNodeRef right;
};

inline void IndexNodeRef::Destroy(const IndexNode* node) {
  if (node->is_leaf) {
    delete static_cast<const IndexLeafNode*>(node);
  } else {
    delete static_cast<const IndexInnerNode*>(node);
  }
}

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_NODE_H_
