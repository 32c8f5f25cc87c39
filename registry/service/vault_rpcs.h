// The RPCs of proto/touchstone/v1/vault_service.proto: each decodes, checks who asks, calls the
// vault, and encodes. What an RPC means is decided in registry/vault/.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_VAULT_RPCS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_VAULT_RPCS_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <string>

#include "registry/ledger/clock.h"
#include "registry/service/lookup_rate.h"
#include "registry/service/unary_calls.h"
#include "registry/service/vault_streams.h"
#include "registry/vault/vault.h"
#include "touchstone/v1/access.pb.h"
#include "touchstone/v1/vault_service.grpc.pb.h"

namespace touchstone::service {

namespace raw_methods {

using V = v1::Vault;
using ListDocuments = V::WithRawCallbackMethod_ListDocuments<V::Service>;
using ListAccesses = V::WithRawCallbackMethod_ListAccesses<ListDocuments>;
using WithdrawGrant = V::WithRawCallbackMethod_WithdrawGrant<ListAccesses>;
using EraseDocuments = V::WithRawCallbackMethod_EraseDocuments<WithdrawGrant>;
using PutDocument = V::WithRawCallbackMethod_PutDocument<EraseDocuments>;
using GetDocument = V::WithRawCallbackMethod_GetDocument<PutDocument>;
using AllOfVault = V::WithRawCallbackMethod_GetPublicDocument<GetDocument>;

}  // namespace raw_methods

class VaultRpcs final : public raw_methods::AllOfVault {
 public:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  // All outlive the calls.
  VaultRpcs(std::string log_origin, const ledger::Clock& clock, UnaryCalls calls,
            VaultStreams& streams, Log& log);

  // From here on calls go to it, which must outlive them; nullptr: this registry has none, and they
  // are answered UNIMPLEMENTED. Before, they are answered UNAVAILABLE.
  void Serve(vault::Vault* vault) {
    vault_ = vault;
    serving_ = true;
  }

  Reactor* ListDocuments(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* ListAccesses(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* WithdrawGrant(Context* context, const Bytes* request, Bytes* response) override;
  Reactor* EraseDocuments(Context* context, const Bytes* request, Bytes* response) override;
  grpc::ServerBidiReactor<Bytes, Bytes>* PutDocument(Context* context) override;
  grpc::ServerWriteReactor<Bytes>* GetDocument(Context* context, const Bytes* request) override;
  grpc::ServerWriteReactor<Bytes>* GetPublicDocument(Context* context,
                                                     const Bytes* request) override;

 private:
  template <typename Response>
  using Answering = absl::Status (*)(vault::Vault& vault, const ledger::View& view,
                                     const vault::VaultRequest& request, Response* response);

  template <typename Response>
  Reactor* Answer(Context* context, const Bytes* request, Bytes* response,
                  v1::VaultRequest::QueryCase asked, Answering<Response> answering);

  const std::string log_origin_;
  const ledger::Clock& clock_;
  UnaryCalls calls_;
  VaultStreams& streams_;
  Log& log_;
  // Why there is none to go to.
  absl::Status NoVault() const;

  std::atomic<vault::Vault*> vault_ = nullptr;
  std::atomic<bool> serving_ = false;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_VAULT_RPCS_H_
