// What one published state of the log consists of, and where it reads the rest from: the inside of
// a View. Made by the commit, never changed.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_PUBLISHED_H_
#define TOUCHSTONE_REGISTRY_LEDGER_PUBLISHED_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/index_version.h"
#include "registry/ledger/log_version.h"
#include "registry/ledger/passport_books.h"
#include "registry/ledger/rows.h"
#include "registry/storage/store.h"
#include "verifier/checkpoint.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

// The parts of a ledger that all of its views share. They outlive the views.
struct Shared {
  // Conceals the store's errors.
  const storage::Reader& store;
  const TileStore& tiles;
  const Directory& directory;
  PassportBooks& books;
  // Whether witnesses are asked, so that a checkpoint is provisional until they have cosigned it.
  bool asks_witnesses = false;
};

struct Published {
  // The state that `checkpoint_note` signs as `checkpoint`, and `log` is the tree of; its last
  // entry, the index root of `index`, has `index_root_frame` and `time_ms`. `shared` must outlive
  // it.
  static absl::StatusOr<std::unique_ptr<const Published>> Create(
      const Shared& shared, Checkpoint checkpoint, std::string checkpoint_note, LogVersion log,
      IndexVersion index, uint64_t time_ms, absl::string_view index_root_frame);

  // The same state under a note that bears cosignatures: a quorum of them if `cosigned`.
  std::unique_ptr<const Published> WithNote(std::string note, bool is_cosigned) const;

  const Shared& shared;
  Checkpoint checkpoint;
  std::string checkpoint_note;
  LogVersion log;
  IndexVersion index;
  uint64_t time_ms = 0;
  // The bytes with which every passport, cards file and receipt of this state begins: the fields
  // checkpoint and index_root, which are the same in all of them.
  std::string checkpoint_fields;
  // Whether a quorum of the registry's witnesses has cosigned the note.
  bool cosigned = false;

  uint64_t size() const { return checkpoint.size(); }
  // Whether witnesses are asked and have not cosigned it yet.
  bool provisional() const { return shared.asks_witnesses && !cosigned; }
  // What the rows said when this was published.
  Rows rows() const { return Rows(shared.store, size()); }
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_PUBLISHED_H_
