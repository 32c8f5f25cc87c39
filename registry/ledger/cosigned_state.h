// The state of the last cosigned checkpoint, put together again from the store at a start. Not for
// whether its cosignatures count (recovery.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_COSIGNED_STATE_H_
#define TOUCHSTONE_REGISTRY_LEDGER_COSIGNED_STATE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "registry/ledger/log_version.h"
#include "registry/ledger/published.h"
#include "registry/ledger/recovery.h"

namespace touchstone::ledger {

// `newest` is the log as it is now. kDataLoss: the checkpoint is none of that log's, or `cosigned`
// has another index than the one whose root that signs.
absl::StatusOr<std::unique_ptr<const Published>> RestoreCosigned(const Shared& shared,
                                                                 RecoveredCosigned cosigned,
                                                                 const LogVersion& newest);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_COSIGNED_STATE_H_
