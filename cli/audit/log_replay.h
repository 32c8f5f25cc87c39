// Re-verifies a log from its entries alone, by the verifier's rules: every signature, every role,
// every state, every index root, the order of positions and times. Entry after entry; reading them
// from somewhere, and comparing with the checkpoint, is the caller's part.
#ifndef TOUCHSTONE_CLI_AUDIT_LOG_REPLAY_H_
#define TOUCHSTONE_CLI_AUDIT_LOG_REPLAY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/audit/index_replica.h"
#include "cli/audit/public_chains.h"
#include "verifier/claim.h"
#include "verifier/entry.h"
#include "verifier/known_claims.h"
#include "verifier/merkle.h"
#include "verifier/passport_state.h"
#include "verifier/statement.h"

namespace touchstone::cli {

struct ReplayTotals {
  uint64_t entries = 0;
  uint64_t commits = 0;  // index roots
  uint64_t passports = 0;
  uint64_t participants = 0;
  uint64_t signatures = 0;  // checked, one for each envelope that a batch signature covers too
  uint64_t index_leaves = 0;
};

class LogReplay {
 public:
  // For the log with that origin and that digest of entry 0.
  LogReplay(absl::string_view origin, const Digest& genesis);

  // The next entry, from position 0 on. After an error (a refusal that names the position) nothing
  // more can be said about the log.
  absl::Status Next(absl::string_view frame);

  // OK if the log may end here: its last entry is an index root.
  absl::Status Finish() const;

  // The root of the log's tree over all entries so far.
  Digest TreeRoot() const { return tree_.Root(); }
  uint64_t size() const { return tree_.size(); }
  ReplayTotals totals() const;
  // The leaves (key and value, in no order) that the entries of the present commit call for; of the
  // one that has just ended, if the last entry was an index root.
  const std::vector<std::pair<Digest, Digest>>& insertions() const { return insertions_; }

 private:
  absl::Status NextIndexRoot(const Entry& entry);
  absl::Status NextStatement(const Entry& entry, const Digest& digest);
  absl::Status NextOfPassport(const SignedStatement& said, const Entry& entry,
                              const EntryPlace& place);
  absl::Status ApplyToPassport(const ParsedStatement& statement, const Entry& entry,
                               const EntryPlace& place, absl::Span<const Digest> signers,
                               std::optional<PassportState> before);
  // Adds the entry's leaves to the index and the claims' events.
  absl::Status Insert(const ParsedStatement& statement, uint32_t number, const EntryPlace& place,
                      absl::Span<const ClaimStep> steps = {},
                      absl::Span<const uint32_t> claim_numbers = {});
  // `issuer`: of record.
  absl::StatusOr<std::vector<uint32_t>> NumberSteps(const ParsedStatement& statement,
                                                    absl::string_view issuer,
                                                    absl::Span<const ClaimStep> steps) const;

  const std::string origin_;
  const Digest genesis_;
  MerkleFrontier tree_;
  IndexReplica index_;
  std::vector<std::pair<Digest, Digest>> insertions_;
  uint64_t last_time_ms_ = 0;
  uint64_t last_index_root_;
  bool ended_by_index_root_ = false;
  uint64_t commits_ = 0;
  PublicChains chains_;
  // Encoded, since there may be millions and most are never looked at again.
  absl::flat_hash_map<std::string, std::string> passports_;
  absl::flat_hash_map<std::string, std::vector<KnownClaimEvent>> claims_;  // by kind ‖ subject
  absl::flat_hash_map<Digest, ReleaseTerms> release_terms_;  // by the entry that releases
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_LOG_REPLAY_H_
