// The directory in which an audit keeps what a later one goes on from (docs/EXPORT.md): the state,
// the leaves of the index and the public entries that were audited, and every checkpoint that was
// seen, audited or not.
#ifndef TOUCHSTONE_CLI_AUDIT_STATE_DIRECTORY_H_
#define TOUCHSTONE_CLI_AUDIT_STATE_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/audit/audit_state.h"
#include "cli/audit/index_replica.h"
#include "cli/audit/log_continuity.h"
#include "cli/audit/public_chains.h"
#include "verifier/digest.h"
#include "verifier/merkle.h"
#include "verifier/policy.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::cli {

// Errors of all functions name the file: InvalidArgument if it is damaged or of another log, those
// of the system otherwise.
class StateDirectory {
 public:
  // Makes the directory if it is not there. Cuts off what no state counts, which an audit that did
  // not come to its end has left. FailedPrecondition: another audit is using it, or it is
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

  // Gives `chains`, which has none, the state's entries of stewards and participants again.
  absl::Status LoadChains(PublicChains& chains);

  // Adds what one more commit has: leaves, (key ‖ value)*, and the frames of such entries.
  absl::Status AppendCommit(absl::string_view leaves, absl::Span<const std::string> chain_frames);

  // Makes what was added durable, then the state that counts it, in one step.
  absl::Status Save(const MerkleFrontier& tree, const CheckedCommits& checked);

 private:
  StateDirectory(std::string path, absl::string_view origin, const Digest& genesis)
      : path_(std::move(path)), origin_(origin), genesis_(genesis) {}

  // A file that grows audit after audit.
  struct Growing {
    std::string path;
    int fd = -1;
  };

  static absl::Status OpenGrowing(Growing* file);
  // Leaves `wanted` bytes of it.
  static absl::Status Cut(const Growing& file, uint64_t wanted);

  std::string StatePath() const;
  std::string NewestPath() const;
  absl::Status CheckIsOf(const std::string& path, absl::string_view origin,
                         const Digest& genesis) const;
  absl::Status ReadState();
  absl::Status ReadNewest();
  absl::StatusOr<std::string> ReadChainFrame(uint64_t* rest) const;

  const std::string path_;
  const std::string origin_;
  const Digest genesis_;
  Growing leaves_;
  Growing chains_;
  KeptChains kept_chains_;  // those added since the state too
  std::optional<AuditState> state_;
  std::optional<LogState> newest_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_STATE_DIRECTORY_H_
