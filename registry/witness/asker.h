// Asks the witnesses of a policy to cosign the log's newest checkpoint, again and again, and gives
// the ledger what they sign. In the background: no commit waits for it. Start here; one witness's
// part is exchange.h, the bytes are add_checkpoint.h.
//
// Rounds. A round is about one checkpoint: the newest when it began. Each witness is asked on a
// thread of its own. The next round, about what is then the newest, begins once a quorum has
// cosigned or nobody is left to ask, and not sooner than AskerOptions::round_min after the last. So
// one slow witness holds up nobody, and all that is kept is one checkpoint and its state.
//
// Failures. A witness that fails is asked again after a while that doubles each time. It is logged
// when a witness begins to cosign or to fail, and when it fails for another reason, not each time.
//
// Contradictions. A witness that has seen more than this log, or another history, ends the asking:
// see Exchange in exchange.h.
#ifndef TOUCHSTONE_REGISTRY_WITNESS_ASKER_H_
#define TOUCHSTONE_REGISTRY_WITNESS_ASKER_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/service/log.h"
#include "registry/witness/exchange.h"
#include "registry/witness/http_client.h"
#include "registry/witness/witness_policy.h"

namespace touchstone::witness {

struct AskerOptions {
  absl::Duration request_max = absl::Seconds(10);  // one witness, all of its requests in a round
  absl::Duration round_min = absl::Seconds(1);
  absl::Duration retry_min = absl::Seconds(1);
  absl::Duration retry_max = absl::Seconds(60);
};

class Asker {
 public:
  // All outlive it; `ledger` was opened with the policy of `policy`.
  struct Parts {
    ledger::Ledger& ledger;
    const WitnessPolicy& policy;
    HttpClient& http;
    const ledger::Clock& clock;
    service::Log& log;
    // Called once at most, from a thread of the asker's, with what must stop the registry
    // (exchange.h); but for what AwaitFirstAnswers() returns.
    std::function<void(const absl::Status&)> on_contradiction;
  };

  // Begins to ask.
  Asker(Parts parts, const AskerOptions& options);
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  // Interrupts what is under way.
  ~Asker();

  // Waits until each witness has been asked once, whatever it answered: at most about
  // AskerOptions::request_max. kFailedPrecondition: one contradicts; then the registry must not
  // serve. To be called once, before it does.
  absl::Status AwaitFirstAnswers();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class Standing { kUnknown, kCosigns, kFails };

  struct Witness {
    uint64_t size = 0;  // of what it has cosigned, as far as is known
    // In the round that is now: whether nothing more is to be asked, and what it signed.
    bool done = false;
    std::optional<NoteSignature> signature;
    // The round about which it is being asked; 0 while it is not.
    uint64_t asked_in_round = 0;
    bool asked_ever = false;
    uint32_t failures = 0;  // in a row
    TimePoint retry_at;
    Standing standing = Standing::kUnknown;
    absl::StatusCode failed_with = absl::StatusCode::kOk;
  };

  void Run(size_t number);
  // Both end a witness's part in the round that it was asked in.
  void Ask(size_t number, std::unique_lock<std::mutex>& lock);
  void Record(size_t number, uint64_t round, const absl::StatusOr<Exchanged>& answer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RecordFailure(size_t number, const absl::Status& status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginNextRound() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool RoundIsOver(TimePoint now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives the ledger what has been signed in the round.
  void Deliver(uint64_t round);
  void ReportContradiction(const absl::Status& status);

  const Parts parts_;
  const AskerOptions options_;
  std::mutex delivering_;  // before mutex_: of two deliveries the later one has more signatures
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t round_ ABSL_GUARDED_BY(mutex_) = 0;
  TimePoint round_began_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const ledger::View> target_ ABSL_GUARDED_BY(mutex_);
  bool quorum_met_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Witness> witnesses_ ABSL_GUARDED_BY(mutex_);
  bool first_answers_taken_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status contradiction_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_REGISTRY_WITNESS_ASKER_H_
