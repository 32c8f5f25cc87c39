// The audit of a whole log: tiles, root and checkpoint, every commit's insertions into the index,
// and every entry that the source gives.
#ifndef TOUCHSTONE_CLI_AUDIT_AUDIT_H_
#define TOUCHSTONE_CLI_AUDIT_AUDIT_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "cli/audit/commit_audit.h"
#include "cli/audit/log_replay.h"
#include "cli/audit/log_source.h"
#include "cli/audit/state_directory.h"
#include "verifier/policy.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::cli {

struct AuditReport {
  VerifiedCheckpoint checkpoint;
  CheckedCommits checked;  // from the beginning of the log on
  // How much of the log an earlier audit had checked; 0 for none.
  uint64_t audited_before = 0;
  // Where every entry was replayed.
  std::optional<ReplayTotals> replay;
};

// How many entries have been checked, of how many; the first call says where it begins.
using AuditProgress = std::function<void(uint64_t done, uint64_t total)>;

// What anybody can see: digests, tiles and checkpoint; that the stewards', participants' and index
// root entries are where the log has them and in the index, and the former signed and allowed by
// the rules; that each index root follows from the
// one before and from what its commit inserted. Where the source has the contents of all entries,
// also that each is allowed by the rules, and that exactly what they call for was inserted. The
// first disagreement is the error; it names the commit, the entry or the tile.
//
// With a `state` (may be null; not with a source that has all contents) it goes on from an earlier
// audit's, after checking that the log still contains it, and leaves its own there.
absl::StatusOr<AuditReport> AuditLog(const TrustPolicy& policy, LogSource& source,
                                     StateDirectory* state, const AuditProgress& progress);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_AUDIT_H_
