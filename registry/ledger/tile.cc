#include "registry/ledger/tile.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "verifier/merkle.h"

namespace touchstone::ledger {

std::shared_ptr<const Tile> Tile::FromHashes(absl::string_view hashes) {
  auto tile = std::make_shared<Tile>();
  Digest hash;
  for (size_t i = 0; i < limits::kTileHashes; ++i) {
    std::memcpy(hash.data(), hashes.data() + i * kDigestBytes, kDigestBytes);
    tile->Append(hash);
  }
  return tile;
}

std::optional<Digest> Tile::Append(const Digest& hash) {
  size_t index = width_++;
  nodes_[index] = hash;
  for (uint32_t height = 0; index % 2 == 1; ++height) {
    const Digest parent = NodeHash(Node(height, index - 1), Node(height, index));
    if (height + 1 == kTileHeight) return parent;
    index /= 2;
    nodes_[Offset(height + 1) + index] = parent;
  }
  return std::nullopt;
}

std::string Tile::Hashes(size_t width) const {
  std::string bytes;
  bytes.reserve(width * kDigestBytes);
  for (size_t i = 0; i < width; ++i) absl::StrAppend(&bytes, DigestBytes(nodes_[i]));
  return bytes;
}

}  // namespace touchstone::ledger
