// What can be decided about a submission before its turn comes, on the thread that brings it:
// whether it is logged already, and whether its signatures hold. Not whether it may be said: that
// depends on what is logged before it (commit_draft.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_ADMISSION_H_
#define TOUCHSTONE_REGISTRY_LEDGER_ADMISSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "registry/ledger/lru_cache.h"
#include "registry/ledger/published.h"
#include "registry/ledger/submission.h"
#include "verifier/batch_signature.h"
#include "verifier/digest.h"

namespace touchstone::ledger {

// Remembers the batch signatures that held lately, so that a batch costs one signature check.
class RecentBatchNotes final : public VerifiedBatchNotes {
 public:
  bool Contains(const Digest& check) override { return checks_.Find(check).has_value(); }
  void Add(const Digest& check) override { checks_.Put(check, true); }

 private:
  LruCache<Digest, bool> checks_{size_t{1} << 12};
};

// Safe to use from any thread.
class Admission {
 public:
  // `log_origin`: the log's. `shared` must outlive it.
  Admission(std::string log_origin, const Shared& shared)
      : log_origin_(std::move(log_origin)), shared_(shared) {}

  // As of the published state of `size` entries: the position where the same submission is logged;
  // or nothing, if it is not, and every signature is by a key that may matter for it, and holds.
  // Brings the passport that it is about to hand, so that the commit need not wait for the disk.
  // Errors: kWrongOrigin; kBadSignature; where a key is not found, those of
  // verifier/authorization.h; as of the store.
  absl::StatusOr<std::optional<uint64_t>> Admit(const Submission& submission, uint64_t size);

 private:
  const std::string log_origin_;
  const Shared& shared_;
  RecentBatchNotes batch_notes_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_ADMISSION_H_
