// Every unary call that is with the registry, from its decoded request until its answer has been
// delivered: how many there may be, how much their answers may hold, and how long each may take. A
// client that asks and then does not read its answers thus fills no memory.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_OPEN_CALLS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_OPEN_CALLS_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <list>
#include <mutex>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "registry/ledger/ledger.h"
#include "registry/service/serving_state.h"

namespace touchstone::service {

// Thread-safe.
class OpenCalls {
 public:
  struct Limits {
    size_t calls_max;
    size_t answer_bytes_max;  // of all calls together
    absl::Duration age_max;
  };

  // The reactor of one call; goes by itself when the call has ended, so not to be touched after
  // Finish().
  class Call final : public grpc::ServerUnaryReactor {
   public:
    grpc::CallbackServerContext& context() { return context_; }
    // Lives until the call has ended.
    ledger::Ledger& ledger() { return ledger_; }

    // Whether there is room for an answer of that many bytes; then it is taken until the call ends.
    bool HoldAnswer(size_t bytes);

    void OnDone() override;

   private:
    friend class OpenCalls;
    Call(OpenCalls& owner, grpc::CallbackServerContext& context, ledger::Ledger& ledger)
        : owner_(owner), context_(context), ledger_(ledger) {}

    OpenCalls& owner_;
    grpc::CallbackServerContext& context_;
    ledger::Ledger& ledger_;
    const absl::Time began_at_ = absl::Now();
    size_t answer_bytes_ = 0;
    std::list<Call*>::iterator place_;
  };

  // `state` outlives the calls.
  OpenCalls(const Limits& limits, ServingState& state) : limits_(limits), state_(state) {}

  OpenCalls(const OpenCalls&) = delete;
  OpenCalls& operator=(const OpenCalls&) = delete;

  // Unavailable: the registry does not serve. ResourceExhausted: too many calls.
  absl::StatusOr<Call*> Begin(grpc::CallbackServerContext* context);

  // Cancels the calls that have taken too long. Call it now and then.
  void CancelOld(absl::Time now);

 private:
  void End(const Call& call);

  const Limits limits_;
  ServingState& state_;
  std::mutex mutex_;       // for these two
  std::list<Call*> open_;  // the oldest first
  size_t answer_bytes_ = 0;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_OPEN_CALLS_H_
