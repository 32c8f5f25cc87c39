// A tile of the log's tree with the nodes inside it: up to 256 hashes of one level, and the hashes
// above them up to, and not including, the tile's root. Not for where tiles are kept
// (tile_store.h) or how they make a tree (log_tree.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_TILE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_TILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/limits.h"

namespace touchstone::ledger {

// Tiles are 8 levels of the tree high: the hashes of tile level L are the nodes of height 8·L.
inline constexpr uint32_t kTileHeight = 8;
static_assert(limits::kTileHashes == size_t{1} << kTileHeight);

// It is filled by one thread while others read it: a hash never changes once it is there, and a
// reader asks only for those that were there when its view was published.
class Tile {
 public:
  Tile() = default;
  Tile(const Tile&) = delete;
  Tile& operator=(const Tile&) = delete;

  // A full tile of its 256 hashes, 32 bytes each.
  static std::shared_ptr<const Tile> FromHashes(absl::string_view hashes);

  // Adds the next hash, and every node above that it completes. Returns the tile's root with the
  // 256th, after which nothing can be added.
  std::optional<Digest> Append(const Digest& hash);

  // The node at `height` (0 to 7) above the tile's hashes, the `index`-th (below 256 >> height) in
  // the tile.
  const Digest& Node(uint32_t height, size_t index) const { return nodes_[Offset(height) + index]; }

  // The first `width` hashes, 32 bytes each.
  std::string Hashes(size_t width) const;

 private:
  // Heights lie one after the other: 256 hashes, 128 nodes, ... 2 nodes.
  static constexpr size_t Offset(uint32_t height) { return 512 - (size_t{512} >> height); }
  static constexpr size_t kNodes = 256 + 128 + 64 + 32 + 16 + 8 + 4 + 2;

  size_t width_ = 0;  // the appending thread's own
  std::array<Digest, kNodes> nodes_ = {};
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_TILE_H_
