// The index (docs/FORMAT.md, section 6): an insert-only sparse Merkle tree in memory, of which
// every published version stays as it was. Leaves for which memory has no room lie on scratch
// pages. Not for reading (index_version.h), and not for what is inserted
// (verifier/index_insertions.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_TREE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_TREE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "registry/ledger/index_leaf.h"
#include "registry/ledger/index_nodes.h"
#include "registry/ledger/index_version.h"
#include "registry/ledger/index_versions.h"
#include "registry/storage/scratch_pages.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

// A version costs the nodes on the ways of what was inserted since the one before, and only while
// it lives. One thread inserts.
class IndexTree {
 public:
  // The tree without leaves.
  IndexTree();
  IndexTree(const IndexTree&) = delete;
  IndexTree& operator=(const IndexTree&) = delete;

  // Adds leaves, which ascend by key. Hashes every node on their ways once, however many leaves lie
  // below it; where there are many, on a second thread besides. After an error the tree is as it
  // was.
  //   kAlreadyExists: a key is in the tree or twice in `leaves`.   kInvalidArgument: they do not
  //   ascend.   kResourceExhausted: more than 2^30 nodes.
  absl::Status Insert(absl::Span<const IndexLeaf> leaves);

  // The tree as it is now, to be read whatever is inserted afterwards.
  IndexVersion Version();

  const Digest& root() const { return root_.hash; }
  uint64_t size() const { return size_; }

  // What its nodes take in memory, those included that only older versions see.
  size_t MemoryBytes() const;

 private:
  void Free(const std::vector<IndexRef>& refs);

  const std::shared_ptr<IndexNodes> nodes_;
  IndexVersions versions_;
  IndexChild root_;
  uint64_t size_ = 0;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_TREE_H_
