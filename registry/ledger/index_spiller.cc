#include "registry/ledger/index_spiller.h"

#include <algorithm>

#include "verifier/index_hash.h"

namespace touchstone::ledger {
namespace {

// Nodes that are looked at, whatever comes of it, and a few more for each leaf to be spilled.
constexpr size_t kVisitsMin = 1024;

}  // namespace

IndexChild IndexSpiller::Spill(const IndexChild& node, size_t depth, const Digest& prefix,
                               size_t leaves, Digest& cursor) {
  cursor_ = cursor;
  leaves_left_ = leaves;
  visits_left_ = kVisitsMin + leaves;
  stopped_ = false;
  const IndexChild after = Visit(node, depth, prefix, /*on_cursor=*/true);
  cursor = stopped_ ? stopped_at_ : kZeroDigest;
  return after;
}

IndexChild IndexSpiller::Visit(const IndexChild& node, size_t depth, const Digest& prefix,
                               bool on_cursor) {
  if (stopped_ || !node.ref.is_inner()) return node;
  if (leaves_left_ == 0 || visits_left_ == 0 || failed_) {
    stopped_ = true;
    stopped_at_ = prefix;
    return node;
  }
  --visits_left_;
  slots_.clear();
  if (Gather(node.ref)) {
    const IndexChild spilled = insertion_.SpillFromMemory(slots_, node.hash);
    failed_ = spilled.ref.empty();
    if (failed_) return node;
    Replace(node.ref);
    leaves_left_ -= std::min(leaves_left_, slots_.size());
    return spilled;
  }
  const IndexInner inner = nodes_.inners[node.ref.slot()];
  const bool skip_left = on_cursor && IndexKeyBit(cursor_, depth);
  Digest right_prefix = prefix;
  right_prefix[depth / 8] |= static_cast<uint8_t>(0x80 >> (depth % 8));
  const IndexChild left = skip_left ? inner.left : Visit(inner.left, depth + 1, prefix, on_cursor);
  const IndexChild right = Visit(inner.right, depth + 1, right_prefix, on_cursor && skip_left);
  if (left.ref == inner.left.ref && right.ref == inner.right.ref) return node;
  insertion_.NoteReplaced(node.ref);
  return {insertion_.MakeInner(left, right), node.hash};
}

bool IndexSpiller::Gather(IndexRef ref) {
  if (ref.empty()) return true;
  switch (ref.kind()) {
    case IndexRef::Kind::kInner:
      return Gather(nodes_.inners[ref.slot()].left.ref) &&
             Gather(nodes_.inners[ref.slot()].right.ref);
    case IndexRef::Kind::kBucket:
      for (const uint32_t slot : nodes_.buckets[ref.slot()].leaves) {
        if (slot != 0) slots_.push_back(slot);
      }
      return slots_.size() <= kSpilledLeavesMax;
    case IndexRef::Kind::kSpilled:
    case IndexRef::Kind::kLeaf:
      break;
  }
  return false;
}

void IndexSpiller::Replace(IndexRef ref) {
  if (ref.empty()) return;
  if (ref.is_inner()) {
    Replace(nodes_.inners[ref.slot()].left.ref);
    Replace(nodes_.inners[ref.slot()].right.ref);
  }
  insertion_.NoteReplaced(ref);
}

}  // namespace touchstone::ledger
