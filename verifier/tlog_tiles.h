// Where a log's tiles lie and how bundles of entries are written (C2SP tlog-tiles). Not for
// fetching them, nor for hashing them into a tree (verifier/merkle.h).
#ifndef TOUCHSTONE_VERIFIER_TLOG_TILES_H_
#define TOUCHSTONE_VERIFIER_TLOG_TILES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/digest.h"

namespace touchstone {

// A tile (hashes of one level), or a bundle of entries, named by its place.
struct TileName {
  std::optional<uint32_t> level;  // 0 to 63; nothing for an entry bundle
  uint64_t index = 0;
  uint32_t width = 256;  // 1 to 255 for a partial one, 256 for a full one

  friend bool operator==(const TileName& a, const TileName& b) {
    return a.level == b.level && a.index == b.index && a.width == b.width;
  }
};

// "tile/0/x001/x234/067", "tile/entries/000.p/12". `name` must be in the ranges above.
std::string FormatTilePath(const TileName& name);

// Reads only what FormatTilePath writes; kMalformed otherwise.
absl::StatusOr<TileName> ParseTilePath(absl::string_view path);

// How many hashes of `level` a log of `tree_size` entries holds beyond its full tiles: 0 to 255,
// where 0 means that there is no partial tile.
uint32_t PartialTileWidth(uint64_t tree_size, uint32_t level);

// The hashes of a tile of that name: 1 to 256 of 32 bytes, exactly `width`. kMalformed otherwise.
absl::StatusOr<std::vector<Digest>> DecodeTile(absl::string_view bytes, uint32_t width);

// (u16 big-endian length ‖ entry)*. Entries are at most 65535 bytes, and 1 to 256 to a bundle;
// kMalformed otherwise.
absl::StatusOr<std::string> EncodeEntryBundle(absl::Span<const absl::string_view> entries);

// Exactly `width` entries that fill `bytes`; the views point into `bytes`. kMalformed otherwise.
absl::StatusOr<std::vector<absl::string_view>> DecodeEntryBundle(absl::string_view bytes,
                                                                 uint32_t width);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_TLOG_TILES_H_
