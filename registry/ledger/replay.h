// The thorough way to bring a ledger's memory back from its store, for when an operator asks for
// it: replays every entry through the same CommitDraft that made it, and compares everything that
// comes out with what is stored. Signatures of statements are not checked again (an audit does
// that). Not for every start (reload.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_REPLAY_H_
#define TOUCHSTONE_REGISTRY_LEDGER_REPLAY_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/passport_books.h"
#include "registry/ledger/rebuilt.h"
#include "registry/ledger/tip.h"
#include "registry/storage/store.h"
#include "verifier/checkpoint.h"

namespace touchstone::ledger {

// `tip`, `directory` and `books` are empty, and of use only after OK. `earlier_size`, at most the
// checkpoint's: the tree of which the index is wanted too. kDataLoss: any row of the store, the
// checkpoints and the version apart, is not what the entries make it, is missing, or follows from
// none; or the entries are not those of `checkpoint`.
absl::StatusOr<Rebuilt> ReplayAll(const storage::Reader& store, const Checkpoint& checkpoint,
                                  std::optional<uint64_t> earlier_size, Tip& tip,
                                  Directory& directory, PassportBooks& books);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_REPLAY_H_
