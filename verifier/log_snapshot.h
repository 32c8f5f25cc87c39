// A log as of one checkpoint that the policy believes: the root of its tree and, committed to by
// the entry under the checkpoint's end, the root of its index. Everything else in a passport or a
// receipt is proven against these two. Not for what entries say.
#ifndef TOUCHSTONE_VERIFIER_LOG_SNAPSHOT_H_
#define TOUCHSTONE_VERIFIER_LOG_SNAPSHOT_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/chain_head.h"
#include "verifier/digest.h"
#include "verifier/entry.h"
#include "verifier/index_hash.h"
#include "verifier/index_insertions.h"
#include "verifier/merkle.h"
#include "verifier/node_memo.h"
#include "verifier/policy.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone {

// A frame that was read, with the digest that was logged for it. The frame is hashed once.
struct LoggedEntry {
  Entry entry;
  Digest digest = {};

  EntryPlace place() const { return {entry.position, entry.time_ms, digest}; }
};

// Not for several threads at once: it remembers what it hashed (verifier/node_memo.h).
class LogSnapshot {
 public:
  // `retired_path`: where only a retired key signed, the consistency path up to its retirement.
  // Errors: those of VerifyCheckpointNote, of DecodeEntry, kBadInclusionProof, kRetiredKeyUnproven,
  // kBadConsistencyProof, kBrokenChain (the entry at size - 1 is no index root).
  static absl::StatusOr<LogSnapshot> Verify(const TrustPolicy& policy,
                                            absl::string_view checkpoint_note,
                                            const v1::ProvenEntry& index_root,
                                            absl::string_view retired_path = "");
  // The same without kQuorumNotMet: for receipts, which witnesses have not seen yet.
  static absl::StatusOr<LogSnapshot> VerifyProvisional(const TrustPolicy& policy,
                                                       absl::string_view checkpoint_note,
                                                       const v1::ProvenEntry& index_root);

  const VerifiedCheckpoint& verified() const { return verified_; }
  uint64_t size() const { return verified_.checkpoint.size(); }
  const Digest& index_root() const { return index_root_; }
  // When the registry made the index root.
  uint64_t time_ms() const { return time_ms_; }

  // The entry in `proven`, if its path leads from its digest at its own position to the root.
  // Errors: those of DecodeEntry; kBadInclusionProof.
  absl::StatusOr<LoggedEntry> Read(const v1::ProvenEntry& proven);

  // OK if the index holds that leaf, or holds nothing under that key. `proof` is an index proof's
  // bytes. Errors: those of ParseIndexProof; kBadIndexProof.
  absl::Status CheckPresent(const IndexInsertion& leaf, absl::string_view proof);
  absl::Status CheckAbsent(IndexKind kind, absl::string_view subject, uint32_t number,
                           absl::string_view proof);

 private:
  explicit LogSnapshot(VerifiedCheckpoint verified) : verified_(std::move(verified)) {}
  static absl::StatusOr<LogSnapshot> WithIndexRoot(VerifiedCheckpoint verified,
                                                   const v1::ProvenEntry& index_root,
                                                   absl::string_view retired_path);

  VerifiedCheckpoint verified_;
  NodeMemo log_nodes_{NodeHash};
  NodeMemo index_nodes_{IndexNodeHash};
  Digest index_root_ = {};
  uint64_t time_ms_ = 0;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_LOG_SNAPSHOT_H_
