// What an audit remembers for a later one to go on from, and the texts in which it is kept. Not for
// the files (cli/audit/state_directory.h).
#ifndef TOUCHSTONE_CLI_AUDIT_AUDIT_STATE_H_
#define TOUCHSTONE_CLI_AUDIT_AUDIT_STATE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/audit/commit_audit.h"
#include "cli/audit/log_continuity.h"
#include "verifier/digest.h"
#include "verifier/merkle.h"

namespace touchstone::cli {

// The entries of stewards and participants so far, as they are kept: (u16 length ‖ frame)*.
struct KeptChains {
  uint64_t bytes = 0;
  Digest digest = {};  // zeros; then SHA-256(the one before ‖ the entry's digest) for each

  friend bool operator==(const KeptChains&, const KeptChains&) = default;
};

struct AuditState {
  std::string origin;
  Digest genesis = {};
  MerkleFrontier tree;  // of the whole log that was audited
  CheckedCommits checked;
  KeptChains chains;
};

// The newest checkpoint that was seen, whether or not the audit of it came to its end.
struct NewestSeen {
  std::string origin;
  Digest genesis = {};
  LogState log;
};

// An origin, 63 peaks and some lines more.
inline constexpr size_t kAuditStateBytesMax = size_t{8} << 10;

// A line for each field, the last one a checksum over those before it, so that a damaged file is
// not mistaken for a lying registry.
std::string FormatAuditState(const AuditState& state);

// Reads exactly what FormatAuditState writes of a state whose parts agree with each other.
// InvalidArgument otherwise.
absl::StatusOr<AuditState> ParseAuditState(absl::string_view text);

// The same of the newest that was seen.
std::string FormatNewestSeen(const NewestSeen& seen);
absl::StatusOr<NewestSeen> ParseNewestSeen(absl::string_view text);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_AUDIT_STATE_H_
