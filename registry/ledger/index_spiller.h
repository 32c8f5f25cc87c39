// Moves parts of the index from memory to scratch pages: small subtrees, one after the other in the
// order of their keys. (Keys are hashes: none is likelier to be needed than another.) The hashes
// stay what they are. The tree (index_tree.h) decides when and how much.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_SPILLER_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_SPILLER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "registry/ledger/index_insertion.h"
#include "registry/ledger/index_nodes.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

class IndexSpiller {
 public:
  // Makes its nodes with `insertion`, which also notes what they replace.
  IndexSpiller(IndexNodes& nodes, IndexInsertion& insertion)
      : nodes_(nodes), insertion_(insertion) {}

  // The subtree `node` at `depth`, whose keys begin with those bits of `prefix`, after spilling
  // about `leaves` leaves from `cursor` on; sets `cursor` to where it stopped, or to zero at the
  // end. Stops early where a page cannot be written, or after looking at many nodes in vain.
  IndexChild Spill(const IndexChild& node, size_t depth, const Digest& prefix, size_t leaves,
                   Digest& cursor);

  // Whether a page could not be written.
  bool failed() const { return failed_; }

 private:
  // `on_cursor`: the keys that the subtree's begin with are also the cursor's first bits.
  IndexChild Visit(const IndexChild& node, size_t depth, const Digest& prefix, bool on_cursor);
  // Whether all leaves of the subtree lie in memory and fit a page; then they are in slots_.
  bool Gather(IndexRef ref);
  void Replace(IndexRef ref);

  IndexNodes& nodes_;
  IndexInsertion& insertion_;
  Digest cursor_ = {};
  size_t leaves_left_ = 0;
  size_t visits_left_ = 0;
  bool stopped_ = false;
  bool failed_ = false;
  Digest stopped_at_ = {};
  std::vector<uint32_t> slots_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_SPILLER_H_
