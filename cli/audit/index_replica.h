// The index, rebuilt by an auditor from the insertions that the entries call for: leaves go in, a
// root comes out (docs/FORMAT.md, section 6). It shares no code with the registry's own tree but
// the hashes, so that a mistake there does not repeat itself here. It makes no proofs.
#ifndef TOUCHSTONE_CLI_AUDIT_INDEX_REPLICA_H_
#define TOUCHSTONE_CLI_AUDIT_INDEX_REPLICA_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>

#include "absl/status/status.h"
#include "verifier/digest.h"

namespace touchstone::cli {

// Memory grows with the number of leaves alone, about 120 bytes for each, whatever their keys are:
// a registry chooses them. Only nodes with two children are held (there is one less of them than of
// leaves); those with one are hashed on the way.
class IndexReplica {
 public:
  static constexpr size_t kLeavesMax = std::numeric_limits<int32_t>::max() - 1;

  // kAlreadyExists: the key is in the tree; it stays as it is. kResourceExhausted: kLeavesMax.
  absl::Status Insert(const Digest& key, const Digest& value);

  // Hashes what has changed since the last call.
  Digest Root();

  size_t size() const { return leaves_.size(); }

 private:
  // 0 is nothing, i > 0 is forks_[i - 1], i < 0 is leaves_[-i - 1].
  using Ref = int32_t;
  // A node with two children.
  struct Fork {
    std::array<Ref, 2> children = {0, 0};
    int32_t leaf = 0;    // any leaf below it: its key begins with the node's prefix
    uint16_t depth = 0;  // length of that prefix
    bool changed = true;
    Digest hash = {};  // at the depth where its parent refers to it
  };
  struct Leaf {
    Digest key = {};
    Digest hash = {};
  };

  // The key of some leaf below `ref`, which is not nothing.
  const Digest& KeyBelow(Ref ref) const;
  // Of the node that is referred to from `depth`.
  Digest HashAt(Ref ref, size_t depth);

  Ref root_ = 0;
  // Deques, which never need twice the memory for a moment in order to grow.
  std::deque<Fork> forks_;
  std::deque<Leaf> leaves_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_INDEX_REPLICA_H_
