#include "cli/audit/tile_check.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/tlog_tiles.h"

namespace touchstone::cli {

absl::Status TileCheck::Resume(const MerkleFrontier& checked) {
  tree_ = checked;
  levels_.clear();
  // A partial tile of level L has one hash for each leaf that eight bits of the size count, and so
  // the peaks of those bits.
  absl::Span<const Digest> peaks = checked.peaks();
  uint64_t hashes = checked.size();
  for (uint32_t level = 0; hashes > 0; ++level, hashes /= limits::kTileHashes) {
    levels_.push_back({hashes / limits::kTileHashes, {}});
    const uint32_t width = PartialTileWidth(checked.size(), level);
    if (width == 0) continue;
    const TileName name = {level, levels_.back().next_tile, width};
    const absl::StatusOr<std::string> bytes = source_->Tile(name);
    if (!bytes.ok()) return bytes.status();
    absl::StatusOr<std::vector<Digest>> tile = DecodeTile(*bytes, width);
    if (!tile.ok()) return InContext(FormatTilePath(name), tile.status());
    MerkleFrontier partial;
    for (const Digest& hash : *tile) partial.Append(hash);
    const size_t count = partial.peaks().size();
    if (absl::MakeConstSpan(partial.peaks()) != peaks.last(count)) {
      return Refuse(RefusalCode::kBadConsistencyProof,
                    absl::StrCat(FormatTilePath(name), ": its hashes are not those of the ",
                                 checked.size(), " entries that were audited before"));
    }
    peaks.remove_suffix(count);
    levels_.back().hashes = *std::move(tile);
  }
  return absl::OkStatus();
}

absl::Status TileCheck::Append(absl::Span<const Digest> digests) {
  for (const Digest& digest : digests) {
    const Digest leaf = LeafHash(DigestBytes(digest));
    tree_.Append(leaf);
    const absl::Status status = AppendToLevel(0, leaf);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status TileCheck::AppendToLevel(uint32_t level, const Digest& hash) {
  if (levels_.size() <= level) levels_.resize(level + 1);
  levels_[level].hashes.push_back(hash);
  if (levels_[level].hashes.size() < limits::kTileHashes) return absl::OkStatus();
  const absl::Status status = CompareTile(level);
  if (!status.ok()) return status;
  // A full tile is one hash of the level above: the root over its 256.
  MerkleFrontier tile;
  for (const Digest& child : levels_[level].hashes) tile.Append(child);
  levels_[level].hashes.clear();
  ++levels_[level].next_tile;
  return AppendToLevel(level + 1, tile.Root());
}

absl::Status TileCheck::CompareTile(uint32_t level) {
  const std::vector<Digest>& expected = levels_[level].hashes;
  const TileName name = {level, levels_[level].next_tile, static_cast<uint32_t>(expected.size())};
  const absl::StatusOr<std::string> bytes = source_->Tile(name);
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<std::vector<Digest>> tile = DecodeTile(*bytes, name.width);
  if (!tile.ok()) return InContext(FormatTilePath(name), tile.status());
  for (size_t i = 0; i < expected.size(); ++i) {
    if ((*tile)[i] == expected[i]) continue;
    return Refuse(RefusalCode::kBadInclusionProof,
                  absl::StrCat(FormatTilePath(name), ": hash ", i, " is ", DigestToHex((*tile)[i]),
                               "; the entries make ", DigestToHex(expected[i])));
  }
  return absl::OkStatus();
}

absl::Status TileCheck::Finish() {
  for (uint32_t level = 0; level < levels_.size(); ++level) {
    if (levels_[level].hashes.empty()) continue;
    const absl::Status status = CompareTile(level);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Digest>> ReadDigests(LogSource& source, uint64_t index, uint32_t width) {
  const TileName name = {std::nullopt, index, width};
  const absl::StatusOr<std::string> bytes = source.Tile(name);
  if (!bytes.ok()) return bytes.status();
  const auto entries = DecodeEntryBundle(*bytes, width);
  if (!entries.ok()) return InContext(FormatTilePath(name), entries.status());
  std::vector<Digest> digests;
  for (const absl::string_view entry : *entries) {
    const absl::StatusOr<Digest> digest = DigestFromBytes(entry);
    if (!digest.ok()) return InContext(FormatTilePath(name), digest.status());
    digests.push_back(*digest);
  }
  return digests;
}

}  // namespace touchstone::cli
