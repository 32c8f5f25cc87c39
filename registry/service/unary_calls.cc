#include "registry/service/unary_calls.h"

#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "registry/ledger/ledger.h"
#include "registry/service/reads.h"
#include "registry/service/rpc_message.h"
#include "registry/service/status_map.h"

namespace touchstone::service {

absl::Status CallIsOver(const grpc::CallbackServerContext& context) {
  if (context.deadline() <= std::chrono::system_clock::now()) {
    return absl::DeadlineExceededError("expired");
  }
  if (context.IsCancelled()) return absl::CancelledError("cancelled");
  return absl::OkStatus();
}

UnaryCalls::Reactor* UnaryCalls::RunOnPool(
    Context* context, grpc::ByteBuffer* response, v1::CheckpointChoice choice,
    absl::AnyInvocable<absl::Status(const ledger::View&)> answer) {
  const absl::StatusOr<OpenCalls::Call*> begun = calls_.Begin(context);
  if (!begun.ok()) return FinishNow(context, begun.status());
  OpenCalls::Call* call = *begun;
  const bool queued =
      pool_.TryRun([this, call, response, choice, answer = std::move(answer)]() mutable {
        absl::Status status = CallIsOver(call->context());
        // The view is let go of before the call ends: once no call is open, the ledger may go.
        if (status.ok()) {
          const absl::StatusOr<std::shared_ptr<const ledger::View>> view =
              ChooseView(call->ledger(), choice);
          status = view.ok() ? answer(**view) : view.status();
        }
        if (status.ok() && !call->HoldAnswer(response->Length())) {
          response->Clear();
          status = absl::ResourceExhaustedError("too many answers on their way");
        }
        Finish(&call->context(), call, status);
      });
  if (!queued) Finish(context, call, absl::ResourceExhaustedError("too many reads"));
  return call;
}

void UnaryCalls::Finish(Context* context, Reactor* reactor, const absl::Status& status) {
  if (status.ok()) {
    reactor->Finish(grpc::Status::OK);
    return;
  }
  const ClientError error = ToClientError(status, log_);
  if (!error.refusal.empty()) context->AddTrailingMetadata(kRefusalMetadata, error.refusal);
  reactor->Finish(ToGrpc(error));
}

UnaryCalls::Reactor* UnaryCalls::FinishNow(Context* context, const absl::Status& status) {
  Reactor* reactor = context->DefaultReactor();
  Finish(context, reactor, status);
  return reactor;
}

}  // namespace touchstone::service
