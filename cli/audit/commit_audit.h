// Checks a log commit by commit from what is public of it: the entries of stewards and
// participants, the index roots, and the leaves that each commit inserted into the index. Shows
// that nothing was ever taken out of the index, changed in it or left out of it, and that those
// entries are signed and allowed by the rules; not what the entries of passports say
// (cli/audit/log_replay.h).
#ifndef TOUCHSTONE_CLI_AUDIT_COMMIT_AUDIT_H_
#define TOUCHSTONE_CLI_AUDIT_COMMIT_AUDIT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/audit/index_replica.h"
#include "cli/audit/log_source.h"
#include "cli/audit/page_cursor.h"
#include "cli/audit/public_chains.h"
#include "verifier/digest.h"
#include "verifier/entry.h"
#include "verifier/index_hash.h"
#include "verifier/index_insertions.h"

namespace touchstone::cli {

// key[32] ‖ value[32].
inline constexpr size_t kIndexLeafBytes = 2 * kDigestBytes;

// What has been checked, up to the end of some commit.
struct CheckedCommits {
  uint64_t index_root_position = IndexRootPayload::kNone;  // of the last one
  uint64_t time_ms = 0;                                    // its
  Digest index_root = kEmptyIndexNode;
  uint64_t commits = 0;
  uint64_t public_entries = 0;
  uint64_t leaves = 0;

  // Of the log that far.
  uint64_t size() const { return index_root_position + 1; }  // kNone + 1 is 0

  friend bool operator==(const CheckedCommits&, const CheckedCommits&) = default;
};

class CommitAudit {
 public:
  // Goes on behind `checked`, in a log of `size` entries with that origin and that digest of entry
  // 0. `chains` holds the entries of stewards and participants in `checked`, and `index` its
  // leaves; null if somebody else recomputes the index roots, who then must be shown the same
  // leaves. `source`, `chains` and `index` must outlive it.
  CommitAudit(LogSource* source, absl::string_view origin, const Digest& genesis, uint64_t size,
              const CheckedCommits& checked, PublicChains* chains, IndexReplica* index);

  // The next entry of the log, as its entry bundle has it. After an error nothing more can be said.
  // Errors: those of the source; refusals that name the position and say what was expected and what
  // was found.
  absl::Status Next(const Digest& digest);

  // Up to the last end of a commit.
  const CheckedCommits& checked() const { return checked_; }
  // Whether the last entry was the end of a commit, and then the leaves that it inserted, and the
  // frames of its entries of stewards and participants, valid until the next call of Next.
  bool at_end_of_commit() const { return position_ == checked_.size(); }
  absl::string_view leaves() const { return leaves_; }
  const std::vector<std::string>& chain_frames() const { return chain_frames_; }

 private:
  struct PublicEntry {
    uint64_t position = 0;
    Entry entry;
    Digest digest = {};
    std::string frame;
  };
  struct Insertions {
    uint64_t position = 0;
    std::string leaves;
  };

  absl::Status CheckPlace(const PublicEntry& shown, const Digest& digest) const;
  absl::Status NextStatement(const PublicEntry& shown);
  absl::Status EndCommit(const Entry& entry, absl::string_view leaves);
  absl::Status CheckCount(size_t count) const;
  absl::Status CheckCalledFor(absl::string_view leaves) const;
  absl::Status InsertAll(absl::string_view leaves);

  const std::string origin_;
  const Digest genesis_;
  PublicChains* const chains_;
  IndexReplica* const index_;
  PageCursor<PublicEntry> entries_;
  PageCursor<Insertions> insertions_;
  CheckedCommits checked_;
  uint64_t position_;        // of the next entry
  uint64_t last_time_ms_;    // of the last public entry
  uint64_t public_entries_;  // so far
  // What the public entries of the commit call for.
  std::vector<IndexInsertion> called_for_;
  absl::string_view leaves_;
  std::vector<std::string> chain_frames_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_COMMIT_AUDIT_H_
