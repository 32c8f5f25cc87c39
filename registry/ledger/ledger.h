// The ledger: what may be appended to the log, and the log as it is. Start here; the order of a
// commit is commit.h, the rules are the verifier's. No gRPC and no RocksDB: bytes come in as
// envelopes and go to a storage::Store.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_LEDGER_H_
#define TOUCHSTONE_REGISTRY_LEDGER_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "registry/ledger/checkpoint_signer.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/guard.h"
#include "registry/ledger/receipt.h"
#include "registry/ledger/view.h"
#include "registry/storage/scratch_pages.h"
#include "registry/storage/store.h"
#include "verifier/checkpoint.h"
#include "verifier/policy.h"
#include "verifier/signed_note.h"

namespace touchstone::ledger {

// What a ledger works with. The referenced ones must outlive it.
struct LedgerParts {
  storage::Store& store;
  std::unique_ptr<Guard> guard;
  const CheckpointSigner& signer;
  const Clock& clock;
};

struct LedgerOptions {
  // Called at most once, from a thread of the ledger's, when the outcome of a commit or of writing
  // the guard is unknown, or the checkpoint could not be signed. The ledger accepts nothing more;
  // the process should end, and recovery on its next start finds out. The status is for the
  // operator. Must not call the ledger.
  std::function<void(const absl::Status&)> on_fatal;

  // Called from any thread when the store could not be read. For the operator's log.
  std::function<void(const absl::Status&)> on_storage_error;

  // Open() makes everything anew from the entries by the code that made it, and compares each row.
  // Takes about as long as appending it all did, signatures and flushes apart.
  bool recheck = false;

  // The witnesses that are asked to cosign, and how many of them must: as a trust policy has it,
  // with a quorum. Nothing: none are, and no checkpoint is ever called provisional.
  std::optional<TrustPolicy> witness_policy;

  // Bounds on the memory of caches.
  size_t tile_cache_bytes = size_t{64} << 20;
  size_t passport_cache_entries = size_t{1} << 14;

  // How much of the index lies in memory, where there are pages for the rest of it; they must
  // outlive the ledger. Their errors go to on_storage_error.
  size_t index_memory_bytes = SIZE_MAX;
  storage::ScratchPages* index_pages = nullptr;
};

// Receives the receipt, or why there is none:
//   a refusal, with the code and RefusalCode that fit (docs/FORMAT.md section 9): nothing changed;
//   kResourceExhausted without a refusal code: the queue is full: nothing changed, try again later;
//   kUnavailable: the ledger is stopping or has stopped, or could not read its store: nothing
//     changed;
//   kUnknown: the outcome of the commit is not known: ask again with the same envelope, after the
//     registry was started again, which is safe.
using Answer = absl::AnyInvocable<void(absl::StatusOr<Receipt> receipt) &&>;

class Ledger {
 public:
  // Starts a log in an empty store: entry 0 is `genesis_envelope` at the time that its statement
  // says, entry 1 the index root. The guard file is made at `guard_path`, which must not be there.
  // Returns the first checkpoint note.
  //   A refusal: the envelope is not a genesis for this log (the origin is the name of the signer's
  //   key). kAlreadyExists: the store is not empty, or the guard is there. Others: as of the store
  //   and the guard file; then start over with an empty store.
  static absl::StatusOr<std::string> Initialise(storage::Store& store,
                                                const std::string& guard_path,
                                                absl::string_view genesis_envelope,
                                                const CheckpointSigner& signer, const Clock& clock);

  // Recovers, and proves before it serves: that the newest checkpoint is signed by the log key;
  // that the log's tree is the checkpoint's; that all insertions into the index make the index root
  // in it, and those of the last commit belong to its entries; that stewards' and participants'
  // entries are the log's, and all that the index knows; that the tree contains the guard's
  // checkpoint. Then writes the guard, and starts to serve. What of a database's damage that leaves
  // to be found by LedgerOptions::recheck is listed in reload.h.
  //   kNotFound: the store holds no log.   kFailedPrecondition: the database does not contain the
  //   guard's checkpoint (it was put back to an earlier state), or belongs to another log key.
  //   kDataLoss: what is stored contradicts itself. Messages say what to do; they are for the
  //   operator.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(LedgerParts parts, LedgerOptions options);

