// Where the log ends: what the next commit is appended to. The commit thread's own (in recovery,
// the one that replays). Not for reading (view.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_TIP_H_
#define TOUCHSTONE_REGISTRY_LEDGER_TIP_H_

#include <cstdint>
#include <utility>

#include "registry/ledger/index_tree.h"
#include "registry/ledger/log_tree.h"
#include "verifier/entry.h"

namespace touchstone::ledger {

struct Tip {
  explicit Tip(const TileStore& tiles, IndexTreeOptions index_options = {})
      : log(tiles), index(std::move(index_options)) {}

  LogTree log;
  IndexTree index;
  uint64_t time_ms = 0;  // of the newest entry
  uint64_t last_index_root = IndexRootPayload::kNone;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_TIP_H_
