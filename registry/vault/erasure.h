// Erasing documents: their keys are destroyed, in the database and with the epoch in every copy of
// it; what lives on of the same piece and owner is sealed anew. Not for who may erase (rights.h).
#ifndef TOUCHSTONE_REGISTRY_VAULT_ERASURE_H_
#define TOUCHSTONE_REGISTRY_VAULT_ERASURE_H_

#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "registry/storage/write_batch.h"
#include "registry/vault/core.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"

namespace touchstone::vault {

enum class ErasureGround { kAsked, kRetentionEnded };

// Under the bucket's lock. Commits `batch` with it. Returns what was stored and is gone, ascending;
// what is coming of the piece and is not whole yet goes too.
absl::StatusOr<std::vector<Digest>> EraseDocuments(VaultCore& core, const PassportId& passport,
                                                   const std::set<Digest>& documents,
                                                   ErasureGround ground,
                                                   storage::WriteBatch& batch);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_ERASURE_H_
