// One version of the index (docs/FORMAT.md, section 6), for reading: it stays as it was, so that a
// published view proves things while the next commit is being made. Not for inserting
// (index_tree.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_VERSION_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_VERSION_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "registry/ledger/index_nodes.h"
#include "registry/ledger/index_versions.h"
#include "verifier/digest.h"
#include "verifier/index_proof.h"

namespace touchstone::ledger {

// May be read, copied and destroyed by any thread, also after its tree is gone. While it lives, so
// do the nodes that it sees.
class IndexVersion {
 public:
  const Digest& root() const { return state_->root.hash; }
  uint64_t size() const { return state_->size; }

  // That the index holds what it holds under `key`, or holds nothing there. An error only where
  // leaves were spilled and could not be read back: as of IndexTreeOptions::on_page_error.
  absl::StatusOr<IndexProof> Prove(const Digest& key) const;
  // The same of several keys, in their order: in less time than one by one, most of which goes into
  // waiting for memory.
  absl::StatusOr<std::vector<IndexProof>> Prove(absl::Span<const Digest> keys) const;

 private:
  friend class IndexTree;
  struct State {
    std::shared_ptr<const IndexNodes> nodes;
    IndexChild root;
    uint64_t size = 0;
    std::unique_ptr<const IndexLease> lease;
  };
  explicit IndexVersion(State state) : state_(std::make_shared<const State>(std::move(state))) {}

  // The proof of `key` that leads on from `end`, where its way through inner nodes ended.
  absl::Status Finish(const IndexChild& end, const Digest& key, IndexProof& proof) const;

  std::shared_ptr<const State> state_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_VERSION_H_
