// Requests to the vault: whether an envelope holds one that is well-formed, fresh, and signed by
// whom it names (docs/FORMAT.md, section 15). Whether it was made before, the vault knows; whether
// the asker may, too.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_VAULT_REQUESTS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_VAULT_REQUESTS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/view.h"
#include "registry/vault/vault.h"
#include "touchstone/v1/access.pb.h"

namespace touchstone::service {

// `asked` is what the RPC is for. Refusals: those of Envelope::Parse, CheckCanonical and
// SignedGrant::Parse; kInvalidField, naming the field; kWrongOrigin; kSurplusSignature;
// kStaleRequest; kUnknownSigner, kKeyRevoked; kBadSignature.
absl::StatusOr<vault::VaultRequest> ReadVaultRequest(const ledger::View& view,
                                                     absl::string_view envelope,
                                                     v1::VaultRequest::QueryCase asked,
                                                     absl::string_view log_origin, uint64_t now_ms);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_VAULT_REQUESTS_H_
