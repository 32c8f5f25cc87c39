#include "registry/service/rpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "registry/service/connection_listener.h"
#include "registry/service/descriptor_limit.h"
#include "registry/service/limits.h"
#include "registry/service/open_calls.h"
#include "registry/service/pem_files.h"
#include "registry/service/read_pool.h"
#include "registry/service/registry_rpcs.h"
#include "registry/service/serving_state.h"
#include "registry/service/signed_request.h"
#include "registry/service/submit_streams.h"
#include "registry/service/unary_calls.h"
#include "registry/service/vault_rpcs.h"
#include "registry/service/vault_streams.h"
#include "registry/service/watch_streams.h"

namespace touchstone::service {
namespace {

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(const Options& options,
                                                                     Log& log) {
  if (options.tls_certificate_file.empty()) return grpc::InsecureServerCredentials();
  absl::StatusOr<PemFiles> files = ReadPemFiles(options.tls_certificate_file, options.tls_key_file,
                                                options.client_ca_file, absl::Now());
  if (!files.ok()) return files.status();
  log.Info("tls", "the certificate was read",
           {{"valid_until", absl::FormatTime(files->valid_until, absl::UTCTimeZone())}});
  grpc::SslServerCredentialsOptions ssl(
      files->client_ca.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                               : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  ssl.pem_root_certs = std::move(files->client_ca);
  ssl.pem_key_cert_pairs.push_back(
      {std::move(files->private_key), std::move(files->certificate_chain)});
  return grpc::SslServerCredentials(ssl);
}

constexpr absl::Duration kFarewell = absl::Milliseconds(500);

int Milliseconds(uint32_t seconds) { return static_cast<int>(seconds * 1000); }

void SetLimits(const Options& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(limits::kRpcRequestBytesMax);
  builder->SetMaxSendMessageSize(limits::kRpcResponseBytesMax);
  grpc::ResourceQuota quota("registry");
  quota.Resize(size_t{options.rpc_memory_mib} << 20);
  builder->SetResourceQuota(quota);
  // A compressed message is bounded as it comes in and not as it would be unpacked.
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);

  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                              static_cast<int>(options.streams_per_connection));
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, limits::kRpcMetadataBytesMax);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                              Milliseconds(options.handshake_seconds));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keepalive_seconds));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                              Milliseconds(options.idle_connection_seconds));
}

}  // namespace

// Ordered so that what the calls use outlives the calls: the server goes first.
class RpcServer::Parts {
 public:
  Parts(const Options& options, const ledger::Clock& clock, Log& log)
      : calls_({options.calls_max, size_t{options.answer_memory_mib} << 20,
                absl::Seconds(options.call_seconds)},
               state_),
        streams_({options.bulk_streams, options.stream_window,
                  absl::Seconds(options.stream_idle_seconds)},
                 state_, log),
        requests_(options.origin, clock),
        reads_(options.reads_at_once, options.reads_waiting),
        lookups_(options.lookups_per_minute, limits::kLookupNetworksMax),
        watches_({options.watch_streams, options.watch_streams_per_address, limits::kWatchedKeysMax,
                  absl::Seconds(options.watch_heartbeat_seconds),
                  absl::Seconds(options.stream_idle_seconds)},
                 state_, reads_, log),
        rpcs_(calls_, requests_, reads_, streams_, watches_, lookups_, log),
        vault_pool_(options.vault_at_once, options.reads_waiting),
        stream_pool_(options.vault_at_once, options.vault_streams),
        vault_streams_({options.vault_streams, absl::Seconds(options.stream_idle_seconds)},
                       options.origin, clock, state_, stream_pool_, log),
        vault_rpcs_(options.origin, clock, UnaryCalls(calls_, vault_pool_, log), vault_streams_,
                    log) {}

  absl::Status Listen(const Options& options, Log& log) {
    absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials =
        Credentials(options, log);
    if (!credentials.ok()) return credentials.status();
    auto listener = ConnectionListener::Listen(options.listen, log);
    if (!listener.ok()) return listener.status();
    grpc::EnableDefaultHealthCheckService(true);
    if (!options.no_reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    SetLimits(options, &builder);
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, *credentials);
    builder.RegisterService(&rpcs_);
    builder.RegisterService(&vault_rpcs_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) return absl::InternalError("gRPC did not start; its log says why");
    SetHealthy(false);
    port_ = (*listener)->port();
    listener_ = *std::move(listener);
    listener_->Start(ConnectionsThatFit(options.connections_max, log), [this](int fd) {
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
      connection.fd = fd;
      acceptor_->HandleNewConnection(&connection);
    });
    return absl::OkStatus();
  }

  void SetHealthy(bool healthy) {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    health->SetServingStatus(healthy);
    health->SetServingStatus(v1::Registry::service_full_name(), healthy);
  }

  void Drain(absl::Duration limit) {
    if (server_ == nullptr) return;
    const absl::Time until = absl::Now() + limit;
    SetHealthy(false);
    state_.Close();
    streams_.Drain();
    vault_streams_.Drain();
    watches_.Drain();
    // While calls are open, new ones are still told that this registry is stopping; a server that
    // is shutting down would only cancel them.
    state_.AwaitNoCalls(limit);
    listener_->Stop();
    // What is left are connections. A client that does nothing answers the farewell late, and
    // loses nothing when it is not waited for.
    server_->Shutdown(absl::ToChronoTime(std::min(until, absl::Now() + kFarewell)));
    server_->Wait();
    state_.AwaitNoCalls();  // the last may have ended and not left yet
    server_.reset();
  }

  ServingState state_;
  OpenCalls calls_;
  SubmitStreams streams_;
  RequestVerifier requests_;
  ReadPool reads_;
  LookupRate lookups_;
  WatchStreams watches_;
  RegistryRpcs rpcs_;
  // The vault waits for the disk at every call: it has threads of its own; its streams too, each of
  // which has one thing to do at a time, so that none of them is ever turned away in the middle.
  ReadPool vault_pool_;
  ReadPool stream_pool_;
  VaultStreams vault_streams_;
  VaultRpcs vault_rpcs_;
  int port_ = 0;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<ConnectionListener> listener_;
};

RpcServer::RpcServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

RpcServer::~RpcServer() { parts_->Drain(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(const Options& options,
                                                            const ledger::Clock& clock, Log& log) {
  auto parts = std::make_unique<Parts>(options, clock, log);
  if (absl::Status status = parts->Listen(options, log); !status.ok()) return status;
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(parts)));
}

int RpcServer::port() const { return parts_->port_; }

void RpcServer::Serve(ledger::Ledger& ledger, vault::Vault* vault) {
  parts_->vault_rpcs_.Serve(vault);
  parts_->state_.Open(ledger);
  parts_->SetHealthy(true);
}

void RpcServer::Tick() {
  const absl::Time now = absl::Now();
  parts_->calls_.CancelOld(now);
  parts_->streams_.EndSilent(now);
  parts_->vault_streams_.EndSilent(now);
  parts_->watches_.Tick(now);
}

void RpcServer::Drain(absl::Duration limit) { parts_->Drain(limit); }

}  // namespace touchstone::service
