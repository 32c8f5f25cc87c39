#include "registry/ledger/index_version.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "registry/ledger/index_leaves.h"
#include "verifier/index_hash.h"

namespace touchstone::ledger {
namespace {

// More than an index of 2^30 leaves has on any way, but for one in a thousand million.
constexpr size_t kUsualDepth = 60;

// How many ways are followed at a time: enough to keep memory busy, few enough that what was
// fetched is still in the cache when its turn comes.
constexpr size_t kWaysAtATime = 32;

}  // namespace

absl::StatusOr<IndexProof> IndexVersion::Prove(const Digest& key) const {
  absl::StatusOr<std::vector<IndexProof>> proofs = Prove(absl::MakeConstSpan(&key, 1));
  if (!proofs.ok()) return proofs.status();
  return std::move(proofs->front());
}

absl::StatusOr<std::vector<IndexProof>> IndexVersion::Prove(absl::Span<const Digest> keys) const {
  const IndexNodes& nodes = *state_->nodes;
  std::vector<IndexProof> proofs(keys.size());
  for (size_t first = 0; first < keys.size(); first += kWaysAtATime) {
    const size_t count = std::min(kWaysAtATime, keys.size() - first);
    // Where each way has come to.
    std::array<const IndexChild*, kWaysAtATime> ends;
    std::fill_n(ends.begin(), count, &state_->root);
    for (size_t i = 0; i < count; ++i) proofs[first + i].siblings.reserve(kUsualDepth);
    size_t open = count;
    for (size_t depth = 0; open > 0; ++depth) {
      open = 0;
      for (size_t i = 0; i < count; ++i) {
        if (!ends[i]->ref.is_inner()) continue;
        const IndexInner& inner = nodes.inners[ends[i]->ref.slot()];
        const bool right = IndexKeyBit(keys[first + i], depth);
        ends[i] = right ? &inner.right : &inner.left;
        nodes.Prefetch(ends[i]->ref);
        proofs[first + i].siblings.push_back(right ? inner.left.hash : inner.right.hash);
        ++open;
      }
    }
    for (size_t i = 0; i < count; ++i) nodes.PrefetchLeaves(ends[i]->ref);
    for (size_t i = 0; i < count; ++i) {
      const absl::Status status = Finish(*ends[i], keys[first + i], proofs[first + i]);
      if (!status.ok()) return status;
    }
  }
  return proofs;
}

absl::Status IndexVersion::Finish(const IndexChild& end, const Digest& key,
                                  IndexProof& proof) const {
  if (end.ref.empty()) return absl::OkStatus();  // the terminal is kEmpty
  const IndexNodes& nodes = *state_->nodes;
  const size_t depth = proof.siblings.size();
  if (end.ref.kind() == IndexRef::Kind::kBucket) {
    FinishIndexProof(nodes.LeavesOf(nodes.buckets[end.ref.slot()]), depth, key, proof);
    return absl::OkStatus();
  }
  const absl::StatusOr<std::vector<IndexLeaf>> leaves = nodes.ReadPage(end.ref);
  if (!leaves.ok()) return leaves.status();
  const IndexLeaf* const leaf = FinishIndexProof(PointersTo(*leaves), depth, key, proof);
  if (FoldIndexProof(proof, leaf, depth, key) != end.hash) return nodes.WrongPage(end.ref);
  return absl::OkStatus();
}

}  // namespace touchstone::ledger
