#include "registry/witness/asker.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace touchstone::witness {
namespace {

// How often it is looked whether there is a newer checkpoint, or time for one that failed. The
// commit thread need not know of anybody who waits.
constexpr std::chrono::milliseconds kLookEvery(50);

std::chrono::nanoseconds ToChrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

// The log's own lines of a note, without those of witnesses.
std::string LogLines(const SignedNote& note, const VerifierKey& log_key) {
  std::string lines;
  for (const NoteSignature& signature : note.signatures()) {
    if (signature.Names(log_key)) absl::StrAppend(&lines, FormatNoteSignature(signature));
  }
  return lines;
}

std::string WithoutCosignatures(const std::string& note, const VerifierKey& log_key) {
  const absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  if (!parsed.ok()) return note;  // never: the ledger made it
  return absl::StrCat(parsed->text(), "\n", LogLines(*parsed, log_key));
}

}  // namespace

Asker::Asker(Parts parts, const AskerOptions& options)
    : parts_(std::move(parts)), options_(options) {
  const std::shared_ptr<const ledger::View> cosigned = parts_.ledger.Cosigned();
  {
    const std::lock_guard lock(mutex_);
    witnesses_.resize(parts_.policy.urls().size());
    for (Witness& witness : witnesses_) {
      witness.size = cosigned == nullptr ? 0 : cosigned->size();  // a first guess
    }
    BeginNextRound();
  }
  for (size_t i = 0; i < parts_.policy.urls().size(); ++i) {
    threads_.emplace_back([this, i] { Run(i); });
  }
}

Asker::~Asker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  parts_.http.Interrupt();
  for (std::thread& thread : threads_) thread.join();
}

absl::Status Asker::AwaitFirstAnswers() {
  std::unique_lock lock(mutex_);
  while (contradiction_.ok() &&
         !std::all_of(witnesses_.begin(), witnesses_.end(),
                      [](const Witness& witness) { return witness.asked_ever; })) {
    changed_.wait(lock);
  }
  first_answers_taken_ = true;
  return contradiction_;
}

void Asker::Run(size_t number) {
  pthread_setname_np(pthread_self(), "witness-asker");  // for whoever looks at the process
  std::unique_lock lock(mutex_);
  while (!stopping_ && contradiction_.ok()) {
    const TimePoint now = std::chrono::steady_clock::now();
    if (RoundIsOver(now)) BeginNextRound();
    if (!witnesses_[number].done && witnesses_[number].retry_at <= now) {
      Ask(number, lock);
    } else {
      changed_.wait_for(lock, kLookEvery);
    }
  }
}

void Asker::Ask(size_t number, std::unique_lock<std::mutex>& lock) {
  const uint64_t round = round_;
  const Checkpoint checkpoint = target_->checkpoint();
  const std::string note =
      WithoutCosignatures(target_->checkpoint_note(), parts_.policy.policy().log_key());
  const uint64_t witness_size = witnesses_[number].size;
  witnesses_[number].asked_in_round = round;
  lock.unlock();
  const ExchangeParts exchange{parts_.ledger, parts_.http, parts_.clock,
                               parts_.policy.policy().witnesses()[number],
                               parts_.policy.urls()[number]};
  const absl::StatusOr<Exchanged> answer =
      AskToCosign(exchange, checkpoint, note, witness_size, options_.request_max);
  lock.lock();
  if (stopping_) return;
  witnesses_[number].asked_in_round = 0;
  if (absl::IsFailedPrecondition(answer.status())) {
    lock.unlock();
    ReportContradiction(answer.status());
    lock.lock();
    return;
  }
  Record(number, round, answer);
  if (answer.ok() && answer->cosigned) {
    lock.unlock();
    Deliver(round);
    lock.lock();
  }
  witnesses_[number].asked_ever = true;
  changed_.notify_all();
}

void Asker::Record(size_t number, uint64_t round, const absl::StatusOr<Exchanged>& answer) {
  if (!answer.ok()) {
    RecordFailure(number, answer.status());
    return;
  }
  Witness& witness = witnesses_[number];
  witness.failures = 0;
  witness.size = answer->witness_size;
  if (round == round_) {
    witness.done = true;
    if (answer->cosigned) witness.signature = answer->cosigned->signature;
  }
  if (std::exchange(witness.standing, Standing::kCosigns) != Standing::kCosigns) {
    const PolicyWitness& named = parts_.policy.policy().witnesses()[number];
    parts_.log.Info("witness_cosigns", "a witness cosigns",
                    {{"witness", named.name}, {"url", named.url}});
  }
}

void Asker::RecordFailure(size_t number, const absl::Status& status) {
  Witness& witness = witnesses_[number];
  // What it was believed to have may be what is wrong.
  witness.size = 0;
  absl::Duration wait = options_.retry_min;
  for (uint32_t i = 0; i < witness.failures && wait < options_.retry_max; ++i) wait *= 2;
  wait = std::min(wait, options_.retry_max);
  ++witness.failures;
  witness.retry_at = std::chrono::steady_clock::now() + ToChrono(wait);
  const bool same = witness.standing == Standing::kFails && witness.failed_with == status.code();
  witness.standing = Standing::kFails;
  witness.failed_with = status.code();
  if (same) return;
  const PolicyWitness& named = parts_.policy.policy().witnesses()[number];
  parts_.log.Warning("witness_fails", "a witness does not cosign; it is asked again now and then",
                     {{"witness", named.name}, {"url", named.url}, {"reason", status.message()}});
}

bool Asker::RoundIsOver(TimePoint now) const {
  if (now < round_began_ + ToChrono(options_.round_min)) return false;
  const bool answered =
      std::all_of(witnesses_.begin(), witnesses_.end(), [this, now](const Witness& witness) {
        // It is done, or failed, or still at an earlier round.
        return witness.done || witness.retry_at > now ||
               (witness.asked_in_round != 0 && witness.asked_in_round != round_);
      });
  return (quorum_met_ || answered) && parts_.ledger.Newest()->size() > target_->size();
}

void Asker::BeginNextRound() {
  ++round_;
  round_began_ = std::chrono::steady_clock::now();
  target_ = parts_.ledger.Newest();
  quorum_met_ = false;
  for (Witness& witness : witnesses_) {
    witness.done = false;
    witness.signature.reset();
  }
}

void Asker::Deliver(uint64_t round) {
  const std::lock_guard delivery(delivering_);
  std::shared_ptr<const ledger::View> view;
  std::string note;
  {
    const std::lock_guard lock(mutex_);
    if (round != round_) return;
    view = target_;
    note = WithoutCosignatures(view->checkpoint_note(), parts_.policy.policy().log_key());
    for (const Witness& witness : witnesses_) {
      if (witness.signature) absl::StrAppend(&note, FormatNoteSignature(*witness.signature));
    }
  }
  const absl::StatusOr<bool> met = parts_.ledger.Cosign(*view, note);
  if (!met.ok()) {
    // What does not verify was refused before; what cannot be stored stops the ledger.
    parts_.log.Error("cosigned_checkpoint", "a cosigned checkpoint was not taken",
                     {{"status", met.status().ToString()}});
    return;
  }
  const std::lock_guard lock(mutex_);
  if (round == round_ && *met) quorum_met_ = true;
}

void Asker::ReportContradiction(const absl::Status& status) {
  bool tell = false;
  {
    const std::lock_guard lock(mutex_);
    if (!contradiction_.ok()) return;
    contradiction_ = status;
    tell = first_answers_taken_;
  }
  changed_.notify_all();
  if (tell && parts_.on_contradiction) parts_.on_contradiction(status);
}

}  // namespace touchstone::witness
