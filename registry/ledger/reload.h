// The quick way to bring a ledger's memory back from its store, which every start takes: the index
// from what commits inserted, the log's tree from its tiles, the directory from its chains. It
// proves that the three belong together and to the signed checkpoint; it does not read what only
// pieces' entries say. Not for that (replay.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_RELOAD_H_
#define TOUCHSTONE_REGISTRY_LEDGER_RELOAD_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/rebuilt.h"
#include "registry/ledger/tip.h"
#include "registry/storage/store.h"
#include "verifier/checkpoint.h"

namespace touchstone::ledger {

// `tip` and `directory` are empty, and of use only after OK. `earlier_size`, at most the
// checkpoint's: the tree of which the index is wanted too. What it finds out (kDataLoss):
//   the log    the newest entries and the tiles along the right edge make the checkpoint's root;
//              no entry lies behind it; the last is an index root.
//   the index  the insertions of all commits make that index root; their last two rows stand where
//              the last two index roots stand, and the last has the leaf of every entry of the
//              last commit.
//   the directory  every entry of the stewards and of each participant who has one is the log's
//              and the index's, and the index has no further one.
// What only a replay finds out: changes to entries of pieces and to tiles and digests further left,
// to lookups (the opened leaves of pieces and claims, serials, lists of pieces and of public
// entries), and the lookups of a participant being gone altogether. A reader who asks for such a
// thing is refused, or gets proofs that do not verify; a commit that needs it stops.
absl::StatusOr<Rebuilt> Reload(const storage::Reader& store, const Checkpoint& checkpoint,
                               std::optional<uint64_t> earlier_size, Tip& tip,
                               Directory& directory);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_RELOAD_H_
