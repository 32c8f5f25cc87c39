// The index (docs/FORMAT.md, section 6) in memory: an insert-only sparse Merkle tree of which every
// version stays as it was, so that a published view proves things while the next commit is being
// made. Not for what is inserted (verifier/index_insertions.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_TREE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_TREE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "registry/ledger/index_leaf.h"
#include "registry/ledger/index_node.h"
#include "verifier/digest.h"
#include "verifier/index_proof.h"

namespace touchstone::ledger {

// One version. Copying shares everything; versions may be read, copied and destroyed by any thread.
class IndexTree {
 public:
  // The tree without leaves.
  IndexTree() = default;

  // The version with those leaves besides. Hashes every node on their ways once, however many
  // leaves lie below it. kAlreadyExists, if a key is in the tree or twice in `leaves`.
  absl::StatusOr<IndexTree> With(std::vector<IndexLeaf> leaves) const;

  Digest Root() const;
  uint64_t size() const { return size_; }

  // That the tree holds what it holds under `key`, or holds nothing there.
  IndexProof Prove(const Digest& key) const;

 private:
  IndexTree(IndexNodeRef root, uint64_t size) : root_(std::move(root)), size_(size) {}

  IndexNodeRef root_;
  uint64_t size_ = 0;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_TREE_H_
