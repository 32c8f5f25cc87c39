#include "registry/ledger/log_tree.h"

#include <optional>
#include <utility>

#include "verifier/merkle.h"

namespace touchstone::ledger {

void LogTree::Append(const Digest& entry_digest) {
  const size_t in_bundle = size_ % limits::kTileHashes;
  if (in_bundle == 0) digests_ = std::make_shared<DigestBundle>();
  digests_->digests[in_bundle] = entry_digest;
  AppendHash(0, LeafHash(DigestBytes(entry_digest)));
  ++size_;
}

void LogTree::AppendHash(uint32_t level, const Digest& hash) {
  if (edge_.size() == level) edge_.push_back(nullptr);
  if (edge_[level] == nullptr) edge_[level] = std::make_shared<Tile>();
  const std::optional<Digest> root = edge_[level]->Append(hash);
  if (!root) return;
  // size_ does not count the entry that is being appended yet.
  const uint64_t index = size_ >> ((level + 1) * kTileHeight);
  // A version that ends within this tile keeps it; nobody appends to it any more.
  std::shared_ptr<const Tile> tile = std::exchange(edge_[level], nullptr);
  tiles_.Remember(level, index, tile);
  full_.push_back({level, index, std::move(tile), level == 0 ? digests_ : nullptr});
  AppendHash(level + 1, *root);
}

absl::StatusOr<LogVersion> LogTree::Version() const {
  LogEdge edge;
  edge.tiles.assign(edge_.begin(), edge_.end());
  edge.digests = digests_;
  return LogVersion::Create(size_, std::move(edge), tiles_);
}

std::vector<FullTile> LogTree::TakeFullTiles() { return std::exchange(full_, {}); }

}  // namespace touchstone::ledger
