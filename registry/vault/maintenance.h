// What the vault does without being asked: it follows the log and erases what a data_erased names,
// shortens retention where a piece has changed hands, erases what has been kept long enough, and
// drops uploads that nobody goes on with.
#ifndef TOUCHSTONE_REGISTRY_VAULT_MAINTENANCE_H_
#define TOUCHSTONE_REGISTRY_VAULT_MAINTENANCE_H_

#include "absl/status/statusor.h"
#include "registry/ledger/view.h"
#include "registry/vault/core.h"

namespace touchstone::vault {

// One round of it. False: there is more to do at once. A round that fails is gone on with by the
// next: everything is done before it is noted as done.
absl::StatusOr<bool> Maintain(VaultCore& core, const ledger::View& view);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_MAINTENANCE_H_
