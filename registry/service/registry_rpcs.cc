#include "registry/service/registry_rpcs.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/service/reads.h"
#include "registry/service/rpc_message.h"
#include "registry/service/status_map.h"

namespace touchstone::service {
namespace {

// Whether nobody waits for an answer any more. Work that was not begun is then not begun.
absl::Status CallIsOver(const grpc::CallbackServerContext& context) {
  if (context.deadline() <= std::chrono::system_clock::now()) {
    return absl::DeadlineExceededError("expired");
  }
  if (context.IsCancelled()) return absl::CancelledError("cancelled");
  return absl::OkStatus();
}

// Which checkpoint the answer is to be under; the newest where a request has no such field.
template <typename Request>
v1::CheckpointChoice ChoiceIn(const Request& request) {
  if constexpr (requires { request.checkpoint(); }) {
    return request.checkpoint();
  } else {
    return v1::NEWEST;
  }
}

}  // namespace

RegistryRpcs::RegistryRpcs(OpenCalls& calls, RequestVerifier& requests, ReadPool& reads,
                           SubmitStreams& streams, WatchStreams& watches, LookupRate& lookups,
                           Log& log)
    : calls_(calls),
      requests_(requests),
      reads_(reads),
      streams_(streams),
      watches_(watches),
      lookups_(lookups),
      log_(log) {}

void RegistryRpcs::Finish(Context* context, Reactor* reactor, const absl::Status& status) {
  if (status.ok()) {
    reactor->Finish(grpc::Status::OK);
    return;
  }
  const ClientError error = ToClientError(status, log_);
  if (!error.refusal.empty()) context->AddTrailingMetadata(kRefusalMetadata, error.refusal);
  reactor->Finish(ToGrpc(error));
}

RegistryRpcs::Reactor* RegistryRpcs::FinishNow(Context* context, const absl::Status& status) {
  Reactor* reactor = context->DefaultReactor();
  Finish(context, reactor, status);
  return reactor;
}

// ---- Writing. ----

RegistryRpcs::Reactor* RegistryRpcs::Submit(Context* context, const Bytes* request,
                                            Bytes* response) {
  v1::SubmitRequest submission;
  absl::Status status = Decode(*request, &submission);
  if (status.ok()) status = CallIsOver(*context);
  if (!status.ok()) return FinishNow(context, status);
  const absl::StatusOr<OpenCalls::Call*> begun = calls_.Begin(context);
  if (!begun.ok()) return FinishNow(context, begun.status());
  OpenCalls::Call* call = *begun;
  call->ledger().Submit(std::move(*submission.mutable_envelope()),
                        [this, call, response](absl::StatusOr<ledger::Receipt> receipt) {
                          absl::Status outcome = receipt.status();
                          if (receipt.ok()) {
                            v1::SubmitResponse answer;
                            answer.set_receipt(std::move(receipt->bytes));
                            answer.set_provisional(receipt->provisional);
                            outcome = Encode(answer, response);
                          }
                          Finish(&call->context(), call, outcome);
                        });
  return call;
}

grpc::ServerBidiReactor<RegistryRpcs::Bytes, RegistryRpcs::Bytes>* RegistryRpcs::SubmitStream(
    Context* context) {
  return streams_.Start(context);
}

// ---- Watching. ----

grpc::ServerWriteReactor<RegistryRpcs::Bytes>* RegistryRpcs::Watch(Context* context,
                                                                   const Bytes* request) {
  return watches_.Start(context, *request);
}

// ---- Reading. ----

RegistryRpcs::Reactor* RegistryRpcs::RunOnPool(
    Context* context, Bytes* response, v1::CheckpointChoice choice,
    absl::AnyInvocable<absl::Status(const ledger::View&)> answer) {
  const absl::StatusOr<OpenCalls::Call*> begun = calls_.Begin(context);
  if (!begun.ok()) return FinishNow(context, begun.status());
  OpenCalls::Call* call = *begun;
  const bool queued =
      reads_.TryRun([this, call, response, choice, answer = std::move(answer)]() mutable {
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

template <typename Request, typename Response>
RegistryRpcs::Reactor* RegistryRpcs::Read(Context* context, const Bytes* request, Bytes* response,
                                          Reading<Request, Response> reading) {
  Request decoded;
  if (absl::Status status = Decode(*request, &decoded); !status.ok()) {
    return FinishNow(context, status);
  }
  return ReadDecoded(context, std::move(decoded), response, reading);
}

template <typename Request, typename Response>
RegistryRpcs::Reactor* RegistryRpcs::ReadDecoded(Context* context, Request decoded, Bytes* response,
                                                 Reading<Request, Response> reading) {
  const v1::CheckpointChoice choice = ChoiceIn(decoded);
  return RunOnPool(
      context, response, choice,
      [decoded = std::move(decoded), response, reading](const ledger::View& view) -> absl::Status {
        Response answer;
        absl::Status status = reading(view, decoded, &answer);
        return status.ok() ? Encode(answer, response) : status;
      });
}

template <typename Response>
RegistryRpcs::Reactor* RegistryRpcs::ReadPassport(
    Context* context, const Bytes* request, Bytes* response,
    Reading<v1::GetPassportRequest, Response> reading) {
  v1::GetPassportRequest decoded;
  if (absl::Status status = Decode(*request, &decoded); !status.ok()) {
    return FinishNow(context, status);
  }
  if (!decoded.has_passport_id()) {
    const std::optional<absl::Duration> wait = lookups_.Take(context->peer(), absl::Now());
    if (wait.has_value()) {
      return FinishNow(
          context, ForClient(absl::StatusCode::kResourceExhausted,
                             absl::StrCat("too many lookups from this address: the next is "
                                          "answered in ",
                                          absl::ToInt64Seconds(absl::Ceil(*wait, absl::Seconds(1))),
                                          " s. By passport id there is no such limit")));
    }
  }
  return ReadDecoded(context, std::move(decoded), response, reading);
}

template <typename Response>
RegistryRpcs::Reactor* RegistryRpcs::ReadSigned(Context* context, const Bytes* request,
                                                Bytes* response,
                                                Reading<SignedRequest, Response> reading) {
  v1::SignedRequest decoded;
  if (absl::Status status = Decode(*request, &decoded); !status.ok()) {
    return FinishNow(context, status);
  }
  return RunOnPool(context, response, v1::NEWEST,
                   [this, decoded = std::move(decoded), response,
                    reading](const ledger::View& view) -> absl::Status {
                     const absl::StatusOr<SignedRequest> verified =
                         requests_.Verify(view, decoded.envelope());
                     if (!verified.ok()) return verified.status();
                     Response answer;
                     absl::Status status = reading(view, *verified, &answer);
                     return status.ok() ? Encode(answer, response) : status;
                   });
}

RegistryRpcs::Reactor* RegistryRpcs::GetPassport(Context* context, const Bytes* request,
                                                 Bytes* response) {
  return ReadPassport(context, request, response, &service::GetPassport);
}

RegistryRpcs::Reactor* RegistryRpcs::Lookup(Context* context, const Bytes* request,
                                            Bytes* response) {
  return ReadPassport(context, request, response, &service::Lookup);
}

RegistryRpcs::Reactor* RegistryRpcs::GetCards(Context* context, const Bytes* request,
                                              Bytes* response) {
  return Read(context, request, response, &service::GetCards);
}

RegistryRpcs::Reactor* RegistryRpcs::ListPieces(Context* context, const Bytes* request,
                                                Bytes* response) {
  return ReadSigned(context, request, response, &service::ListPieces);
}

RegistryRpcs::Reactor* RegistryRpcs::FindPiece(Context* context, const Bytes* request,
                                               Bytes* response) {
  return ReadSigned(context, request, response, &service::FindPiece);
}

RegistryRpcs::Reactor* RegistryRpcs::GetCheckpoint(Context* context, const Bytes* request,
                                                   Bytes* response) {
  return Read(context, request, response, &service::GetCheckpoint);
}

RegistryRpcs::Reactor* RegistryRpcs::GetTile(Context* context, const Bytes* request,
                                             Bytes* response) {
  return Read(context, request, response, &service::GetTile);
}

RegistryRpcs::Reactor* RegistryRpcs::GetEntryBundle(Context* context, const Bytes* request,
                                                    Bytes* response) {
  return Read(context, request, response, &service::GetEntryBundle);
}

RegistryRpcs::Reactor* RegistryRpcs::GetInclusionProof(Context* context, const Bytes* request,
                                                       Bytes* response) {
  return Read(context, request, response, &service::GetInclusionProof);
}

RegistryRpcs::Reactor* RegistryRpcs::GetConsistencyProof(Context* context, const Bytes* request,
                                                         Bytes* response) {
  return Read(context, request, response, &service::GetConsistencyProof);
}

RegistryRpcs::Reactor* RegistryRpcs::GetPublicEntries(Context* context, const Bytes* request,
                                                      Bytes* response) {
  return Read(context, request, response, &service::GetPublicEntries);
}

RegistryRpcs::Reactor* RegistryRpcs::GetInsertions(Context* context, const Bytes* request,
                                                   Bytes* response) {
  return Read(context, request, response, &service::GetInsertions);
}

RegistryRpcs::Reactor* RegistryRpcs::ListParticipants(Context* context, const Bytes* request,
                                                      Bytes* response) {
  return Read(context, request, response, &service::ListParticipants);
}

}  // namespace touchstone::service
