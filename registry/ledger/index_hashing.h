// The hashes of verifier/index_hash.h, several at a time: a processor with SHA instructions makes
// two that do not wait for each other in little more time than one. Not for other bytes than the
// index's.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_HASHING_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_HASHING_H_

#include <cstdint>

#include "absl/types/span.h"
#include "registry/ledger/index_leaf.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

// `hash` is to become the hash of `first` and `second`.
struct IndexHashTask {
  enum class Kind : uint8_t { kLeaf = 2, kNode = 3 };  // the byte that is hashed before them

  static IndexHashTask OfLeaf(const IndexLeaf& leaf, Digest& hash) {
    return {Kind::kLeaf, &leaf.key, &leaf.value, &hash};
  }
  static IndexHashTask OfNode(const Digest& left, const Digest& right, Digest& hash) {
    return {Kind::kNode, &left, &right, &hash};
  }

  Kind kind;
  const Digest* first;
  const Digest* second;
  Digest* hash;
};

// Does them all. None may need the hash of another, or write over what another needs.
void HashIndexTasks(absl::Span<const IndexHashTask> tasks);

// The same on any processor, one by one. For HashIndexTasks, and for its test.
void HashIndexTasksPortably(absl::Span<const IndexHashTask> tasks);

// One alone.
Digest HashOfIndexLeaf(const IndexLeaf& leaf);
Digest HashOfIndexNode(const Digest& left, const Digest& right);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_HASHING_H_
