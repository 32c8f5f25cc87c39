#include "registry/ledger/index_insertion.h"

#include <algorithm>
#include <iterator>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/index_leaves.h"

namespace touchstone::ledger {
namespace {

// How many leaves are inserted level by level: enough to keep memory busy, few enough that what was
// fetched is still in the cache when its turn comes.
constexpr size_t kWaysAtATime = 32;

// How many numbers are taken at a time.
constexpr size_t kNumbersAtATime = 128;

// The slot for the node after so many is fetched while this one is made.
constexpr size_t kFetchedAhead = 8;

size_t CountLeft(PlacedLeaves leaves, size_t depth) {
  return CountLeft(leaves.leaves, depth,
                   [](const IndexLeaf& leaf) -> const Digest& { return leaf.key; });
}

template <typename Node>
uint32_t Take(SlotNumbers& numbers, SlotArray<Node>& nodes, std::vector<uint32_t>& taken) {
  if (taken.empty()) {
    numbers.Take(kNumbersAtATime, taken, [&nodes](size_t slots) { nodes.Reserve(slots); });
  }
  const uint32_t slot = taken.back();
  taken.pop_back();
  if (taken.size() >= kFetchedAhead) nodes.PrefetchToWrite(taken[taken.size() - kFetchedAhead]);
  return slot;
}

}  // namespace

IndexInsertion::~IndexInsertion() {
  nodes_.numbers(IndexRef::Kind::kInner).Give(inner_slots_);
  nodes_.numbers(IndexRef::Kind::kBucket).Give(bucket_slots_);
  nodes_.numbers(IndexRef::Kind::kSpilled).Give(spilled_slots_);
  nodes_.numbers(IndexRef::Kind::kLeaf).Give(leaf_slots_);
}

IndexChild IndexInsertion::Insert(const IndexChild& node, PlacedLeaves fresh, size_t depth) {
  if (fresh.size() == 0 || !status_.ok()) return node;
  if (fresh.size() <= kWaysAtATime || !node.ref.is_inner()) {
    IndexChild with = node;
    InsertTogether({&with, fresh, depth});
    return with;
  }
  const IndexInner& inner = nodes_.inners[node.ref.slot()];
  const size_t left = CountLeft(fresh, depth);
  const IndexChild new_left = Insert(inner.left, fresh.First(left), depth + 1);
  const IndexChild new_right = Insert(inner.right, fresh.From(left), depth + 1);
  NoteReplaced(node.ref);
  return JoinInner(new_left, new_right);
}

void IndexInsertion::InsertTogether(Way way) {
  open_.assign({way});
  ends_.clear();
  hashes_.clear();
  levels_.clear();
  while (!open_.empty()) {
    levels_.push_back(hashes_.size());
    below_.clear();
    for (const auto& [child, fresh, depth] : open_) {
      if (!child->ref.is_inner()) {
        ends_.push_back({child, fresh, depth});
        continue;
      }
      const IndexInner& inner = nodes_.inners[child->ref.slot()];
      NoteReplaced(child->ref);
      child->ref = MakeInner(inner.left, inner.right);
      IndexInner& made = nodes_.inners[child->ref.slot()];
      hashes_.push_back(IndexHashTask::OfNode(made.left.hash, made.right.hash, child->hash));
      const size_t left = CountLeft(fresh, depth);
      if (left > 0) below_.push_back({&made.left, fresh.First(left), depth + 1});
      if (left < fresh.size()) below_.push_back({&made.right, fresh.From(left), depth + 1});
      if (left > 0) nodes_.Prefetch(made.left.ref);
      if (left < fresh.size()) nodes_.Prefetch(made.right.ref);
    }
    open_.swap(below_);
  }
  for (const Way& end : ends_) nodes_.PrefetchLeaves(end.child->ref);
  for (const Way& end : ends_) {
    if (status_.ok()) InsertAtEnd(end);
  }
  size_t end = hashes_.size();
  for (size_t level = levels_.size(); level-- > 0; end = levels_[level]) {
    HashIndexTasks(absl::MakeConstSpan(hashes_).subspan(levels_[level], end - levels_[level]));
  }
}

void IndexInsertion::InsertAtEnd(const Way& way) {
  IndexChild& child = *way.child;
  if (child.ref.empty()) {
    child = Build(way.fresh.slots, way.depth);
  } else if (child.ref.kind() == IndexRef::Kind::kBucket) {
    child = InsertIntoBucket(child, way.fresh, way.depth);
  } else {
    child = InsertIntoSpilled(child, way.fresh, way.depth);
  }
}

IndexChild IndexInsertion::InsertIntoBucket(const IndexChild& node, PlacedLeaves fresh,
                                            size_t depth) {
  const IndexBucket& bucket = nodes_.buckets[node.ref.slot()];
  absl::InlinedVector<uint32_t, 4 * kBucketLeavesMax> slots;
  auto old = bucket.leaves.begin();
  size_t next = 0;
  while (next < fresh.size() && old != bucket.leaves.end() && *old != 0) {
    const Digest& old_key = nodes_.Leaf(*old).key;
    const Digest& new_key = fresh.leaves[next].key;
    if (old_key == new_key) {
      RefuseTwice(new_key);
      return node;
    }
    slots.push_back(old_key < new_key ? *old++ : fresh.slots[next++]);
  }
  for (; old != bucket.leaves.end() && *old != 0; ++old) slots.push_back(*old);
  slots.insert(slots.end(), fresh.slots.begin() + static_cast<std::ptrdiff_t>(next),
               fresh.slots.end());
  NoteReplaced(node.ref);
  return Build(slots, depth);
}

// What was spilled stays spilled: the leaf goes to the page.
IndexChild IndexInsertion::InsertIntoSpilled(const IndexChild& node, PlacedLeaves fresh,
                                             size_t depth) {
  absl::StatusOr<std::vector<IndexLeaf>> old = nodes_.ReadPage(node.ref);
  if (old.ok() && IndexRootOf(PointersTo(*old), depth) != node.hash) {
    old = nodes_.WrongPage(node.ref);
  }
  if (!old.ok()) {
    status_ = old.status();
    return node;
  }
  std::vector<IndexLeaf> leaves(old->size() + fresh.size());
  std::merge(old->begin(), old->end(), fresh.leaves.begin(), fresh.leaves.end(), leaves.begin(),
             [](const IndexLeaf& a, const IndexLeaf& b) { return a.key < b.key; });
  const auto twice =
      std::adjacent_find(leaves.begin(), leaves.end(),
                         [](const IndexLeaf& a, const IndexLeaf& b) { return a.key == b.key; });
  if (twice != leaves.end()) {
    RefuseTwice(twice->key);
    return node;
  }
  NoteReplaced(node.ref);
  for (const uint32_t slot : fresh.slots) {
    replaced_.push_back({IndexRef(IndexRef::Kind::kLeaf, slot), birth_});
  }
  return PlaceOnPages(leaves, depth);
}

IndexChild IndexInsertion::PlaceOnPages(absl::Span<const IndexLeaf> leaves, size_t depth) {
  if (leaves.size() <= kBucketLeavesMax) return PlaceInMemory(leaves, depth);
  if (leaves.size() <= kSpilledLeavesMax) {
    const IndexRef ref = WritePage(leaves);
    if (ref.empty()) return PlaceInMemory(leaves, depth);
    return {ref, IndexRootOf(PointersTo(leaves), depth)};
  }
  const size_t left =
      CountLeft(leaves, depth, [](const IndexLeaf& leaf) -> const Digest& { return leaf.key; });
  const IndexChild new_left = PlaceOnPages(leaves.first(left), depth + 1);
  return JoinInner(new_left, PlaceOnPages(leaves.subspan(left), depth + 1));
}

IndexChild IndexInsertion::PlaceInMemory(absl::Span<const IndexLeaf> leaves, size_t depth) {
  std::vector<uint32_t> slots;
  for (const IndexLeaf& leaf : leaves) {
    slots.push_back(TakeLeaf());
    nodes_.leaves[slots.back()].leaf = leaf;
    made_.push_back(IndexRef(IndexRef::Kind::kLeaf, slots.back()));
  }
  return Build(slots, depth);
}

IndexChild IndexInsertion::SpillFromMemory(absl::Span<const uint32_t> slots, const Digest& hash) {
  std::vector<IndexLeaf> leaves;
  for (const uint32_t slot : slots) leaves.push_back(nodes_.Leaf(slot));
  const IndexRef ref = WritePage(leaves);
  if (ref.empty()) return {};
  // Any version may refer to a leaf, by whichever bucket.
  for (const uint32_t slot : slots) replaced_.push_back({IndexRef(IndexRef::Kind::kLeaf, slot), 0});
  return {ref, hash};
}

IndexRef IndexInsertion::WritePage(absl::Span<const IndexLeaf> leaves) {
  const IndexRef ref(IndexRef::Kind::kSpilled, TakeSpilled());
  absl::Status status = nodes_.pages->Write(
      ref.slot(), {reinterpret_cast<const char*>(leaves.data()), leaves.size() * kIndexLeafBytes});
  if (!status.ok()) {
    if (nodes_.on_page_error) nodes_.on_page_error(status);
    spilled_slots_.push_back(ref.slot());
    return {};
  }
  nodes_.spilled[ref.slot()] = {birth_, static_cast<uint32_t>(leaves.size())};
  made_.push_back(ref);
  return ref;
}

void IndexInsertion::NoteReplaced(IndexRef ref) {
  uint64_t birth = 0;
  switch (ref.kind()) {
    case IndexRef::Kind::kInner:
      birth = nodes_.inners[ref.slot()].birth;
      break;
    case IndexRef::Kind::kBucket:
      birth = nodes_.buckets[ref.slot()].birth;
      break;
    case IndexRef::Kind::kSpilled:
      birth = nodes_.spilled[ref.slot()].birth;
      break;
    case IndexRef::Kind::kLeaf:
      break;
  }
  replaced_.push_back({ref, birth});
}

void IndexInsertion::RefuseTwice(const Digest& key) {
  status_ = absl::AlreadyExistsError(
      absl::StrCat("the index has a leaf under the key ", DigestToHex(key), " already"));
}

IndexChild IndexInsertion::Build(absl::Span<const uint32_t> slots, size_t depth) {
  if (slots.empty()) return {};
  if (slots.size() <= kBucketLeavesMax) return MakeBucket(slots, depth);
  const size_t left = CountLeft(
      slots, depth, [this](uint32_t slot) -> const Digest& { return nodes_.Leaf(slot).key; });
  const IndexChild new_left = Build(slots.first(left), depth + 1);
  return JoinInner(new_left, Build(slots.subspan(left), depth + 1));
}

IndexChild IndexInsertion::MakeBucket(absl::Span<const uint32_t> slots, size_t depth) {
  const IndexRef ref(IndexRef::Kind::kBucket, TakeBucket());
  IndexBucket& bucket = nodes_.buckets[ref.slot()];
  bucket.birth = birth_;
  bucket.leaves = {};
  std::copy(slots.begin(), slots.end(), bucket.leaves.begin());
  made_.push_back(ref);
  return {ref, IndexRootOf(nodes_.LeavesOf(bucket), depth)};
}

IndexRef IndexInsertion::MakeInner(const IndexChild& left, const IndexChild& right) {
  const IndexRef ref(IndexRef::Kind::kInner, TakeInner());
  nodes_.inners[ref.slot()] = {birth_, left, right};
  made_.push_back(ref);
  return ref;
}

IndexChild IndexInsertion::JoinInner(const IndexChild& left, const IndexChild& right) {
  return {MakeInner(left, right), HashOfIndexNode(left.hash, right.hash)};
}

uint32_t IndexInsertion::TakeInner() {
  return Take(nodes_.numbers(IndexRef::Kind::kInner), nodes_.inners, inner_slots_);
}

uint32_t IndexInsertion::TakeBucket() {
  return Take(nodes_.numbers(IndexRef::Kind::kBucket), nodes_.buckets, bucket_slots_);
}

uint32_t IndexInsertion::TakeSpilled() {
  return Take(nodes_.numbers(IndexRef::Kind::kSpilled), nodes_.spilled, spilled_slots_);
}

uint32_t IndexInsertion::TakeLeaf() {
  return Take(nodes_.numbers(IndexRef::Kind::kLeaf), nodes_.leaves, leaf_slots_);
}

}  // namespace touchstone::ledger