  // The way out when the guard is lost: makes it anew, at `guard_path`, against a checkpoint from
  // outside (a witness's, one in a passport file, a copy of the guard), signed by `log_key`, which
  // the database must contain. There is no way without one.
  //   kFailedPrecondition: it does not contain it.   A refusal: the note is not a checkpoint of
  //   this log.   kAlreadyExists: there is a guard.   Others as Open().
  static absl::Status RestoreGuard(const storage::Store& store, const std::string& guard_path,
                                   absl::string_view checkpoint_note, const VerifierKey& log_key,
                                   const LedgerOptions& options = {});

  // Has `new_signer` sign the newest checkpoint in place of `old_key`, in the store and in the
  // guard: from here on the log opens with its key only. Recovers and proves first, as Open() does.
  // What witnesses have cosigned is forgotten: they have cosigned for the old key. Cut short, it is
  // done by being called again. Returns the checkpoint at which the old key is retired.
  //   kInvalidArgument: it is the same key, or of another log.   Others as Open().
  static absl::StatusOr<Checkpoint> ChangeLogKey(storage::Store& store, Guard& guard,
                                                 const VerifierKey& old_key,
                                                 const CheckpointSigner& new_signer,
                                                 const LedgerOptions& options = {});

  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  // Stops. Every View must be gone.
  ~Ledger();

  // Appends the statement in `envelope` (the bytes of a touchstone.v1.Envelope) if it is allowed,
  // and answers when it is durable and published. Checks signatures on the calling thread. The same
  // envelope again, or any with the same payload, is answered with the same entry, under the last
  // cosigned checkpoint if that has it, else under the newest. `answer` is called exactly once: on
  // this thread before Submit returns, or on one of the ledger's; it must be quick, and must not
  // call Stop() or destroy the ledger. Statements that one thread submits one after the other are
  // judged in that order.
  void Submit(std::string envelope, Answer answer);

  // Commits an index root even if nothing is queued, so that an idle registry can show freshness.
  // Its answer is empty bytes, or an error as above. Not needed while there is traffic.
  void Refresh(Answer answer);

  // The newest published state; never null. Cheap. Its note bears those cosignatures that Cosign()
  // was given for exactly this checkpoint.
  std::shared_ptr<const View> Newest() const;

  // The same, as soon as it has more than `size` entries, or when the time is over. Blocks.
  std::shared_ptr<const View> AwaitNewer(uint64_t size, absl::Duration limit) const;

  // The last state that a quorum of the witnesses has cosigned, its note with their cosignatures.
  // It stays provable however much is appended, also over a start, until a newer one is cosigned;
  // what that takes in memory is bounded (IndexTreeOptions). Null where there is none yet.
  std::shared_ptr<const View> Cosigned() const;

  // Whether LedgerOptions had a witness policy.
  bool asks_witnesses() const;

  // `note`: that of the checkpoint of `view`, which this ledger has published, with cosignatures.
  // Verifies it under LedgerOptions::witness_policy. Where a quorum is met, stores it and has
  // Cosigned() return it, unless that has a newer one; true then. Where not, only Newest() shows
  // it.
  //   A refusal: a signature does not hold.   kInvalidArgument: `note` is of another checkpoint, or
  //   there is no such policy.   Others: it could not be stored, which is fatal (on_fatal).
  absl::StatusOr<bool> Cosign(const View& view, absl::string_view note);

  // Accepts nothing more, as after a commit whose outcome is unknown, and reports `reason` to
  // on_fatal: when a witness proves that this is not the whole log.
  void Halt(const absl::Status& reason);

  // Accepts nothing more, commits and answers what is queued, and returns when the guard is
  // written. May be called more than once, from any thread but the ledger's own.
  void Stop();

 private:
  class Parts;
  explicit Ledger(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_LEDGER_H_
