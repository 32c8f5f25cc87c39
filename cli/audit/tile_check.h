// Checks a log's tiles against its entries' digests: every tile of every level, and the root. What
// the entries say is cli/audit/log_replay.h's.
#ifndef TOUCHSTONE_CLI_AUDIT_TILE_CHECK_H_
#define TOUCHSTONE_CLI_AUDIT_TILE_CHECK_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "cli/audit/log_source.h"
#include "verifier/digest.h"
#include "verifier/merkle.h"

namespace touchstone::cli {

class TileCheck {
 public:
  // `source` must outlive it.
  explicit TileCheck(LogSource* source) : source_(source) {}

  // Goes on behind what was checked before, in place of an empty tree. Asks the source for the
  // partial tiles at its end. Errors: those of the source; a refusal that names the tile.
  absl::Status Resume(const MerkleFrontier& checked);

  // The digests of the next entries. Compares each tile that they fill with the source's. Errors:
  // those of the source; a refusal that names the tile.
  absl::Status Append(absl::Span<const Digest> digests);

  // Compares the partial tiles at the end.
  absl::Status Finish();

  const MerkleFrontier& tree() const { return tree_; }
  Digest Root() const { return tree_.Root(); }
  uint64_t size() const { return tree_.size(); }

 private:
  // The hashes of one level since its last full tile.
  struct Level {
    uint64_t next_tile = 0;
    std::vector<Digest> hashes;
  };

  absl::Status AppendToLevel(uint32_t level, const Digest& hash);
  absl::Status CompareTile(uint32_t level);

  LogSource* const source_;
  MerkleFrontier tree_;
  std::vector<Level> levels_;
};

// The digests in the source's entry bundle `index` of a log of `size` entries; `width` of them.
absl::StatusOr<std::vector<Digest>> ReadDigests(LogSource& source, uint64_t index, uint32_t width);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_TILE_CHECK_H_
