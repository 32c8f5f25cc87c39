// What an operator is told of a database that does not hold what its own checkpoint says.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_CONTRADICTION_H_
#define TOUCHSTONE_REGISTRY_LEDGER_CONTRADICTION_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone::ledger {

// kDataLoss, with the way out.
absl::Status Contradiction(absl::string_view what);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_CONTRADICTION_H_
