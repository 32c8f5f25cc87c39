// How every unary call of this server goes that is answered from a view: entered, run on a pool of
// threads, its answer held, ended with a status of ours. What it answers is decided by whoever
// calls this.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_UNARY_CALLS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_UNARY_CALLS_H_

#include <grpcpp/grpcpp.h>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "registry/ledger/view.h"
#include "registry/service/log.h"
#include "registry/service/open_calls.h"
#include "registry/service/read_pool.h"
#include "touchstone/v1/registry_service.pb.h"

namespace touchstone::service {

// Whether nobody waits for an answer any more. Work that was not begun is then not begun.
absl::Status CallIsOver(const grpc::CallbackServerContext& context);

class UnaryCalls {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  // All outlive the calls.
  UnaryCalls(OpenCalls& calls, ReadPool& pool, Log& log) : calls_(calls), pool_(pool), log_(log) {}

  // Runs `answer` on the pool, unless the call is over by then, with the view of that choice.
  Reactor* RunOnPool(Context* context, grpc::ByteBuffer* response, v1::CheckpointChoice choice,
                     absl::AnyInvocable<absl::Status(const ledger::View&)> answer);

  // A call that is not answered on the pool: the caller says Finish().
  absl::StatusOr<OpenCalls::Call*> Begin(Context* context) { return calls_.Begin(context); }

  // Ends the call with `status`, mapped.
  void Finish(Context* context, Reactor* reactor, const absl::Status& status);
  // The same for a call that was not begun.
  Reactor* FinishNow(Context* context, const absl::Status& status);

 private:
  OpenCalls& calls_;
  ReadPool& pool_;
  Log& log_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_UNARY_CALLS_H_
