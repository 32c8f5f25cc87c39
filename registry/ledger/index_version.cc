#include "registry/ledger/index_version.h"

#include <utility>
#include <vector>

#include "registry/ledger/index_leaves.h"
#include "verifier/index_hash.h"

namespace touchstone::ledger {
namespace {

// More than an index of 2^30 leaves has on any way, but for one in a thousand million.
constexpr size_t kUsualDepth = 60;

}  // namespace

absl::StatusOr<IndexProof> IndexVersion::Prove(const Digest& key) const {
  const IndexNodes& nodes = *state_->nodes;
  IndexProof proof;
  proof.siblings.reserve(kUsualDepth);
  const IndexChild* child = &state_->root;
  size_t depth = 0;
  for (; child->ref.is_inner(); ++depth) {
    const IndexInner& inner = nodes.inners[child->ref.slot()];
    const bool right = IndexKeyBit(key, depth);
    child = right ? &inner.right : &inner.left;
    nodes.Prefetch(child->ref);
    proof.siblings.push_back(right ? inner.left.hash : inner.right.hash);
  }
  const IndexRef ref = child->ref;
  if (ref.empty()) return proof;  // its terminal is kEmpty
  if (ref.kind() == IndexRef::Kind::kBucket) {
    FinishIndexProof(nodes.LeavesOf(nodes.buckets[ref.slot()]), depth, key, proof);
    return proof;
  }
  const absl::StatusOr<std::vector<IndexLeaf>> leaves = nodes.ReadPage(ref);
  if (!leaves.ok()) return leaves.status();
  const IndexLeaf* const end = FinishIndexProof(PointersTo(*leaves), depth, key, proof);
  if (FoldIndexProof(proof, end, depth, key) != child->hash) return nodes.WrongPage(ref);
  return proof;
}

}  // namespace touchstone::ledger
