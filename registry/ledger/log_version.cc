#include "registry/ledger/log_version.h"

#include <bit>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/merkle.h"

namespace touchstone::ledger {
namespace {

// A perfect subtree, as LogVersion::Node() names it.
struct Subtree {
  uint32_t height;
  uint64_t index;
};

// The perfect subtrees that the leaves [begin, end) fall into, from left to right; the range is as
// for RangeRoot().
std::vector<Subtree> Peaks(uint64_t begin, uint64_t end) {
  std::vector<Subtree> peaks;
  while (begin < end) {
    const auto height = static_cast<uint32_t>(std::bit_width(end - begin) - 1);
    peaks.push_back({height, begin >> height});
    begin += uint64_t{1} << height;
  }
  return peaks;
}

// The largest power of two that is less than `n`, at least 2.
uint64_t SplitPoint(uint64_t n) { return std::bit_floor(n - 1); }

absl::Status BeyondTree(uint64_t size) {
  return absl::OutOfRangeError(absl::StrCat("the log has ", size, " entries here"));
}

}  // namespace

absl::StatusOr<LogVersion> LogVersion::Create(uint64_t size, LogEdge edge, const TileStore& tiles) {
  LogVersion version(size, std::move(edge), tiles);
  const std::vector<Subtree> peaks = Peaks(0, size);
  version.folds_.resize(peaks.size());
  for (size_t i = peaks.size(); i-- > 0;) {
    absl::StatusOr<Digest> peak = version.Node(peaks[i].height, peaks[i].index);
    if (!peak.ok()) return peak.status();
    version.folds_[i] = i + 1 == peaks.size() ? *peak : NodeHash(*peak, version.folds_[i + 1]);
  }
  return version;
}

absl::StatusOr<Digest> LogVersion::RootAt(uint64_t size) const {
  if (size == 0 || size > size_) return BeyondTree(size_);
  return size == size_ ? root() : RangeRoot(0, size);
}

absl::StatusOr<std::vector<Digest>> LogVersion::InclusionPath(uint64_t position,
                                                              uint64_t tree_size) const {
  if (tree_size > size_ || position >= tree_size) return BeyondTree(size_);
  const std::vector<Subtree> peaks = Peaks(0, tree_size);
  size_t own = 0;  // the peak above the entry
  while (position >> peaks[own].height != peaks[own].index) ++own;

  std::vector<Digest> path;
  const auto append = [&path](absl::StatusOr<Digest> node) {
    if (node.ok()) path.push_back(*node);
    return std::move(node).status();
  };
  for (uint32_t height = 0; height < peaks[own].height; ++height) {
    absl::Status status = append(Node(height, (position >> height) ^ 1));
    if (!status.ok()) return status;
  }
  if (own + 1 < peaks.size()) {  // everything to the right
    const uint64_t begin = (peaks[own].index + 1) << peaks[own].height;
    absl::Status status =
        append(tree_size == size_ ? folds_[own + 1] : RangeRoot(begin, tree_size));
    if (!status.ok()) return status;
  }
  for (size_t i = own; i-- > 0;) {
    absl::Status status = append(Node(peaks[i].height, peaks[i].index));
    if (!status.ok()) return status;
  }
  return path;
}

absl::StatusOr<std::vector<Digest>> LogVersion::ConsistencyPath(uint64_t first,
                                                                uint64_t second) const {
  if (first == 0 || first > second || second > size_) return BeyondTree(size_);
  std::vector<Digest> path;
  absl::Status status = AppendConsistency(first, 0, second, /*whole=*/true, path);
  if (!status.ok()) return status;
  return path;
}

// SUBPROOF of RFC 6962 section 2.1.2 for the subtree over [begin, end), of which the old tree holds
// `first` leaves; `whole`: the old tree ends in it and has been one whole subtree so far, so that
// its root is known.
absl::Status LogVersion::AppendConsistency(uint64_t first, uint64_t begin, uint64_t end, bool whole,
                                           std::vector<Digest>& path) const {
  if (first == end - begin) {
    if (whole) return absl::OkStatus();
    absl::StatusOr<Digest> root = RangeRoot(begin, end);
    if (root.ok()) path.push_back(*root);
    return std::move(root).status();
  }
  const uint64_t left = SplitPoint(end - begin);
  const bool in_left = first <= left;
  absl::Status status =
      in_left ? AppendConsistency(first, begin, begin + left, whole, path)
              : AppendConsistency(first - left, begin + left, end, /*whole=*/false, path);
  if (!status.ok()) return status;
  absl::StatusOr<Digest> other =
      in_left ? RangeRoot(begin + left, end) : RangeRoot(begin, begin + left);
  if (other.ok()) path.push_back(*other);
  return std::move(other).status();
}

absl::StatusOr<std::string> LogVersion::TileHashes(uint32_t level, uint64_t index,
                                                   uint32_t width) const {
  const uint64_t hashes = level * kTileHeight >= 64 ? 0 : size_ >> (level * kTileHeight);
  const uint64_t before = index * limits::kTileHashes;
  if (index >= hashes || before >= hashes || hashes - before < width) return BeyondTree(size_);
  absl::StatusOr<std::shared_ptr<const Tile>> tile = FindTile(level, index);
  if (!tile.ok()) return tile.status();
  return (*tile)->Hashes(width);
}

absl::StatusOr<std::string> LogVersion::EntryDigests(uint64_t index, uint32_t width) const {
  const uint64_t before = index * limits::kTileHashes;
  if (index >= size_ || before >= size_ || size_ - before < width) return BeyondTree(size_);
  if (index < size_ / limits::kTileHashes) {
    absl::StatusOr<std::string> full = tiles_->FullDigests(index);
    if (full.ok()) full->resize(width * kDigestBytes);
    return full;
  }
  std::string digests;
  for (size_t i = 0; i < width; ++i)
    absl::StrAppend(&digests, DigestBytes(edge_.digests->digests[i]));
  return digests;
}

absl::StatusOr<Digest> LogVersion::EntryDigest(uint64_t position) const {
  if (position >= size_) return BeyondTree(size_);
  const size_t in_bundle = position % limits::kTileHashes;
  absl::StatusOr<std::string> digests =
      EntryDigests(position / limits::kTileHashes, static_cast<uint32_t>(in_bundle + 1));
  if (!digests.ok()) return digests.status();
  return DigestFromBytes(absl::string_view(*digests).substr(in_bundle * kDigestBytes));
}

absl::StatusOr<Digest> LogVersion::Node(uint32_t height, uint64_t index) const {
  const uint32_t level = height / kTileHeight;
  const uint32_t within = height % kTileHeight;
  const uint32_t nodes_bits = kTileHeight - within;  // the tile has 2^nodes_bits nodes so high
  absl::StatusOr<std::shared_ptr<const Tile>> tile = FindTile(level, index >> nodes_bits);
  if (!tile.ok()) return tile.status();
  return (*tile)->Node(within, index & ((uint64_t{1} << nodes_bits) - 1));
}

absl::StatusOr<std::shared_ptr<const Tile>> LogVersion::FindTile(uint32_t level,
                                                                 uint64_t index) const {
  const uint32_t leaves_bits = (level + 1) * kTileHeight;  // a full tile covers 2^leaves_bits
  const uint64_t full_tiles = leaves_bits >= 64 ? 0 : size_ >> leaves_bits;
  if (index >= full_tiles) return edge_.tiles[level];
  return tiles_->Full(level, index);
}

absl::StatusOr<Digest> LogVersion::RangeRoot(uint64_t begin, uint64_t end) const {
  const std::vector<Subtree> peaks = Peaks(begin, end);
  absl::StatusOr<Digest> fold = Node(peaks.back().height, peaks.back().index);
  for (size_t i = peaks.size() - 1; i-- > 0 && fold.ok();) {
    absl::StatusOr<Digest> peak = Node(peaks[i].height, peaks[i].index);
    if (!peak.ok()) return peak;
    fold = NodeHash(*peak, *fold);
  }
  return fold;
}

}  // namespace touchstone::ledger
