// Which versions of the index live, and when a node that newer ones have replaced is referred to by
// none of them any more. The tree's own (index_tree.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_INDEX_VERSIONS_H_
#define TOUCHSTONE_REGISTRY_LEDGER_INDEX_VERSIONS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "registry/ledger/index_nodes.h"

namespace touchstone::ledger {

// A node that the versions from `birth` on see, up to the one that was being made when it was
// replaced.
struct ReplacedNode {
  IndexRef ref;
  uint64_t birth = 0;
};

// Held by a version; any thread may let it go.
class IndexLease {
 public:
  explicit IndexLease(std::shared_ptr<std::atomic<bool>> ended) : ended_(std::move(ended)) {}
  IndexLease(const IndexLease&) = delete;
  IndexLease& operator=(const IndexLease&) = delete;
  ~IndexLease() { ended_->store(true, std::memory_order_release); }

 private:
  const std::shared_ptr<std::atomic<bool>> ended_;
};

// The tree's thread only.
class IndexVersions {
 public:
  // The version that is being made: the birth of its nodes.
  uint64_t next() const { return next_; }

  // It is made and lives until the lease is gone; the next one is begun.
  std::unique_ptr<const IndexLease> Publish();

  // Adds to `free` those of `nodes`, which the version being made does without, that no living
  // version sees either; keeps the others until that is so.
  void Replace(const std::vector<ReplacedNode>& nodes, std::vector<IndexRef>& free);

  // Adds to `free` what only versions saw that have ended since.
  void Collect(std::vector<IndexRef>& free);

  // Nodes that are kept for living versions alone.
  size_t kept(IndexRef::Kind kind) const { return kept_[static_cast<size_t>(kind)]; }

 private:
  // As a file system keeps the blocks of its snapshots: a living version has the nodes that were
  // replaced after it, and before the next living one, of those that it sees. When it ends, they go
  // to the one before it, if that sees them, or are free.
  struct Living {
    uint64_t version;
    std::shared_ptr<std::atomic<bool>> ended;
    std::vector<ReplacedNode> replaced;
  };
  void Keep(Living* living, const ReplacedNode& node, std::vector<IndexRef>& free);

  uint64_t next_ = 1;
  std::vector<Living> living_;  // ascending
  std::array<size_t, IndexRef::kKinds> kept_ = {};
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_INDEX_VERSIONS_H_
