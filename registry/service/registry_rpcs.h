// The RPCs of proto/touchstone/v1/registry_service.proto on gRPC's callback API: each decodes,
// calls the ledger or one of reads.h, and encodes. What an RPC means is decided there, not here.
//
// Messages are taken raw and decoded here, because gRPC answers INTERNAL to bytes that are no
// message, which is the caller's mistake and not ours.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_REGISTRY_RPCS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_REGISTRY_RPCS_H_

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "registry/ledger/view.h"
#include "registry/service/log.h"
#include "registry/service/lookup_rate.h"
#include "registry/service/open_calls.h"
#include "registry/service/read_pool.h"
#include "registry/service/signed_request.h"
#include "registry/service/submit_streams.h"
#include "registry/service/unary_calls.h"
#include "registry/service/watch_streams.h"
#include "touchstone/v1/registry_service.grpc.pb.h"

namespace touchstone::service {

namespace raw_methods {

using S = v1::Registry;
using Submit = S::WithRawCallbackMethod_Submit<S::Service>;
using SubmitStream = S::WithRawCallbackMethod_SubmitStream<Submit>;
using GetPassport = S::WithRawCallbackMethod_GetPassport<SubmitStream>;
using Lookup = S::WithRawCallbackMethod_Lookup<GetPassport>;
using GetCards = S::WithRawCallbackMethod_GetCards<Lookup>;
using ListPieces = S::WithRawCallbackMethod_ListPieces<GetCards>;
using FindPiece = S::WithRawCallbackMethod_FindPiece<ListPieces>;
using GetCheckpoint = S::WithRawCallbackMethod_GetCheckpoint<FindPiece>;
using GetTile = S::WithRawCallbackMethod_GetTile<GetCheckpoint>;
using GetEntryBundle = S::WithRawCallbackMethod_GetEntryBundle<GetTile>;
using GetInclusionProof = S::WithRawCallbackMethod_GetInclusionProof<GetEntryBundle>;
using GetConsistencyProof = S::WithRawCallbackMethod_GetConsistencyProof<GetInclusionProof>;
using GetPublicEntries = S::WithRawCallbackMethod_GetPublicEntries<GetConsistencyProof>;
using GetInsertions = S::WithRawCallbackMethod_GetInsertions<GetPublicEntries>;
using ListParticipants = S::WithRawCallbackMethod_ListParticipants<GetInsertions>;
using All = S::WithRawCallbackMethod_Watch<ListParticipants>;

}  // namespace raw_methods

class RegistryRpcs final : public raw_methods::All {
 public:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  // All outlive the calls.
  RegistryRpcs(OpenCalls& calls, RequestVerifier& requests, ReadPool& reads, SubmitStreams& streams,
               WatchStreams& watches, LookupRate& lookups, Log& log);

  Reactor* Submit(Context* context, const Bytes* request, Bytes* response) override;
  grpc::ServerBidiReactor<Bytes, Bytes>* SubmitStream(Context* context) override;

  grpc::ServerWriteReactor<Bytes>* Watch(Context* context, const Bytes* request) override;

  Reactor* GetPassport(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* Lookup(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetCards(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* ListPieces(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* FindPiece(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetCheckpoint(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetTile(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetEntryBundle(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetInclusionProof(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetConsistencyProof(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetPublicEntries(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* GetInsertions(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* ListParticipants(Context* context, const Bytes* request, Bytes* response) override;

 private:
  template <typename Request, typename Response>
  using Reading = absl::Status (*)(const ledger::View&, const Request&, Response*);

  // Answers on a thread of the read pool.
  template <typename Request, typename Response>
  Reactor* Read(Context* context, const Bytes* request, Bytes* response,
                Reading<Request, Response> reading);

  template <typename Request, typename Response>
  Reactor* ReadDecoded(Context* context, Request decoded, Bytes* response,
                       Reading<Request, Response> reading);

  // The same for passports, by what they are asked for; what can be guessed only so often.
  template <typename Response>
  Reactor* ReadPassport(Context* context, const Bytes* request, Bytes* response,
                        Reading<v1::GetPassportRequest, Response> reading);

  // The same for a request that a participant must have signed.
  template <typename Response>
  Reactor* ReadSigned(Context* context, const Bytes* request, Bytes* response,
                      Reading<SignedRequest, Response> reading);

  UnaryCalls calls_;
  RequestVerifier& requests_;
  SubmitStreams& streams_;
  WatchStreams& watches_;
  LookupRate& lookups_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_REGISTRY_RPCS_H_
