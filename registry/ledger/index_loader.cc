#include "registry/ledger/index_loader.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/index_spiller.h"
#include "registry/ledger/index_versions.h"

namespace touchstone::ledger {
namespace {

// How many places a part takes at a time; its leaves lie together in runs of so many.
constexpr size_t kRunLeaves = 512;

// While there are passes to come, which take half of the memory for leaves and some for the nodes
// above them, what was built may keep this part of it.
constexpr size_t kKeptPart = 4;

bool ByKey(const IndexLeaf& a, const IndexLeaf& b) { return a.key < b.key; }

}  // namespace

void IndexLoader::Add(const IndexLeaf& leaf) {
  const size_t number = leaf.key[0];
  if (number < first_ || number >= end_) return;
  Part& part = parts_[number];
  if (part.taken.empty()) {
    nodes_.numbers(IndexRef::Kind::kLeaf).Take(kRunLeaves, part.taken, [this](size_t slots) {
      nodes_.leaves.Reserve(slots);
    });
  }
  const uint32_t slot = part.taken.back();
  part.taken.pop_back();
  nodes_.leaves[slot].leaf = leaf;
  part.slots.push_back(slot);
  // Half of the memory for leaves: the nodes above them, and sorting, need some too.
  if (++taken_ > memory_bytes_max_ / 2 / sizeof(IndexLeafSlot) && end_ - first_ > 1) TakeHalf();
}

void IndexLoader::TakeHalf() {
  const size_t end = first_ + (end_ - first_) / 2;
  for (size_t i = end; i < end_; ++i) {
    taken_ -= parts_[i].slots.size();
    nodes_.numbers(IndexRef::Kind::kLeaf).Give(parts_[i].slots);
    nodes_.numbers(IndexRef::Kind::kLeaf).Give(parts_[i].taken);
    parts_[i] = {};
  }
  end_ = end;
}

absl::Status IndexLoader::EndPass() {
  std::atomic<size_t> next = first_;
  std::array<absl::Status, 2> statuses;
  const auto build = [&](absl::Status& status) {
    IndexInsertion insertion(nodes_, birth_);
    for (size_t i = next++; i < end_ && status.ok(); i = next++) {
      status = BuildPart(parts_[i], insertion);
    }
  };
  std::thread other([&] { build(statuses[1]); });
  build(statuses[0]);
  other.join();
  for (const absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  size_ += std::exchange(taken_, 0);
  const size_t width = end_ - std::exchange(first_, end_);
  // The next pass is about as wide; it finds out whether that is too much.
  end_ = std::min(kParts, first_ + 2 * width);
  if (!done()) SpillParts();
  return absl::OkStatus();
}

void IndexLoader::SpillParts() {
  for (size_t i = 0; i < first_; ++i) {
    if (nodes_.MemoryBytes() <= memory_bytes_max_ / kKeptPart) return;
    if (!parts_[i].root.ref.is_inner()) continue;
    IndexInsertion insertion(nodes_, birth_);
    IndexSpiller spiller(nodes_, insertion);
    Digest prefix = {};
    prefix[0] = static_cast<uint8_t>(i);
    Digest cursor = prefix;
    parts_[i].root = spiller.Spill(parts_[i].root, kPartDepth, prefix, SIZE_MAX, cursor);
    // No version has seen them.
    std::vector<IndexRef> free;
    for (const ReplacedNode& node : insertion.replaced()) free.push_back(node.ref);
    nodes_.Free(free);
    if (spiller.failed()) return;
  }
}

IndexChild IndexLoader::Finish() {
  IndexInsertion insertion(nodes_, birth_);
  return Combine(0, kParts, 0, insertion);
}

absl::Status IndexLoader::BuildPart(Part& part, IndexInsertion& insertion) {
  nodes_.numbers(IndexRef::Kind::kLeaf).Give(part.taken);
  part.taken.clear();
  // Sorted, and put back so that neighbours lie beside each other.
  std::vector<IndexLeaf> leaves;
  leaves.reserve(part.slots.size());
  for (const uint32_t slot : part.slots) leaves.push_back(nodes_.Leaf(slot));
  std::sort(leaves.begin(), leaves.end(), ByKey);
  std::sort(part.slots.begin(), part.slots.end());
  for (size_t i = 0; i < leaves.size(); ++i) {
    if (i > 0 && leaves[i - 1].key == leaves[i].key) {
      return absl::AlreadyExistsError(
          absl::StrCat("a leaf under the key ", DigestToHex(leaves[i].key), " was inserted twice"));
    }
    nodes_.leaves[part.slots[i]].leaf = leaves[i];
  }
  part.leaves = leaves.size();
  if (part.leaves <= kBucketLeavesMax) return absl::OkStatus();  // Combine() builds it
  part.root = insertion.Build(part.slots, kPartDepth);
  part.slots = {};
  return absl::OkStatus();
}

IndexChild IndexLoader::Combine(size_t first, size_t count, size_t depth,
                                IndexInsertion& insertion) {
  size_t leaves = 0;
  for (size_t i = first; i < first + count; ++i) leaves += parts_[i].leaves;
  if (leaves <= kBucketLeavesMax) {
    std::vector<uint32_t> slots;
    for (size_t i = first; i < first + count; ++i) {
      slots.insert(slots.end(), parts_[i].slots.begin(), parts_[i].slots.end());
    }
    return insertion.Build(slots, depth);
  }
  if (count == 1) return parts_[first].root;
  const IndexChild left = Combine(first, count / 2, depth + 1, insertion);
  return insertion.JoinInner(left, Combine(first + count / 2, count / 2, depth + 1, insertion));
}

}  // namespace touchstone::ledger
