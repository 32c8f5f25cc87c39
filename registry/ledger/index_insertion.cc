#include "registry/ledger/index_insertion.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/index_leaves.h"
#include "verifier/index_hash.h"

namespace touchstone::ledger {
namespace {

// How many ways are fetched at a time: enough to keep memory busy, few enough that what was fetched
// is still in the cache when its turn comes.
constexpr size_t kWaysAtATime = 32;

// How many numbers are taken at a time.
constexpr size_t kNumbersAtATime = 128;

size_t CountLeft(PlacedLeaves leaves, size_t depth) {
  return CountLeft(leaves.leaves, depth,
                   [](const IndexLeaf& leaf) -> const Digest& { return leaf.key; });
}

}  // namespace

IndexInsertion::~IndexInsertion() {
  nodes_.inner_numbers.Give(inner_slots_);
  nodes_.bucket_numbers.Give(bucket_slots_);
}

IndexChild IndexInsertion::Insert(const IndexChild& node, PlacedLeaves fresh, size_t depth) {
  if (fresh.size() == 0 || !status_.ok()) return node;
  if (node.ref.empty()) return Build(fresh.slots, depth);
  if (node.ref.kind() == IndexRef::Kind::kBucket) return InsertIntoBucket(node, fresh, depth);
  if (fetched_ || fresh.size() > kWaysAtATime) return InsertIntoInner(node, fresh, depth);
  Fetch(node.ref, fresh.leaves, depth);
  fetched_ = true;
  const IndexChild with = InsertIntoInner(node, fresh, depth);
  fetched_ = false;
  return with;
}

IndexChild IndexInsertion::InsertIntoInner(const IndexChild& node, PlacedLeaves fresh,
                                           size_t depth) {
  const IndexInner& inner = nodes_.inners[node.ref.slot()];
  const IndexChildHashes& hashes = nodes_.hashes[node.ref.slot()];
  const size_t left = CountLeft(fresh, depth);
  const IndexChild new_left = Insert({inner.left, hashes.left}, fresh.First(left), depth + 1);
  const IndexChild new_right = Insert({inner.right, hashes.right}, fresh.From(left), depth + 1);
  return ReplaceInner(node.ref, new_left, new_right);
}

IndexChild IndexInsertion::ReplaceInner(IndexRef old, const IndexChild& left,
                                        const IndexChild& right) {
  replaced_.push_back({old, nodes_.inners[old.slot()].birth});
  return MakeInner(left, right);
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
      status_ = absl::AlreadyExistsError(
          absl::StrCat("the index has a leaf under the key ", DigestToHex(new_key), " already"));
      return node;
    }
    slots.push_back(old_key < new_key ? *old++ : fresh.slots[next++]);
  }
  for (; old != bucket.leaves.end() && *old != 0; ++old) slots.push_back(*old);
  slots.insert(slots.end(), fresh.slots.begin() + static_cast<std::ptrdiff_t>(next),
               fresh.slots.end());
  replaced_.push_back({node.ref, bucket.birth});
  return Build(slots, depth);
}

IndexChild IndexInsertion::Build(absl::Span<const uint32_t> slots, size_t depth) {
  if (slots.empty()) return {};
  if (slots.size() <= kBucketLeavesMax) return MakeBucket(slots, depth);
  const size_t left = CountLeft(
      slots, depth, [this](uint32_t slot) -> const Digest& { return nodes_.Leaf(slot).key; });
  const IndexChild new_left = Build(slots.first(left), depth + 1);
  return MakeInner(new_left, Build(slots.subspan(left), depth + 1));
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

IndexChild IndexInsertion::MakeInner(const IndexChild& left, const IndexChild& right) {
  const IndexRef ref(IndexRef::Kind::kInner, TakeInner());
  nodes_.inners[ref.slot()] = {birth_, left.ref, right.ref};
  nodes_.hashes[ref.slot()] = {left.hash, right.hash};
  made_.push_back(ref);
  return {ref, IndexNodeHash(left.hash, right.hash)};
}

void IndexInsertion::Fetch(IndexRef ref, absl::Span<const IndexLeaf> fresh, size_t depth) {
  std::array<std::pair<IndexRef, const Digest*>, kWaysAtATime> ways;
  size_t open = 0;  // those that have not come to a bucket
  for (const IndexLeaf& leaf : fresh) ways[open++] = {ref, &leaf.key};
  std::array<uint32_t, kWaysAtATime> buckets;
  size_t bucket_count = 0;
  for (; open > 0; ++depth) {
    size_t still_open = 0;
    for (size_t i = 0; i < open; ++i) {
      const auto [node, key] = ways[i];
      const IndexInner& inner = nodes_.inners[node.slot()];
      const IndexRef next = IndexKeyBit(*key, depth) ? inner.right : inner.left;
      nodes_.Prefetch(next);
      if (next.is_inner()) ways[still_open++] = {next, key};
      if (!next.empty() && next.kind() == IndexRef::Kind::kBucket) {
        buckets[bucket_count++] = next.slot();
      }
    }
    open = still_open;
  }
  for (size_t i = 0; i < bucket_count; ++i) {
    for (const uint32_t slot : nodes_.buckets[buckets[i]].leaves) {
      if (slot != 0) nodes_.leaves.Prefetch(slot);
    }
  }
}

uint32_t IndexInsertion::TakeInner() {
  if (inner_slots_.empty()) {
    nodes_.inner_numbers.Take(kNumbersAtATime, inner_slots_, [this](size_t slots) {
      nodes_.inners.Reserve(slots);
      nodes_.hashes.Reserve(slots);
    });
  }
  const uint32_t slot = inner_slots_.back();
  inner_slots_.pop_back();
  return slot;
}

uint32_t IndexInsertion::TakeBucket() {
  if (bucket_slots_.empty()) {
    nodes_.bucket_numbers.Take(kNumbersAtATime, bucket_slots_,
                               [this](size_t slots) { nodes_.buckets.Reserve(slots); });
  }
  const uint32_t slot = bucket_slots_.back();
  bucket_slots_.pop_back();
  return slot;
}

}  // namespace touchstone::ledger
