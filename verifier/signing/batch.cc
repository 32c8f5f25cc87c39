#include "verifier/signing/batch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/batch_signature.h"
#include "verifier/limits.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// Before anything is hashed.
absl::Status CheckCount(size_t count) {
  if (count == 0) return Refuse(RefusalCode::kMalformed, "a batch holds at least one envelope");
  if (count > limits::kBatchLeavesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a batch holds at most ", limits::kBatchLeavesMax,
                               " envelopes, not ", count, "; make several"));
  }
  return absl::OkStatus();
}

}  // namespace

Batch::Batch(std::vector<std::vector<Digest>> levels) : levels_(std::move(levels)) {}

absl::StatusOr<Batch> Batch::Create(absl::Span<const std::string> paes) {
  const absl::Status valid = CheckCount(paes.size());
  if (!valid.ok()) return valid;
  std::vector<Digest> leaf_hashes;
  leaf_hashes.reserve(paes.size());
  for (const std::string& pae : paes) leaf_hashes.push_back(LeafHash(pae));
  return FromLeafHashes(std::move(leaf_hashes));
}

absl::StatusOr<Batch> Batch::FromLeafHashes(std::vector<Digest> leaf_hashes) {
  const absl::Status valid = CheckCount(leaf_hashes.size());
  if (!valid.ok()) return valid;
  std::vector<std::vector<Digest>> levels;
  levels.push_back(std::move(leaf_hashes));
  while (levels.back().size() > 1) {
    const std::vector<Digest>& below = levels.back();
    std::vector<Digest> level;
    level.reserve(below.size() / 2 + 1);
    for (size_t i = 0; i + 1 < below.size(); i += 2) {
      level.push_back(NodeHash(below[i], below[i + 1]));
    }
    // A last node without a sibling rises unhashed, as in RFC 6962.
    if (below.size() % 2 == 1) level.push_back(below.back());
    levels.push_back(std::move(level));
  }
  return Batch(std::move(levels));
}

std::string Batch::NoteText(absl::string_view log_origin) const {
  return BatchNoteText(log_origin, count(), root());
}

BatchPath Batch::PathOf(size_t index) const {
  std::vector<Digest> path;
  size_t node = index;
  for (const std::vector<Digest>& level : levels_) {
    const size_t sibling = node ^ 1;
    if (sibling < level.size()) path.push_back(level[sibling]);
    node /= 2;
  }
  // Of a tree that was made here the path is always right.
  return BatchPath::Create(index, count(), std::move(path)).value();
}

}  // namespace touchstone
