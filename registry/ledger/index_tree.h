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

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "registry/ledger/index_leaf.h"
#include "registry/ledger/index_nodes.h"
#include "registry/ledger/index_version.h"
#include "registry/ledger/index_versions.h"
#include "registry/storage/scratch_pages.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

struct IndexTreeOptions {
  // How much of the tree may lie in memory; what is more goes to `pages`, where there are any. What
  // only older versions see comes on top of it, at most as much again.
  size_t memory_bytes_max = SIZE_MAX;
  storage::ScratchPages* pages = nullptr;  // must outlive the tree and its versions

  // Called from any thread with what went wrong with the pages. For the operator: those who ask are
  // told kUnavailable. What cannot be written stays in memory, beyond the bound, and is tried again
  // later.
  std::function<void(const absl::Status&)> on_page_error;
};

// A version costs the nodes on the ways of what was inserted since the one before, and only while
// it lives. One thread inserts.
class IndexTree {
 public:
  // The tree without leaves.
  explicit IndexTree(IndexTreeOptions options = {});
  IndexTree(const IndexTree&) = delete;
  IndexTree& operator=(const IndexTree&) = delete;

  // Adds leaves, which ascend by key. Hashes every node on their ways once, however many leaves lie
  // below it; where there are many, on a second thread besides. After an error the tree is as it
  // was.
  //   kAlreadyExists: a key is in the tree or twice in `leaves`.   kInvalidArgument: they do not
  //   ascend.   kResourceExhausted: more than 2^30 nodes.   kUnavailable: leaves could not be read
  //   back.
  absl::Status Insert(absl::Span<const IndexLeaf> leaves);

  // Calls `scan`, which must call what it is given for every leaf of the tree to be, in any order,
  // and makes that tree, on two threads. Where memory has no room for all of it, `scan` is called
  // several times. The tree must be empty, and no version of it alive.
  //   kAlreadyExists: a key came twice.   Others: what `scan` returned. The tree is then of no use.
  using LeafVisitor = absl::FunctionRef<void(const IndexLeaf&)>;
  absl::Status Load(absl::FunctionRef<absl::Status(LeafVisitor)> scan);

  // The tree as it is now, to be read whatever is inserted afterwards.
  IndexVersion Version();

  const Digest& root() const { return root_.hash; }
  uint64_t size() const { return size_; }

  // What its nodes take in memory, those included that only older versions see.
  size_t MemoryBytes() const;
  // Pages in use.
  size_t Pages() const { return nodes_->numbers(IndexRef::Kind::kSpilled).in_use(); }

 private:
  void SpillBeyondBound();

  const size_t memory_bytes_max_;
  const std::shared_ptr<IndexNodes> nodes_;
  IndexVersions versions_;
  IndexChild root_;
  uint64_t size_ = 0;
  Digest spill_cursor_ = {};
  uint64_t spill_again_at_ = 0;  // the size, after pages could not be written
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_TREE_H_
