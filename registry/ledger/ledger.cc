#include "registry/ledger/ledger.h"

#include <mutex>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/admission.h"
#include "registry/ledger/commit.h"
#include "registry/ledger/commit_queue.h"
#include "registry/ledger/concealing_reader.h"
#include "registry/ledger/cosigned_state.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/passport_assembly.h"
#include "registry/ledger/passport_books.h"
#include "registry/ledger/published.h"
#include "registry/ledger/recovery.h"
#include "registry/ledger/schema.h"
#include "registry/ledger/served_views.h"
#include "registry/ledger/submission.h"
#include "registry/ledger/tile_store.h"
#include "registry/ledger/tip.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::ledger {
namespace {

// Everything that a ledger has in memory apart from its threads, over a store.
struct Memory {
  Memory(const storage::Store& store, const LedgerOptions& options)
      : reader(store, options.on_storage_error),
        tiles(reader, options.tile_cache_bytes),
        books(reader, directory, options.passport_cache_entries),
        tip(tiles, {options.index_memory_bytes, options.index_pages, options.on_storage_error}),
        shared{reader, tiles, directory, books, options.witness_policy.has_value()} {}

  const ConcealingReader reader;
  const TileStore tiles;
  Directory directory;
  PassportBooks books;
  Tip tip;
  const Shared shared;
};

struct FirstViews {
  std::shared_ptr<const View> newest;
  std::shared_ptr<const View> cosigned;  // null if there is none
};

absl::StatusOr<FirstViews> MakeFirstViews(Memory& memory, Recovered recovered) {
  absl::StatusOr<LogVersion> log = memory.tip.log.Version();
  if (!log.ok()) return log.status();
  FirstViews views;
  if (recovered.cosigned) {
    auto state = RestoreCosigned(memory.shared, *std::move(recovered.cosigned), *log);
    if (!state.ok()) return state.status();
    views.cosigned = std::make_shared<const View>(*std::move(state));
  }
  absl::StatusOr<std::unique_ptr<const Published>> state = Published::Create(
      memory.shared, std::move(recovered.checkpoint), std::move(recovered.checkpoint_note),
      *std::move(log), memory.tip.index.Version(), memory.tip.time_ms, recovered.index_root_frame);
  if (!state.ok()) return state.status();
  views.newest = std::make_shared<const View>(*std::move(state));
  return views;
}

}  // namespace

class Ledger::Parts {
 public:
  Parts(std::unique_ptr<Memory> memory, FirstViews first, LedgerParts parts, LedgerOptions options)
      : memory_(std::move(memory)),
        store_(parts.store),
        witness_policy_(std::move(options.witness_policy)),
        views_(std::move(first.newest), std::move(first.cosigned)),
        admission_(parts.signer.log_key().name(), memory_->shared),
        committer_(std::in_place,
                   Committer::Parts{parts.store, memory_->shared, memory_->directory, memory_->tip,
                                    parts.signer, parts.clock, queue_, views_,
                                    std::move(options.on_fatal)},
                   std::move(parts.guard)) {}

  ~Parts() { Stop(); }

  const ServedViews& views() const { return views_; }
  bool asks_witnesses() const { return witness_policy_.has_value(); }

  absl::StatusOr<bool> Cosign(const View& view, absl::string_view note);

  void Submit(absl::string_view envelope, Answer answer);
  void Enqueue(Queued item);

  void Halt(const absl::Status& reason) {
    const std::lock_guard lock(stopping_);
    if (committer_) committer_->Fail(reason);
  }

  void Stop() {
    const std::lock_guard lock(stopping_);
    queue_.Close();
    committer_.reset();
  }

 private:
  const std::unique_ptr<Memory> memory_;
  storage::Store& store_;
  const std::optional<TrustPolicy> witness_policy_;
  ServedViews views_;
  std::mutex cosigning_;  // so that an older cosigned checkpoint never replaces a newer one
  Admission admission_;
  CommitQueue queue_;
  std::mutex stopping_;
  std::optional<Committer> committer_ ABSL_GUARDED_BY(stopping_);  // last: it uses the above
};

void Ledger::Parts::Submit(absl::string_view envelope, Answer answer) {
  absl::StatusOr<Submission> submission = Submission::Read(envelope);
  if (!submission.ok()) {
    std::move(answer)(submission.status());
    return;
  }
  const absl::StatusOr<std::optional<uint64_t>> logged =
      admission_.Admit(*submission, views_.Newest()->size());
  if (!logged.ok()) {
    std::move(answer)(logged.status());
    return;
  }
  if (*logged) {
    std::move(answer)(AssembleStoredReceipt(views_.BestFor(**logged)->state(), **logged));
    return;
  }
  Enqueue({std::make_unique<const Submission>(*std::move(submission)), std::move(answer)});
}

void Ledger::Parts::Enqueue(Queued item) {
  absl::Status status = queue_.Push(item);
  if (!status.ok()) std::move(item.answer)(std::move(status));
}

