// Whether the checkpoint that a source shows now goes on from the one that an earlier audit ended
// with. Not for whether either was signed: both were verified.
#ifndef TOUCHSTONE_CLI_AUDIT_CHECKPOINT_CONTINUITY_H_
#define TOUCHSTONE_CLI_AUDIT_CHECKPOINT_CONTINUITY_H_

#include "absl/status/status.h"
#include "cli/audit/log_source.h"
#include "cli/audit/state_directory.h"
#include "verifier/checkpoint.h"

namespace touchstone::cli {

// `state` has a state, and keeps the notes of both. Errors: DataLoss, with both checkpoints, where
// their notes are and what to do with them, if entries were lost, hidden or rewritten; those of the
// source.
absl::Status CheckGoesOn(LogSource& source, const StateDirectory& state, const Checkpoint& now);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_CHECKPOINT_CONTINUITY_H_
