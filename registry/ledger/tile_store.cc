#include "registry/ledger/tile_store.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/schema.h"
#include "verifier/merkle.h"

namespace touchstone::ledger {
namespace {

constexpr size_t kFullTileBytes = limits::kTileHashes * kDigestBytes;

// What level 0 holds for 256 digests of entries: their leaf hashes.
std::string LeafHashes(absl::string_view digests) {
  std::string hashes;
  hashes.reserve(kFullTileBytes);
  for (size_t at = 0; at < digests.size(); at += kDigestBytes) {
    const Digest hash = LeafHash(digests.substr(at, kDigestBytes));
    absl::StrAppend(&hashes, DigestBytes(hash));
  }
  return hashes;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Tile>> TileStore::Full(uint32_t level, uint64_t index) const {
  const std::pair<uint32_t, uint64_t> name(level, index);
  if (auto cached = cache_.Find(name)) return *std::move(cached);
  absl::StatusOr<std::string> bytes =
      level == 0 ? FullDigests(index) : Read(schema::TileKey(level, index));
  if (!bytes.ok()) return bytes.status();
  std::shared_ptr<const Tile> tile = Tile::FromHashes(level == 0 ? LeafHashes(*bytes) : *bytes);
  cache_.Put(name, tile);
  return tile;
}

void TileStore::Remember(uint32_t level, uint64_t index, std::shared_ptr<const Tile> tile) const {
  cache_.Put({level, index}, std::move(tile));
}

absl::StatusOr<std::string> TileStore::FullDigests(uint64_t index) const {
  return Read(schema::DigestsKey(index));
}

absl::StatusOr<std::string> TileStore::Read(const std::string& key) const {
  absl::StatusOr<std::string> bytes = store_.Get(key);
  if (absl::IsNotFound(bytes.status()) || (bytes.ok() && bytes->size() != kFullTileBytes)) {
    return absl::DataLossError(
        absl::StrCat("the tile ", schema::DescribeKey(key), " is missing or damaged"));
  }
  return bytes;
}

}  // namespace touchstone::ledger
