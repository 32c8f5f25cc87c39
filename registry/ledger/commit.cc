#include "registry/ledger/commit.h"

#include <pthread.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/passport_assembly.h"
#include "registry/ledger/schema.h"

namespace touchstone::ledger {
namespace {

absl::Status UnknownOutcome() {
  return absl::UnknownError(
      "it is not known whether this was logged: the registry stopped while it was being written. "
      "Submit the same envelope again when the registry is back; it is logged once at most");
}

absl::Status Stopped() {
  return absl::UnavailableError("the registry has stopped; nothing was logged. Try again later");
}

}  // namespace

absl::StatusOr<SignedTip> SignTip(const Tip& tip, const CheckpointSigner& signer) {
  absl::StatusOr<LogVersion> log = tip.log.Version();
  if (!log.ok()) return log.status();
  absl::StatusOr<Checkpoint> checkpoint =
      Checkpoint::Create(signer.log_key().name(), log->size(), log->root());
  if (!checkpoint.ok()) return checkpoint.status();
  absl::StatusOr<std::string> note = signer.Sign(*checkpoint);
  if (!note.ok()) return note.status();
  return SignedTip{*std::move(checkpoint), *std::move(note), *std::move(log)};
}

Committer::Committer(const Parts& parts, std::unique_ptr<Guard> guard)
    : parts_(parts),
      guard_writer_(std::move(guard),
                    [this](const absl::Status& status) {
                      Fail(absl::Status(status.code(), absl::StrCat("the guard could not be "
                                                                    "written: ",
                                                                    status.message())));
                    }),
      thread_([this] { Run(); }) {}

Committer::~Committer() { thread_.join(); }

void Committer::Run() {
  pthread_setname_np(pthread_self(), "ledger-commit");  // for whoever looks at the process
  while (true) {
    // 1. Take what is queued, bounded in count and in bytes. What came alone goes alone: nothing is
    //    held back so that a larger commit may form; that happens by itself while one is flushed.
    std::vector<Queued> taken = parts_.queue.Take();
    if (taken.empty()) return;
    Commit(std::move(taken));
  }
}

void Committer::Commit(std::vector<Queued> taken) {
  if (failed()) {
    for (Queued& item : taken) std::move(item.answer)(Stopped());
    return;
  }
  const uint64_t now_ms = parts_.clock.NowMs();
  CommitDraft draft(parts_.tip, parts_.shared.store, parts_.directory, parts_.shared.books);

  // 2. Signatures were checked before, in parallel (admission.h). Now, in order, each is judged by
  //    the state that those before it leave; who fails takes no part, and is told why when that
  //    state is published: nobody hears of a piece that may still not come to be.
  std::vector<Waiting> waiting;
  std::vector<Refused> refused;
  if (!Judge(taken, draft, now_ms, waiting, refused)) return;

  absl::StatusOr<std::shared_ptr<const View>> view = MakeDurable(draft, now_ms);
  if (!view.ok()) {
    for (Waiting& one : waiting) std::move(one.answer)(view.status());
    for (Refused& one : refused) std::move(one.answer)(Stopped());
    return;
  }
  // 6. Published. Each caller is answered with its entry, its proofs and the checkpoint.
  AnswerAll(draft, **view, waiting);
  for (Refused& one : refused) std::move(one.answer)(one.reason);
}

bool Committer::Judge(std::vector<Queued>& taken, CommitDraft& draft, uint64_t now_ms,
                      std::vector<Waiting>& waiting, std::vector<Refused>& refused) {
  // Whose entry was logged before, and where.
  std::vector<std::pair<uint64_t, Answer>> earlier;
  std::vector<Answer> refreshes;
  for (Queued& item : taken) {
    if (item.submission == nullptr) {
      refreshes.push_back(std::move(item.answer));
      continue;
    }
    const absl::StatusOr<uint64_t> position = draft.Append(*item.submission, now_ms);
    if (!position.ok()) {
      if (draft.entries().empty()) {
        std::move(item.answer)(position.status());
      } else {
        refused.push_back({position.status(), std::move(item.answer)});
      }
    } else if (*position < draft.first_position()) {
      earlier.emplace_back(*position, std::move(item.answer));
    } else {
      waiting.push_back({*position - draft.first_position(), std::move(item.answer)});
    }
  }
  for (auto& [position, answer] : earlier) {
    std::move(answer)(AssembleStoredReceipt(parts_.views.BestFor(position)->state(), position));
  }
  // An index root is committed with the statements, or alone where one was asked for.
  const absl::Status open = refreshes.empty() ? absl::OkStatus() : draft.CheckOpen();
  for (Answer& answer : refreshes) {
    if (open.ok()) {
      waiting.push_back({draft.entries().size(), std::move(answer)});
    } else {
      std::move(answer)(open);
    }
  }
  return !waiting.empty();
}

absl::StatusOr<std::shared_ptr<const View>> Committer::MakeDurable(CommitDraft& draft,
                                                                   uint64_t now_ms) {
  // 3. Append the index root, compute the tree's root, sign the checkpoint. So far all is in
  // memory.
  absl::StatusOr<SignedTip> tip = SealAndSign(draft, now_ms);
  if (!tip.ok()) {
    Fail(absl::Status(tip.status().code(),
                      absl::StrCat("the checkpoint could not be made: ", tip.status().message())));
    return Stopped();
  }

  if (failed()) return Stopped();  // the guard, meanwhile

  // 4. One batch, synced: entries, tiles, rows, checkpoint. All or nothing. After an error nobody
  //    can say which; so nothing is tried again, and the next start finds out.
  draft.batch().Put(schema::CheckpointKey(), tip->note);
  absl::Status status = parts_.store.Commit(draft.batch());
  if (!status.ok()) {
    Fail(absl::Status(status.code(),
                      absl::StrCat("a commit could not be stored: ", status.message())));
    return UnknownOutcome();
  }

  // 5. The guard may lag by one commit, no more: this one is not published before the guard of the
  //    one before is durable. Its own is begun now and flushed while the next commit is made.
  status = guard_writer_.Wait();
  if (!status.ok()) return UnknownOutcome();  // Fail() was called by the writer
  guard_writer_.Start(tip->note);

  // 6. Publish the new state.
  absl::StatusOr<std::unique_ptr<const Published>> published = Published::Create(
      parts_.shared, std::move(tip->checkpoint), std::move(tip->note), std::move(tip->log),
      parts_.tip.index.Version(), parts_.tip.time_ms, draft.entries().back().frame);
  if (!published.ok()) {
    Fail(published.status());
    return UnknownOutcome();
  }
  draft.Publish();
  auto view = std::make_shared<const View>(*std::move(published));
  parts_.views.SetNewest(view);
  return view;
}

absl::StatusOr<SignedTip> Committer::SealAndSign(CommitDraft& draft, uint64_t now_ms) {
  absl::Status status = draft.Seal(now_ms);
  if (!status.ok()) return status;
  return SignTip(parts_.tip, parts_.signer);
}

void Committer::AnswerAll(const CommitDraft& draft, const View& view,
                          std::vector<Waiting>& waiting) {
  const size_t statements = draft.entries().size() - 1;
  for (Waiting& one : waiting) {
    if (one.in_draft == statements) {  // asked for the index root
      std::move(one.answer)(Receipt());
      continue;
    }
    const DraftEntry& entry = draft.entries()[one.in_draft];
    std::move(one.answer)(AssembleReceipt(view.state(), draft.first_position() + one.in_draft,
                                          entry.frame, entry.leaf_key));
  }
}

void Committer::Fail(const absl::Status& status) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(failed_, true)) return;
  }
  for (Queued& item : parts_.queue.Abandon()) std::move(item.answer)(Stopped());
  if (parts_.on_fatal) parts_.on_fatal(status);
}

bool Committer::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

}  // namespace touchstone::ledger
