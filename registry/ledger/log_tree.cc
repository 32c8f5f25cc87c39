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

absl::Status LogTree::Restore(uint64_t size, absl::Span<const Digest> newest_digests) {
  size_ = size - newest_digests.size();
  // The levels above are made of the roots of full tiles; level 0 of the digests.
  for (uint32_t level = 1; (size_ >> (level * kTileHeight)) > 0; ++level) {
    const uint64_t hashes = size_ >> (level * kTileHeight);
    edge_.resize(level + 1);
    for (uint64_t i = hashes - hashes % limits::kTileHashes; i < hashes; ++i) {
      absl::StatusOr<std::shared_ptr<const Tile>> below = tiles_.Full(level - 1, i);
      if (!below.ok()) return below.status();
      if (edge_[level] == nullptr) edge_[level] = std::make_shared<Tile>();
      edge_[level]->Append(
          NodeHash((*below)->Node(kTileHeight - 1, 0), (*below)->Node(kTileHeight - 1, 1)));
    }
  }
  for (const Digest& digest : newest_digests) Append(digest);
  return absl::OkStatus();
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
