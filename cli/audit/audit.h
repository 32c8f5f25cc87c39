// The audit of a whole log: tiles, root and checkpoint, and every entry that the source gives.
#ifndef TOUCHSTONE_CLI_AUDIT_AUDIT_H_
#define TOUCHSTONE_CLI_AUDIT_AUDIT_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "cli/audit/log_replay.h"
#include "cli/audit/log_source.h"
#include "cli/client/registry_client.h"
#include "verifier/policy.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::cli {

struct AuditReport {
  VerifiedCheckpoint checkpoint;
  // Where every entry was replayed.
  std::optional<ReplayTotals> replay;
  // Where only the public entries were to be had: how many were checked.
  uint64_t public_entries = 0;
};

using AuditProgress = std::function<void(uint64_t done, uint64_t total)>;

// Everything: each entry against digests, tiles and checkpoint, and against the rules. The first
// disagreement is the error; it names the entry or the tile.
absl::StatusOr<AuditReport> AuditExport(const TrustPolicy& policy, LogSource& source,
                                        const AuditProgress& progress);

// What anybody can see: digests, tiles, checkpoint; that the stewards', participants' and index
// root entries are where the log has them, and that the index roots form one chain from the genesis
// to the checkpoint.
absl::StatusOr<AuditReport> AuditRegistry(const TrustPolicy& policy, RegistryClient& client,
                                          const AuditProgress& progress);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_AUDIT_H_