absl::StatusOr<bool> Ledger::Parts::Cosign(const View& view, absl::string_view note) {
  if (!witness_policy_) return absl::InvalidArgumentError("no witnesses are asked");
  const absl::StatusOr<VerifiedCheckpoint> verified =
      VerifyProvisionalCheckpointNote(*witness_policy_, note);
  if (!verified.ok()) return verified.status();
  if (!(verified->checkpoint == view.checkpoint())) {
    return absl::InvalidArgumentError("the cosigned note is of another checkpoint");
  }
  auto cosigned =
      std::make_shared<const View>(view.state().WithNote(std::string(note), verified->quorum_met));
  if (!verified->quorum_met) {
    views_.SetPartlyCosigned(cosigned);
    return false;
  }
  const std::lock_guard lock(cosigning_);
  const std::shared_ptr<const View> before = views_.Cosigned();
  if (before != nullptr && before->size() > view.size()) return true;
  // Durable before it is shown, so that nobody who saw it finds an older one after a crash. A write
  // of its own: it waits for no commit, and none waits for it but in the store's log.
  storage::WriteBatch batch;
  batch.Put(schema::CosignedKey(), note);
  absl::Status status = store_.Commit(batch);
  if (!status.ok()) {
    Halt(absl::Status(status.code(), absl::StrCat("a cosigned checkpoint could not be stored: ",
                                                  status.message())));
    return status;
  }
  views_.SetCosigned(cosigned);
  return true;
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(LedgerParts parts, LedgerOptions options) {
  auto memory = std::make_unique<Memory>(parts.store, options);
  const VerifierKey& log_key = parts.signer.log_key();
  absl::StatusOr<Recovered> recovered =
      Recover(parts.store, log_key, options.witness_policy ? &*options.witness_policy : nullptr,
              options.recheck ? RecoveryDepth::kReplay : RecoveryDepth::kReload, memory->tip,
              memory->directory, memory->books);
  if (!recovered.ok()) return recovered.status();
  absl::Status status =
      CheckContains(memory->tip, log_key, parts.guard->contents(), "the guard's checkpoint");
  if (!status.ok()) return status;
  // Before anything is served, the guard holds what will be served.
  if (parts.guard->contents() != recovered->checkpoint_note) {
    status = parts.guard->Write(recovered->checkpoint_note);
    if (!status.ok()) return status;
  }
  absl::StatusOr<FirstViews> views = MakeFirstViews(*memory, *std::move(recovered));
  if (!views.ok()) return views.status();
  return std::unique_ptr<Ledger>(new Ledger(std::make_unique<Parts>(
      std::move(memory), *std::move(views), std::move(parts), std::move(options))));
}

absl::Status Ledger::RestoreGuard(const storage::Store& store, const std::string& guard_path,
                                  absl::string_view checkpoint_note, const VerifierKey& log_key,
                                  const LedgerOptions& options) {
  Memory memory(store, options);
  const absl::StatusOr<Recovered> recovered =
      Recover(store, log_key, /*witness_policy=*/nullptr, RecoveryDepth::kReload, memory.tip,
              memory.directory, memory.books);
  if (!recovered.ok()) return recovered.status();
  absl::Status status = CheckContains(memory.tip, log_key, checkpoint_note, "the checkpoint");
  if (!status.ok()) return status;
  return CreateGuard(guard_path, checkpoint_note);
}

absl::StatusOr<Checkpoint> Ledger::ChangeLogKey(storage::Store& store, Guard& guard,
                                                const VerifierKey& old_key,
                                                const CheckpointSigner& new_signer,
                                                const LedgerOptions& options) {
  const VerifierKey& new_key = new_signer.log_key();
  if (new_key == old_key || new_key.name() != old_key.name()) {
    return absl::InvalidArgumentError(absl::StrCat("the new log key ", new_key.Format(),
                                                   " must be another one than the present ",
                                                   old_key.Format(), ", for the same log"));
  }
  // 1. That the database is what the old key signed; or the new one, where this was cut short.
  const absl::StatusOr<std::string> stored = store.Get(schema::CheckpointKey());
  const bool is_signed = stored.ok() && IsSignedBy(*stored, new_key);
  Memory memory(store, options);
  absl::StatusOr<Recovered> recovered =
      Recover(store, is_signed ? new_key : old_key, /*witness_policy=*/nullptr,
              RecoveryDepth::kReload, memory.tip, memory.directory, memory.books);
  if (!recovered.ok()) return recovered.status();
  // 2. That nothing newer was ever acknowledged.
  const VerifierKey& guard_key = IsSignedBy(guard.contents(), new_key) ? new_key : old_key;
  absl::Status status =
      CheckContains(memory.tip, guard_key, guard.contents(), "the guard's checkpoint");
  if (!status.ok()) return status;
  // 3. The same checkpoint under the new key: first in the store, then in the guard. In between
  //    neither key opens the log, and this does.
  std::string note = recovered->checkpoint_note;
  if (!is_signed) {
    absl::StatusOr<std::string> signed_note = new_signer.Sign(recovered->checkpoint);
    if (!signed_note.ok()) return signed_note.status();
    note = *std::move(signed_note);
    storage::WriteBatch batch;
    batch.Put(schema::CheckpointKey(), note);
    batch.Delete(schema::CosignedKey());
    status = store.Commit(batch);
    if (!status.ok()) return status;
  }
  status = guard.Write(note);
  if (!status.ok()) return status;
  return std::move(recovered->checkpoint);
}

Ledger::Ledger(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Ledger::~Ledger() = default;

void Ledger::Submit(std::string envelope, Answer answer) {
  parts_->Submit(envelope, std::move(answer));
}

void Ledger::Refresh(Answer answer) { parts_->Enqueue({nullptr, std::move(answer)}); }

std::shared_ptr<const View> Ledger::Newest() const { return parts_->views().Newest(); }

std::shared_ptr<const View> Ledger::AwaitNewer(uint64_t size, absl::Duration limit) const {
  return parts_->views().AwaitNewer(size, limit);
}

std::shared_ptr<const View> Ledger::Cosigned() const { return parts_->views().Cosigned(); }

bool Ledger::asks_witnesses() const { return parts_->asks_witnesses(); }

absl::StatusOr<bool> Ledger::Cosign(const View& view, absl::string_view note) {
  return parts_->Cosign(view, note);
}

void Ledger::Halt(const absl::Status& reason) { parts_->Halt(reason); }

void Ledger::Stop() { parts_->Stop(); }

}  // namespace touchstone::ledger
