// The full tiles of the log's tree: read from the store, with a bounded cache of those used lately.
// Not for the tiles at the tree's right edge, which grow (log_tree.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_TILE_STORE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_TILE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "registry/ledger/lru_cache.h"
#include "registry/ledger/tile.h"
#include "registry/storage/store.h"

namespace touchstone::ledger {

// Safe to use from any thread.
class TileStore {
 public:
  // `store` must outlive it.
  TileStore(const storage::Reader& store, size_t cache_bytes)
      : store_(store), cache_(cache_bytes / sizeof(Tile)) {}

  // A tile that the caller knows to be full and stored, or remembered. Errors: as of the store;
  // kDataLoss where it is missing or of the wrong length.
  absl::StatusOr<std::shared_ptr<const Tile>> Full(uint32_t level, uint64_t index) const;

  // Keeps a tile that was just filled at hand.
  void Remember(uint32_t level, uint64_t index, std::shared_ptr<const Tile> tile) const;

  // The digests of entries 256 · index to 256 · index + 255, 32 bytes each. Errors as of Full().
  absl::StatusOr<std::string> FullDigests(uint64_t index) const;

 private:
  absl::StatusOr<std::string> Read(const std::string& key) const;

  const storage::Reader& store_;
  mutable LruCache<std::pair<uint32_t, uint64_t>, std::shared_ptr<const Tile>> cache_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_TILE_STORE_H_
