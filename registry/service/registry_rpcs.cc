#include "registry/service/registry_rpcs.h"

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
    : calls_(calls, reads, log),
      requests_(requests),
      streams_(streams),
      watches_(watches),
      lookups_(lookups) {}

// ---- Writing. ----

RegistryRpcs::Reactor* RegistryRpcs::Submit(Context* context, const Bytes* request,
                                            Bytes* response) {
  v1::SubmitRequest submission;
  absl::Status status = Decode(*request, &submission);
  if (status.ok()) status = CallIsOver(*context);
  if (!status.ok()) return calls_.FinishNow(context, status);
  const absl::StatusOr<OpenCalls::Call*> begun = calls_.Begin(context);
  if (!begun.ok()) return calls_.FinishNow(context, begun.status());
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
                          calls_.Finish(&call->context(), call, outcome);
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

template <typename Request, typename Response>
RegistryRpcs::Reactor* RegistryRpcs::Read(Context* context, const Bytes* request, Bytes* response,
                                          Reading<Request, Response> reading) {
  Request decoded;
  if (absl::Status status = Decode(*request, &decoded); !status.ok()) {
    return calls_.FinishNow(context, status);
  }
  return ReadDecoded(context, std::move(decoded), response, reading);
}

template <typename Request, typename Response>
RegistryRpcs::Reactor* RegistryRpcs::ReadDecoded(Context* context, Request decoded, Bytes* response,
                                                 Reading<Request, Response> reading) {
  const v1::CheckpointChoice choice = ChoiceIn(decoded);
  return calls_.RunOnPool(
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
    return calls_.FinishNow(context, status);
  }
  if (!decoded.has_passport_id()) {
    const std::optional<absl::Duration> wait = lookups_.Take(context->peer(), absl::Now());
    if (wait.has_value()) {
      return calls_.FinishNow(
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
    return calls_.FinishNow(context, status);
  }
  return calls_.RunOnPool(context, response, v1::NEWEST,
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
