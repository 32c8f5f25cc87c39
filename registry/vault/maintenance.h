// What the vault does without being asked: it follows the log and erases what a data_erased names,
// shortens retention where a piece has changed hands, erases what has been kept long enough, and
// drops uploads that nobody goes on with.
#ifndef TOUCHSTONE_REGISTRY_VAULT_MAINTENANCE_H_
#define TOUCHSTONE_REGISTRY_VAULT_MAINTENANCE_H_

#include "absl/status/statusor.h"
#include "registry/vault/core.h"

namespace touchstone::vault {

// One round of it. False: there is more to do at once. What could not be done for one piece holds
// up no other; it is tried again in the next round, and the first such error is returned.
absl::StatusOr<bool> Maintain(VaultCore& core, NewestView newest);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_MAINTENANCE_H_
