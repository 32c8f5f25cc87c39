// The nodes that the versions of the index share, in memory and, where they were spilled, on
// scratch pages. Only index_*.cc look inside: the tree (index_tree.h) adds nodes and takes away
// those that no version refers to any more; versions (index_version.h) read.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_NODES_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_NODES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "registry/ledger/index_leaf.h"
#include "registry/ledger/slot_array.h"
#include "registry/storage/scratch_pages.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

// A subtree with so many leaves, or fewer, is a bucket; one with more is an inner node and its two
// subtrees. So what a tree looks like follows from its leaves alone.
inline constexpr size_t kBucketLeavesMax = 6;

// A subtree with so many, or fewer, may be spilled to one page.
inline constexpr size_t kSpilledLeavesMax = storage::ScratchPages::kPageBytes / kIndexLeafBytes;

// Names a node: what it is, and its slot in the array of those. All bits zero: the empty subtree.
class IndexRef {
 public:
  enum class Kind : uint32_t { kInner = 0, kBucket = 1, kSpilled = 2, kLeaf = 3 };
  static constexpr size_t kKinds = 4;
  static constexpr uint32_t kSlotsMax = SlotNumbers::kSlotsMax;

  IndexRef() = default;
  IndexRef(Kind kind, uint32_t slot) : bits_(static_cast<uint32_t>(kind) << 30 | slot) {}

  bool empty() const { return bits_ == 0; }
  Kind kind() const { return static_cast<Kind>(bits_ >> 30); }
  uint32_t slot() const { return bits_ & kSlotsMax; }
  friend bool operator==(const IndexRef&, const IndexRef&) = default;
  bool is_inner() const { return !empty() && kind() == Kind::kInner; }

 private:
  uint32_t bits_ = 0;
};

// The hash stands beside the reference in whatever refers to a node, so that a proof touches the
// nodes on its way and not their siblings.
struct IndexChild {
  IndexRef ref;
  Digest hash = kZeroDigest;
};

// `birth`: of the version that was being made when the node was, the first to see it.
struct IndexInner {
  uint64_t birth;
  IndexChild left;
  IndexChild right;
};
struct IndexBucket {
  uint64_t birth;
  std::array<uint32_t, kBucketLeavesMax> leaves;  // slots, ascending by key; 0 after the last
};
struct IndexSpilled {
  uint64_t birth;
  uint32_t leaves;
};
struct alignas(64) IndexLeafSlot {
  IndexLeaf leaf;
};

// Leaves in order, wherever they lie.
using IndexLeafPointers = absl::InlinedVector<const IndexLeaf*, kBucketLeavesMax>;

class IndexNodes {
 public:
  // `scratch` may be null: nothing is spilled then. It must outlive this. `on_error` may be empty;
  // it is told what went wrong with the pages, and called from any thread.
  IndexNodes(storage::ScratchPages* scratch, std::function<void(const absl::Status&)> on_error)
      : pages(scratch), on_page_error(std::move(on_error)) {}

  const IndexLeaf& Leaf(uint32_t slot) const { return leaves[slot].leaf; }
  IndexLeafPointers LeavesOf(const IndexBucket& bucket) const;

  // The leaves of a spilled subtree, ascending. Whether they are those that were written, the
  // caller must see from their hash, and answer WrongPage() if not. kUnavailable where they cannot
  // be read.
  absl::StatusOr<std::vector<IndexLeaf>> ReadPage(IndexRef spilled_ref) const;
  absl::Status WrongPage(IndexRef spilled_ref) const;

  // Has the node fetched from memory, without waiting for it.
  void Prefetch(IndexRef ref) const {
    if (ref.kind() == IndexRef::Kind::kBucket) buckets.Prefetch(ref.slot());
    if (ref.is_inner()) inners.Prefetch(ref.slot());
  }
  // The leaves of a bucket; of other nodes nothing.
  void PrefetchLeaves(IndexRef ref) const {
    if (ref.kind() != IndexRef::Kind::kBucket) return;
    for (const uint32_t slot : buckets[ref.slot()].leaves) {
      if (slot != 0) leaves.Prefetch(slot);
    }
  }

  SlotArray<IndexInner> inners;
  SlotArray<IndexBucket> buckets;
  SlotArray<IndexSpilled> spilled;
  SlotArray<IndexLeafSlot> leaves;

  // Those of what was spilled are also the numbers of its pages.
  SlotNumbers& numbers(IndexRef::Kind kind) { return numbers_by_kind[static_cast<size_t>(kind)]; }
  const SlotNumbers& numbers(IndexRef::Kind kind) const {
    return numbers_by_kind[static_cast<size_t>(kind)];
  }
  std::array<SlotNumbers, IndexRef::kKinds> numbers_by_kind;

  size_t MemoryBytes() const;

  // These nodes are no more. Nothing may refer to them.
  void Free(const std::vector<IndexRef>& refs);

  storage::ScratchPages* const pages;
  const std::function<void(const absl::Status&)> on_page_error;

 private:
  absl::Status Unreadable(const absl::Status& status) const;
};

// What so many nodes take; `count` takes a kind.
template <typename Count>
size_t BytesOf(Count count) {
  return count(IndexRef::Kind::kInner) * sizeof(IndexInner) +
         count(IndexRef::Kind::kBucket) * sizeof(IndexBucket) +
         count(IndexRef::Kind::kSpilled) * sizeof(IndexSpilled) +
         count(IndexRef::Kind::kLeaf) * sizeof(IndexLeafSlot);
}

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_NODES_H_
