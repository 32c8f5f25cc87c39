// Where one envelope stands in a batch that was signed as a whole: its leaf's index, the number of
// leaves, and the inclusion path (docs/FORMAT.md, "Batch signature"). Not for checking the
// signature (verifier/batch_signature.h).
#ifndef TOUCHSTONE_VERIFIER_BATCH_PATH_H_
#define TOUCHSTONE_VERIFIER_BATCH_PATH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "verifier/digest.h"

namespace touchstone {

// Hashes in the inclusion path of leaf `index` in an RFC 6962 tree of `size` leaves. index < size.
size_t InclusionPathLength(uint64_t index, uint64_t size);

class BatchPath {
 public:
  // index < count <= limits::kBatchLeavesMax, and `path` (from the leaf's sibling to the root's
  // child) has exactly the length that these call for. kMalformed or kTooLarge otherwise.
  static absl::StatusOr<BatchPath> Create(uint64_t index, uint64_t count, std::vector<Digest> path);

  uint64_t index() const { return index_; }
  uint64_t count() const { return count_; }
  const std::vector<Digest>& path() const { return path_; }

  // The root of the batch's tree, given SHA-256(00 ‖ PAE) of this leaf.
  Digest Root(const Digest& leaf_hash) const;

  friend bool operator==(const BatchPath&, const BatchPath&) = default;

 private:
  BatchPath(uint64_t index, uint64_t count, std::vector<Digest> path);
  uint64_t index_;
  uint64_t count_;
  std::vector<Digest> path_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_BATCH_PATH_H_
