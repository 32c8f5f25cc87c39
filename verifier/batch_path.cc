#include "verifier/batch_path.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"

namespace touchstone {

size_t InclusionPathLength(uint64_t index, uint64_t size) {
  // A node has a sibling unless it is the last of its level and stands at an even place.
  size_t length = 0;
  for (uint64_t last = size - 1; last != 0; index >>= 1, last >>= 1) {
    if (index % 2 == 1 || index < last) ++length;
  }
  return length;
}

BatchPath::BatchPath(uint64_t index, uint64_t count, std::vector<Digest> path)
    : index_(index), count_(count), path_(std::move(path)) {}

absl::StatusOr<BatchPath> BatchPath::Create(uint64_t index, uint64_t count,
                                            std::vector<Digest> path) {
  if (count > limits::kBatchLeavesMax) {
    return Refuse(
        RefusalCode::kTooLarge,
        absl::StrCat("a batch has at most ", limits::kBatchLeavesMax, " envelopes, not ", count));
  }
  if (index >= count) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("envelope ", index, " cannot be in a batch of ", count));
  }
  const size_t length = InclusionPathLength(index, count);
  if (path.size() != length) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("the path of envelope ", index, " in a batch of ", count, " has ",
                               length, " hashes, not ", path.size()));
  }
  return BatchPath(index, count, std::move(path));
}

Digest BatchPath::Root(const Digest& leaf_hash) const {
  // Create has checked all that this could refuse.
  return RootFromInclusionPath(leaf_hash, index_, count_, path_).value();
}

}  // namespace touchstone
