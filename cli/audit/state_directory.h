// The directory in which an audit keeps what a later one goes on from (docs/EXPORT.md): the state,
// the leaves of the index that were audited, and every checkpoint that was seen, audited or not.
#ifndef TOUCHSTONE_CLI_AUDIT_STATE_DIRECTORY_H_
#define TOUCHSTONE_CLI_AUDIT_STATE_DIRECTORY_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/audit/audit_state.h"
#include "cli/audit/index_replica.h"
#include "cli/audit/log_continuity.h"
#include "verifier/digest.h"
#include "verifier/policy.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::cli {

// Errors of all functions name the file: InvalidArgument if it is damaged or of another log, those
// of the system otherwise.
class StateDirectory {
 public:
  // Makes the directory if it is not there. Cuts off leaves that no state counts, which an audit
  // that did not come to its end has left. FailedPrecondition: another audit is using it, or it is
  // of another log than the one with that origin and genesis.
  static absl::StatusOr<std::unique_ptr<StateDirectory>> Open(const std::string& path,
                                                              absl::string_view origin,
                                                              const Digest& genesis);
  StateDirectory(const StateDirectory&) = delete;
  StateDirectory& operator=(const StateDirectory&) = delete;
  ~StateDirectory();

  // Nothing before the first audit came to its end.
  const std::optional<AuditState>& state() const { return state_; }

  // The newest checkpoint that was seen; nothing before the first. Never older than the state.
  const std::optional<LogState>& newest() const { return newest_; }
  // To be called before anything is believed of what that checkpoint covers, so that it is not
  // forgotten where the audit does not come to its end.
  absl::Status SetNewest(const LogState& newest);

  // Keeps the note of a checkpoint that was verified under the policy, in place of an earlier note
  // of the same, unless more of the policy's witnesses have cosigned that one.
  absl::Status KeepCheckpoint(const TrustPolicy& policy, const VerifiedCheckpoint& verified,
                              absl::string_view note);
  // Where it is kept. The name has the whole root: a registry that could make two roots have one
  // name would have the second note in place of the first.
  std::string CheckpointPath(const LogState& log) const;

  // Inserts the leaves of the state into `index`, which is empty, and checks that they make the
  // state's index root.
  absl::Status LoadLeaves(IndexReplica& index);

  // Adds leaves behind those of the state, (key ‖ value)*.
  absl::Status AppendLeaves(absl::string_view leaves);

  // Makes the leaves durable, then the state that counts them, in one step.
  absl::Status Save(AuditState state);

 private:
  StateDirectory(std::string path, absl::string_view origin, const Digest& genesis, int leaves_fd)
      : path_(std::move(path)), origin_(origin), genesis_(genesis), leaves_fd_(leaves_fd) {}

  std::string StatePath() const;
  std::string NewestPath() const;
  std::string LeavesPath() const;
  absl::Status CheckIsOf(const std::string& path, absl::string_view origin,
                         const Digest& genesis) const;
  absl::Status ReadState();
  absl::Status ReadNewest();
  absl::Status CutLeaves();

  const std::string path_;
  const std::string origin_;
  const Digest genesis_;
  const int leaves_fd_;
  std::optional<AuditState> state_;
  std::optional<LogState> newest_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_STATE_DIRECTORY_H_
