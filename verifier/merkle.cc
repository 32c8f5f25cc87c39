#include "verifier/merkle.h"

#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

absl::Status RefuseInclusion(absl::string_view message) {
  return Refuse(RefusalCode::kBadInclusionProof, message);
}

absl::Status RefuseConsistency(absl::string_view message) {
  return Refuse(RefusalCode::kBadConsistencyProof, message);
}

// Both numbers name a node by its place in its level: of the node on the way, and of the last node
// of the level. One step up.
void Rise(uint64_t& node, uint64_t& last) {
  node >>= 1;
  last >>= 1;
}

}  // namespace

Digest LeafHash(absl::string_view data) { return Sha256Of({absl::string_view("\x00", 1), data}); }

Digest NodeHash(const Digest& left, const Digest& right) {
  return Sha256Of({absl::string_view("\x01", 1), DigestBytes(left), DigestBytes(right)});
}

Digest EmptyRoot() { return Sha256Of(absl::string_view()); }

absl::StatusOr<Digest> RootFromInclusionPath(const Digest& leaf_hash, uint64_t index, uint64_t size,
                                             absl::Span<const Digest> path, NodeMemo* memo) {
  const auto parent = [memo](const Digest& left, const Digest& right) {
    return memo == nullptr ? NodeHash(left, right) : memo->Hash(left, right);
  };
  if (index >= size) {
    return RefuseInclusion(
        absl::StrCat("leaf ", index, " cannot be in a tree of ", size, " leaves"));
  }
  uint64_t node = index;
  uint64_t last = size - 1;
  Digest hash = leaf_hash;
  for (const Digest& sibling : path) {
    if (last == 0) {
      return RefuseInclusion(absl::StrCat("the inclusion path of leaf ", index, " in a tree of ",
                                          size, " leaves is too long: ", path.size(), " hashes"));
    }
    if (node % 2 == 1 || node == last) {
      hash = parent(sibling, hash);
      // A last node without a sibling in its level rises unhashed.
      while (node % 2 == 0 && node != 0) Rise(node, last);
    } else {
      hash = parent(hash, sibling);
    }
    Rise(node, last);
  }
  if (last != 0) {
    return RefuseInclusion(absl::StrCat("the inclusion path of leaf ", index, " in a tree of ",
                                        size, " leaves is too short: ", path.size(), " hashes"));
  }
  return hash;
}

absl::Status VerifyInclusion(const Digest& leaf_hash, uint64_t index, uint64_t size,
                             absl::Span<const Digest> path, const Digest& root, NodeMemo* memo) {
  const absl::StatusOr<Digest> computed = RootFromInclusionPath(leaf_hash, index, size, path, memo);
  if (!computed.ok()) return computed.status();
  if (*computed != root) {
    return RefuseInclusion(absl::StrCat("the inclusion path of leaf ", index,
                                        " leads to another root than that of the tree of ", size,
                                        " leaves"));
  }
  return absl::OkStatus();
}

absl::Status VerifyConsistency(uint64_t size1, const Digest& root1, uint64_t size2,
                               const Digest& root2, absl::Span<const Digest> path) {
  if (size1 == 0) return RefuseConsistency("a consistency proof cannot start at size 0");
  if (size1 > size2) {
    return RefuseConsistency(
        absl::StrCat("a tree of ", size2, " leaves cannot continue one of ", size1));
  }
  if (size1 == size2) {
    if (!path.empty()) {
      return RefuseConsistency("two trees of one size need no hashes to compare them");
    }
    if (root1 != root2) {
      return RefuseConsistency(
          absl::StrCat("two trees of ", size1, " leaves have different roots"));
    }
    return absl::OkStatus();
  }
  if (path.empty()) return RefuseConsistency("the consistency proof is empty");

  uint64_t node = size1 - 1;
  uint64_t last = size2 - 1;
  while (node % 2 == 1) Rise(node, last);
  // A perfect older tree is itself the subtree from which both roots are built up.
  Digest hash1 = root1;
  if (!std::has_single_bit(size1)) {
    hash1 = path.front();
    path.remove_prefix(1);
  }
  Digest hash2 = hash1;
  for (const Digest& sibling : path) {
    if (last == 0) return RefuseConsistency("the consistency proof is too long");
    if (node % 2 == 1 || node == last) {
      hash1 = NodeHash(sibling, hash1);
      hash2 = NodeHash(sibling, hash2);
      while (node % 2 == 0 && node != 0) Rise(node, last);
    } else {
      hash2 = NodeHash(hash2, sibling);
    }
    Rise(node, last);
  }
  if (last != 0) return RefuseConsistency("the consistency proof is too short");
  if (hash1 != root1) {
    return RefuseConsistency(absl::StrCat(
        "the consistency proof does not lead to the root of the tree of ", size1, " leaves"));
  }
  if (hash2 != root2) {
    return RefuseConsistency(absl::StrCat(
        "the consistency proof does not lead to the root of the tree of ", size2, " leaves"));
  }
  return absl::OkStatus();
}

absl::StatusOr<MerkleFrontier> MerkleFrontier::FromPeaks(uint64_t size, std::vector<Digest> peaks) {
  if (peaks.size() != static_cast<size_t>(std::popcount(size))) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("a tree of ", size, " leaves has ", std::popcount(size),
                               " peaks, not ", peaks.size()));
  }
  MerkleFrontier frontier;
  frontier.size_ = size;
  frontier.peaks_ = std::move(peaks);
  return frontier;
}

void MerkleFrontier::Append(const Digest& leaf_hash) {
  Digest hash = leaf_hash;
  // As in binary counting: each set bit that a carry passes is a perfect subtree of that size.
  for (uint64_t carry = size_; carry % 2 == 1; carry >>= 1) {
    hash = NodeHash(peaks_.back(), hash);
    peaks_.pop_back();
  }
  peaks_.push_back(hash);
  ++size_;
}

Digest MerkleFrontier::Root() const {
  if (peaks_.empty()) return EmptyRoot();
  Digest hash = peaks_.back();
  for (size_t i = peaks_.size() - 1; i-- > 0;) hash = NodeHash(peaks_[i], hash);
  return hash;
}

}  // namespace touchstone
