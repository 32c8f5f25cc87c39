// The log's Merkle tree: hashing, and checking proofs (RFC 6962 section 2.1, RFC 9162 section 2.1).
// Not for storing a tree or making proofs; the index's tree is another one (verifier/index_hash.h).
#ifndef TOUCHSTONE_VERIFIER_MERKLE_H_
#define TOUCHSTONE_VERIFIER_MERKLE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/digest.h"
#include "verifier/node_memo.h"

namespace touchstone {

// SHA-256(00 ‖ data). For the log, `data` is the 32-byte digest of an entry.
Digest LeafHash(absl::string_view data);

// SHA-256(01 ‖ left ‖ right).
Digest NodeHash(const Digest& left, const Digest& right);

// The root of the tree without leaves: SHA-256("").
Digest EmptyRoot();

// The root that `path` (from the leaf's sibling to the root's child) leads to from the leaf with
// hash `leaf_hash` at `index` in a tree of `size` leaves (RFC 9162 section 2.1.3.2).
// kBadInclusionProof if index >= size or if the path has not exactly the length that it must have.
// `memo`, of NodeHash, spares what other paths of the same tree have hashed already.
absl::StatusOr<Digest> RootFromInclusionPath(const Digest& leaf_hash, uint64_t index, uint64_t size,
                                             absl::Span<const Digest> path,
                                             NodeMemo* memo = nullptr);

// OK if `path` proves that leaf; kBadInclusionProof otherwise.
absl::Status VerifyInclusion(const Digest& leaf_hash, uint64_t index, uint64_t size,
                             absl::Span<const Digest> path, const Digest& root,
                             NodeMemo* memo = nullptr);

// OK if `path` proves that the tree (size1, root1) is a prefix of (size2, root2) (RFC 9162 section
// 2.1.4.2); kBadConsistencyProof otherwise. A proof from size 0 is an error here: every tree
// continues the empty one, which there is nothing to prove about, so callers that accept an empty
// start (a witness's first look) decide that before they call. Equal sizes need equal roots and an
// empty path.
absl::Status VerifyConsistency(uint64_t size1, const Digest& root1, uint64_t size2,
                               const Digest& root2, absl::Span<const Digest> path);

// The right edge of a growing tree: enough to append leaves and know the root, in O(log size)
// memory. For replaying a log from its leaves.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;
  // As it was when its peaks() were kept; kMalformed if a tree of `size` leaves has not that many.
  static absl::StatusOr<MerkleFrontier> FromPeaks(uint64_t size, std::vector<Digest> peaks);

  uint64_t size() const { return size_; }
  // Roots of the perfect subtrees that the leaves fall into, largest first: one per set bit of
  // size().
  const std::vector<Digest>& peaks() const { return peaks_; }
  void Append(const Digest& leaf_hash);
  Digest Root() const;

 private:
  uint64_t size_ = 0;
  std::vector<Digest> peaks_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_MERKLE_H_
