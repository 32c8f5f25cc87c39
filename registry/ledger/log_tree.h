// The growing edge of the log's tree: appends entries, hashing each node once, and hands out the
// tiles that became full, which are stored with the commit that filled them. One thread appends.
// Not for reading (log_version.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_LOG_TREE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_LOG_TREE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "registry/ledger/log_version.h"
#include "registry/ledger/tile.h"
#include "registry/ledger/tile_store.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

struct FullTile {
  uint32_t level = 0;
  uint64_t index = 0;
  std::shared_ptr<const Tile> tile;
  std::shared_ptr<const DigestBundle> digests;  // of the entries; level 0 only
};

class LogTree {
 public:
  // Empty. `tiles` must outlive it; it remembers each tile that becomes full.
  explicit LogTree(const TileStore& tiles) : tiles_(tiles) {}

  // Makes an empty one the tree of `size` leaves, from the full tiles that are stored;
  // `newest_digests` are those of the entries behind the last full one. Reads the tiles along the
  // right edge only. Errors: as of TileStore.
  absl::Status Restore(uint64_t size, absl::Span<const Digest> newest_digests);

  void Append(const Digest& entry_digest);
  uint64_t size() const { return size_; }

  // The tree as it is now, which must hold a leaf.
  absl::StatusOr<LogVersion> Version() const;

  // The tiles that became full since the last call, by level and index ascending within each.
  std::vector<FullTile> TakeFullTiles();

 private:
  void AppendHash(uint32_t level, const Digest& hash);

  const TileStore& tiles_;
  uint64_t size_ = 0;
  std::vector<std::shared_ptr<Tile>> edge_;  // by level
  std::shared_ptr<DigestBundle> digests_;
  std::vector<FullTile> full_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_LOG_TREE_H_
