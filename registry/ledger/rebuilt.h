// What bringing a ledger's memory back from its store yields besides that memory. Not for how that
// is done (reload.h, replay.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_REBUILT_H_
#define TOUCHSTONE_REGISTRY_LEDGER_REBUILT_H_

#include <optional>
#include <string>

#include "registry/ledger/index_version.h"

namespace touchstone::ledger {

struct Rebuilt {
  std::string index_root_frame;  // of the entry at size - 1
  // The index as it was in the tree of the size that was asked for; nothing where none was.
  std::optional<IndexVersion> earlier_index;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_REBUILT_H_
