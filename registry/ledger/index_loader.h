// Makes an index from all of its leaves, in whatever order they come: sorted by parts, each part
// built at once, on two threads. For starting; leaves that come later are inserted (index_tree.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_LOADER_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_LOADER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "registry/ledger/index_insertion.h"
#include "registry/ledger/index_leaf.h"
#include "registry/ledger/index_nodes.h"

namespace touchstone::ledger {

// One thread uses it.
class IndexLoader {
 public:
  // Makes nodes among `nodes`, which must outlive it, born in version `birth`, and uses about
  // `memory_bytes_max` at a time: what is more is spilled.
  IndexLoader(IndexNodes& nodes, uint64_t birth, size_t memory_bytes_max)
      : nodes_(nodes), birth_(birth), memory_bytes_max_(memory_bytes_max) {}

  // In each pass, all leaves are added, the same in each; it takes those for which there is room.
  void Add(const IndexLeaf& leaf);
  // kAlreadyExists: a key was added twice; the nodes are then of no use.
  absl::Status EndPass();
  // Whether it has taken everything, so that no further pass is needed.
  bool done() const { return first_ == kParts; }

  // The tree of everything that was added.
  IndexChild Finish();
  uint64_t size() const { return size_; }

 private:
  // Parts by the first byte of the key.
  static constexpr size_t kPartDepth = 8;
  static constexpr size_t kParts = size_t{1} << kPartDepth;

  struct Part {
    size_t leaves = 0;
    std::vector<uint32_t> slots;  // where its leaves lie, until it is built
    std::vector<uint32_t> taken;  // numbers for further ones
    IndexChild root;              // of a part with more leaves than a bucket; the others keep slots
  };

  // Takes fewer parts in this pass, and forgets what it has of the others.
  void TakeHalf();
  absl::Status BuildPart(Part& part, IndexInsertion& insertion);
  void SpillParts();
  // The subtree at `depth` of the parts [first, first + count).
  IndexChild Combine(size_t first, size_t count, size_t depth, IndexInsertion& insertion);

  IndexNodes& nodes_;
  const uint64_t birth_;
  const size_t memory_bytes_max_;
  // The parts that this pass takes; those before are built.
  size_t first_ = 0;
  size_t end_ = kParts;
  size_t taken_ = 0;   // leaves, in this pass
  uint64_t size_ = 0;  // leaves of the parts before
  std::array<Part, kParts> parts_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_LOADER_H_
