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
#include "registry/ledger/directory.h"
#include "registry/ledger/passport_assembly.h"
#include "registry/ledger/passport_books.h"
#include "registry/ledger/published.h"
#include "registry/ledger/recovery.h"
#include "registry/ledger/submission.h"
#include "registry/ledger/tile_store.h"
#include "registry/ledger/tip.h"

namespace touchstone::ledger {
namespace {

// Everything that a ledger has in memory apart from its threads, over a store.
struct Memory {
  Memory(const storage::Store& store, const LedgerOptions& options)
      : reader(store, options.on_storage_error),
        tiles(reader, options.tile_cache_bytes),
        books(reader, directory, options.passport_cache_entries),
        tip(tiles, {options.index_memory_bytes, options.index_pages, options.on_storage_error}),
        shared{reader, tiles, directory, books} {}

  const ConcealingReader reader;
  const TileStore tiles;
  Directory directory;
  PassportBooks books;
  Tip tip;
  const Shared shared;
};

absl::StatusOr<std::shared_ptr<const View>> FirstView(Memory& memory, Recovered recovered) {
  absl::StatusOr<LogVersion> log = memory.tip.log.Version();
  if (!log.ok()) return log.status();
  absl::StatusOr<std::unique_ptr<const Published>> state = Published::Create(
      memory.shared, memory.tip, std::move(recovered.checkpoint),
      std::move(recovered.checkpoint_note), *std::move(log), recovered.index_root_frame);
  if (!state.ok()) return state.status();
  return std::make_shared<const View>(*std::move(state));
}

}  // namespace

class Ledger::Parts {
 public:
  Parts(std::unique_ptr<Memory> memory, std::shared_ptr<const View> first_view, LedgerParts parts,
        LedgerOptions options)
      : memory_(std::move(memory)),
        newest_(std::move(first_view)),
        admission_(parts.signer.log_key().name(), memory_->shared),
        committer_(std::in_place,
                   Committer::Parts{parts.store, memory_->shared, memory_->directory, memory_->tip,
                                    parts.signer, parts.clock, queue_, newest_,
                                    std::move(options.on_fatal)},
                   std::move(parts.guard)) {}

  ~Parts() { Stop(); }

  std::shared_ptr<const View> Newest() const { return newest_.Get(); }

  void Submit(absl::string_view envelope, Answer answer);
  void Enqueue(Queued item);

  void Stop() {
    const std::lock_guard lock(stopping_);
    queue_.Close();
    committer_.reset();
  }

 private:
  const std::unique_ptr<Memory> memory_;
  NewestView newest_;
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
  const std::shared_ptr<const View> newest = Newest();
  const absl::StatusOr<std::optional<uint64_t>> logged =
      admission_.Admit(*submission, newest->size());
  if (!logged.ok()) {
    std::move(answer)(logged.status());
    return;
  }
  if (*logged) {
    std::move(answer)(AssembleStoredReceipt(newest->state(), **logged));
    return;
  }
  Enqueue({std::make_unique<const Submission>(*std::move(submission)), std::move(answer)});
}

void Ledger::Parts::Enqueue(Queued item) {
  absl::Status status = queue_.Push(item);
  if (!status.ok()) std::move(item.answer)(std::move(status));
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(LedgerParts parts, LedgerOptions options) {
  auto memory = std::make_unique<Memory>(parts.store, options);
  const VerifierKey& log_key = parts.signer.log_key();
  absl::StatusOr<Recovered> recovered = Recover(
      parts.store, log_key, options.recheck ? RecoveryDepth::kReplay : RecoveryDepth::kReload,
      memory->tip, memory->directory, memory->books);
  if (!recovered.ok()) return recovered.status();
  absl::Status status =
      CheckContains(memory->tip, log_key, parts.guard->contents(), "the guard's checkpoint");
  if (!status.ok()) return status;
  // Before anything is served, the guard holds what will be served.
  if (parts.guard->contents() != recovered->checkpoint_note) {
    status = parts.guard->Write(recovered->checkpoint_note);
    if (!status.ok()) return status;
  }
  absl::StatusOr<std::shared_ptr<const View>> view = FirstView(*memory, *std::move(recovered));
  if (!view.ok()) return view.status();
  return std::unique_ptr<Ledger>(new Ledger(std::make_unique<Parts>(
      std::move(memory), *std::move(view), std::move(parts), std::move(options))));
}

absl::Status Ledger::RestoreGuard(const storage::Store& store, const std::string& guard_path,
                                  absl::string_view checkpoint_note, const VerifierKey& log_key,
                                  const LedgerOptions& options) {
  Memory memory(store, options);
  const absl::StatusOr<Recovered> recovered =
      Recover(store, log_key, RecoveryDepth::kReload, memory.tip, memory.directory, memory.books);
  if (!recovered.ok()) return recovered.status();
  absl::Status status = CheckContains(memory.tip, log_key, checkpoint_note, "the checkpoint");
  if (!status.ok()) return status;
  return CreateGuard(guard_path, checkpoint_note);
}

Ledger::Ledger(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Ledger::~Ledger() = default;

void Ledger::Submit(std::string envelope, Answer answer) {
  parts_->Submit(envelope, std::move(answer));
}

void Ledger::Refresh(Answer answer) { parts_->Enqueue({nullptr, std::move(answer)}); }

std::shared_ptr<const View> Ledger::Newest() const { return parts_->Newest(); }

void Ledger::Stop() { parts_->Stop(); }

}  // namespace touchstone::ledger
