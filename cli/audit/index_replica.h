// The index, rebuilt by an auditor from the insertions that the entries call for: leaves go in, a
// root comes out (docs/FORMAT.md, section 6). It shares no code with the registry's own tree but
// the hashes, so that a mistake there does not repeat itself here. It makes no proofs.
#ifndef TOUCHSTONE_CLI_AUDIT_INDEX_REPLICA_H_
#define TOUCHSTONE_CLI_AUDIT_INDEX_REPLICA_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "verifier/digest.h"

namespace touchstone::cli {

// At most 2^31 leaves; about 180 bytes of memory for each.
class IndexReplica {
 public:
  // kAlreadyExists: the key is in the tree; it stays as it is.
  absl::Status Insert(const Digest& key, const Digest& value);

  // Hashes what has changed since the last call.
  Digest Root();

  size_t size() const { return leaves_.size(); }

 private:
  // 0 is nothing, i > 0 is inner_[i - 1], i < 0 is leaves_[-i - 1].
  using Ref = int32_t;
  struct Inner {
    std::array<Ref, 2> children = {0, 0};
    bool changed = true;
    Digest hash = {};
  };
  struct Leaf {
    Digest key = {};
    Digest hash = {};
  };

  Ref NewInner();
  Digest HashOf(Ref ref);

  Ref root_ = 0;
  std::vector<Inner> inner_;
  std::vector<Leaf> leaves_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_INDEX_REPLICA_H_
