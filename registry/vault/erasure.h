// Erasing documents: their keys are destroyed, in the database and with the epoch in every copy of
// it; what lives on of the same piece and owner is sealed anew. Not for who may erase (rights.h).
#ifndef TOUCHSTONE_REGISTRY_VAULT_ERASURE_H_
#define TOUCHSTONE_REGISTRY_VAULT_ERASURE_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "registry/storage/write_batch.h"
#include "registry/vault/core.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"

namespace touchstone::vault {

enum class ErasureGround { kAsked, kRetentionEnded };

// By document: the number of the entry that commits to it. It is noted as gone since that entry,
// stored or not, and cannot be stored again unless a later one commits to it.
using Doomed = std::map<Digest, uint32_t>;

// Under the bucket's lock. Commits `batch` with it. Returns what was stored and is gone, ascending.
absl::StatusOr<std::vector<Digest>> EraseDocuments(VaultCore& core, const PassportId& passport,
                                                   const Doomed& doomed, ErasureGround ground,
                                                   storage::WriteBatch& batch);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_ERASURE_H_
