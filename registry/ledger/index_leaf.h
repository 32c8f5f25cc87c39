// A leaf of the index (docs/FORMAT.md, section 6), and the bytes in which leaves are stored and
// handed to auditors. Not for what leaves mean (verifier/index_insertions.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_LEAF_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_LEAF_H_

#include <cstddef>

#include "verifier/digest.h"

namespace touchstone::ledger {

// Lies in memory as it lies in the store: key ‖ value.
struct IndexLeaf {
  Digest key = {};
  Digest value = {};
};

inline constexpr size_t kIndexLeafBytes = 2 * kDigestBytes;
static_assert(sizeof(IndexLeaf) == kIndexLeafBytes && alignof(IndexLeaf) == 1);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_LEAF_H_
