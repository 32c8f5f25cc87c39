// The text of a checkpoint (C2SP tlog-checkpoint v1.0.0): which log, how large, with which root.
// Not for its signatures (verifier/signed_note.h), nor for whom to believe (verifier/policy.h).
#ifndef TOUCHSTONE_VERIFIER_CHECKPOINT_H_
#define TOUCHSTONE_VERIFIER_CHECKPOINT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"

namespace touchstone {

class Checkpoint {
 public:
  // `origin` follows ValidateKeyName, since it is the name of the log's key; `size` is at most
  // limits::kTreeSizeMax; a tree of size 0 has the empty root. kMalformed or kTooLarge otherwise.
  static absl::StatusOr<Checkpoint> Create(absl::string_view origin, uint64_t size,
                                           const Digest& root);

  // Reads exactly what Format() writes: three lines, no extension lines, no leading zero.
  static absl::StatusOr<Checkpoint> Parse(absl::string_view text);

  // "origin\nsize\nbase64(root)\n".
  std::string Format() const;

  const std::string& origin() const { return origin_; }
  // Leaves in the tree.
  uint64_t size() const { return size_; }
  const Digest& root() const { return root_; }

  friend bool operator==(const Checkpoint& a, const Checkpoint& b) {
    return a.origin_ == b.origin_ && a.size_ == b.size_ && a.root_ == b.root_;
  }

 private:
  Checkpoint() = default;
  std::string origin_;
  uint64_t size_ = 0;
  Digest root_ = {};
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CHECKPOINT_H_
