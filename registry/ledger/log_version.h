// The log's tree (RFC 6962) as it was at one size, for reading: roots, paths, tiles, whatever is
// appended meanwhile. Not for appending (log_tree.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_LOG_VERSION_H_
#define TOUCHSTONE_REGISTRY_LEDGER_LOG_VERSION_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/ledger/tile.h"
#include "registry/ledger/tile_store.h"
#include "verifier/digest.h"
#include "verifier/limits.h"

namespace touchstone::ledger {

// The digests of the newest entries, up to 256 of them. Filled as a Tile is: one thread appends,
// readers ask for what their version has.
struct DigestBundle {
  std::array<Digest, limits::kTileHashes> digests = {};
};

// The tiles that were not full at some size, by level, with the digests below level 0. A level
// without a partial tile may have none here.
struct LogEdge {
  std::vector<std::shared_ptr<const Tile>> tiles;
  std::shared_ptr<const DigestBundle> digests;
};

// May be read by any thread. Errors of its functions, besides those that they name: as of
// TileStore.
class LogVersion {
 public:
  // The tree of `size` leaves, at least one; `edge` is what it has at that size. `tiles` must
  // outlive it.
  static absl::StatusOr<LogVersion> Create(uint64_t size, LogEdge edge, const TileStore& tiles);

  uint64_t size() const { return size_; }
  const Digest& root() const { return folds_.front(); }

  // The root that the tree had at `size`. kOutOfRange unless 1 <= size <= size().
  absl::StatusOr<Digest> RootAt(uint64_t size) const;

  // RFC 6962 section 2.1.1: from the leaf's sibling up. kOutOfRange unless
  // position < tree_size <= size().
  absl::StatusOr<std::vector<Digest>> InclusionPath(uint64_t position, uint64_t tree_size) const;

  // RFC 6962 section 2.1.2. kOutOfRange unless 1 <= first <= second <= size().
  absl::StatusOr<std::vector<Digest>> ConsistencyPath(uint64_t first, uint64_t second) const;

  // `width` (1 to 256) hashes of that tile. kOutOfRange where the tree does not have so many there.
  absl::StatusOr<std::string> TileHashes(uint32_t level, uint64_t index, uint32_t width) const;

  // The same for entries: their digests, 32 bytes each.
  absl::StatusOr<std::string> EntryDigests(uint64_t index, uint32_t width) const;
  // kOutOfRange unless position < size().
  absl::StatusOr<Digest> EntryDigest(uint64_t position) const;

 private:
  // The root of a perfect subtree: leaves index << height to (index + 1) << height, all in the
  // tree.
  absl::StatusOr<Digest> Node(uint32_t height, uint64_t index) const;
  absl::StatusOr<std::shared_ptr<const Tile>> FindTile(uint32_t level, uint64_t index) const;

  // The root of leaves [begin, end), which are a subtree of RFC 6962's: begin is a multiple of the
  // largest power of two that is not larger than end - begin.
  absl::StatusOr<Digest> RangeRoot(uint64_t begin, uint64_t end) const;
  absl::Status AppendConsistency(uint64_t first, uint64_t begin, uint64_t end, bool whole,
                                 std::vector<Digest>& path) const;

  LogVersion(uint64_t size, LogEdge edge, const TileStore& tiles)
      : size_(size), edge_(std::move(edge)), tiles_(&tiles) {}

  uint64_t size_;
  LogEdge edge_;
  const TileStore* tiles_;
  // folds_[i]: the root of everything from the i-th peak on (the perfect subtrees that the leaves
  // fall into, largest first). So paths to the newest root hash nothing.
  std::vector<Digest> folds_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_LOG_VERSION_H_
