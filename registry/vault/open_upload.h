// Begins to take a document in, or goes on with it; and says what is stored of one. What vault.cc
// does once it knows that the asker may.
#ifndef TOUCHSTONE_REGISTRY_VAULT_OPEN_UPLOAD_H_
#define TOUCHSTONE_REGISTRY_VAULT_OPEN_UPLOAD_H_

#include <memory>

#include "absl/status/statusor.h"
#include "registry/storage/write_batch.h"
#include "registry/vault/core.h"
#include "registry/vault/upload.h"
#include "touchstone/v1/access.pb.h"

namespace touchstone::vault {

// Both under the bucket's lock.

// Commits `batch` with what it writes. Errors: those of Vault::Put.
absl::StatusOr<std::unique_ptr<Upload>> OpenUpload(VaultCore& core, const Papers& papers,
                                                   const Paper& paper, const v1::PutDocument& put,
                                                   storage::WriteBatch& batch);

absl::StatusOr<ListedDocument> DescribeDocument(const VaultCore& core, const PassportId& passport,
                                                const Paper& paper, bool readable);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_OPEN_UPLOAD_H_
