// One thread's part of an insertion into the index: makes new nodes beside the old ones, which it
// only reads, and notes what it made and what that replaces. The tree (index_tree.h) decides what
// becomes of both.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_INSERTION_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_INSERTION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "registry/ledger/index_hashing.h"
#include "registry/ledger/index_leaf.h"
#include "registry/ledger/index_nodes.h"
#include "registry/ledger/index_versions.h"

namespace touchstone::ledger {

// Leaves that ascend by key, with the slots where they lie. Kept beside each other, since nearly
// everything that is asked is asked of the keys.
struct PlacedLeaves {
  absl::Span<const IndexLeaf> leaves;
  absl::Span<const uint32_t> slots;

  size_t size() const { return leaves.size(); }
  PlacedLeaves First(size_t count) const { return {leaves.first(count), slots.first(count)}; }
  PlacedLeaves From(size_t first) const { return {leaves.subspan(first), slots.subspan(first)}; }
};

class IndexInsertion {
 public:
  // What it makes is born in version `birth`.
  IndexInsertion(IndexNodes& nodes, uint64_t birth) : nodes_(nodes), birth_(birth) {}
  IndexInsertion(const IndexInsertion&) = delete;
  IndexInsertion& operator=(const IndexInsertion&) = delete;
  // Gives back the numbers that it took and did not use.
  ~IndexInsertion();

  // The subtree at `depth` with those leaves besides; of use only if status() is OK afterwards.
  // All leaves share the bits above `depth` with the subtree.
  IndexChild Insert(const IndexChild& node, PlacedLeaves fresh, size_t depth);

  // The subtree of leaves that lie in these slots, ascending by key.
  IndexChild Build(absl::Span<const uint32_t> slots, size_t depth);

  IndexRef MakeInner(const IndexChild& left, const IndexChild& right);
  // The same, and hashes it.
  IndexChild JoinInner(const IndexChild& left, const IndexChild& right);

  // One page with the leaves that lie in those slots, at most kSpilledLeavesMax, for the subtree
  // that has `hash`. Empty where it could not be written. The slots are noted as replaced.
  IndexChild SpillFromMemory(absl::Span<const uint32_t> slots, const Digest& hash);

  // That the newest version does without it.
  void NoteReplaced(IndexRef ref);

  // kAlreadyExists: a key was in the tree.   kUnavailable: leaves could not be read back.
  const absl::Status& status() const { return status_; }
  const std::vector<IndexRef>& made() const { return made_; }
  const std::vector<ReplacedNode>& replaced() const { return replaced_; }

 private:
  // `child`, of a node that was just made, still refers to the old subtree at `depth`; it is to get
  // the one with those leaves besides.
  struct Way {
    IndexChild* child;
    PlacedLeaves fresh;
    size_t depth;
  };

  // Inserts a few leaves level by level: down, so that memory fetches many nodes at a time, and up
  // again, so that a level's hashes do not wait for each other. One by one, most of the time would
  // go into waiting.
  void InsertTogether(Way way);
  void InsertAtEnd(const Way& way);
  IndexChild InsertIntoBucket(const IndexChild& node, PlacedLeaves fresh, size_t depth);
  IndexChild InsertIntoSpilled(const IndexChild& node, PlacedLeaves fresh, size_t depth);
  // The subtree of these leaves, on pages as far as they can be written.
  IndexChild PlaceOnPages(absl::Span<const IndexLeaf> leaves, size_t depth);
  IndexChild PlaceInMemory(absl::Span<const IndexLeaf> leaves, size_t depth);
  IndexRef WritePage(absl::Span<const IndexLeaf> leaves);
  void RefuseTwice(const Digest& key);
  IndexChild MakeBucket(absl::Span<const uint32_t> slots, size_t depth);

  uint32_t TakeInner();
  uint32_t TakeBucket();
  uint32_t TakeSpilled();
  uint32_t TakeLeaf();

  IndexNodes& nodes_;
  const uint64_t birth_;
  absl::Status status_;
  std::vector<IndexRef> made_;
  std::vector<ReplacedNode> replaced_;
  std::vector<uint32_t> inner_slots_;  // taken and not used yet
  std::vector<uint32_t> bucket_slots_;
  std::vector<uint32_t> spilled_slots_;
  std::vector<uint32_t> leaf_slots_;
  // InsertTogether's, kept for the memory that they have.
  std::vector<Way> open_, below_, ends_;
  std::vector<IndexHashTask> hashes_;  // of the inner nodes, a level after the other
  std::vector<size_t> levels_;         // where each level begins
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_INSERTION_H_
