// The gRPC server: listens, serves the registry's RPCs, health and reflection, and ends without
// dropping what was begun. Not for the ledger's life, which is the caller's.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_RPC_SERVER_H_
#define TOUCHSTONE_REGISTRY_SERVICE_RPC_SERVER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/service/log.h"
#include "registry/service/options.h"
#include "registry/vault/vault.h"

namespace touchstone::service {

class RpcServer {
 public:
  // Listens, and answers every call that the registry is not serving yet. `clock` and `log` outlive
  // the server. InvalidArgument: the TLS files (see ReadPemFiles). Unavailable: the address cannot
  // be listened on.
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(const Options& options,
                                                          const ledger::Clock& clock, Log& log);

  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;
  // Drains with no time to spare, where that was not done.
  ~RpcServer();

  int port() const;

  // From here on calls reach `ledger` and, where there is one, `vault`; both must live until
  // Drain() has returned.
  void Serve(ledger::Ledger& ledger, vault::Vault* vault = nullptr);

  // What has to be looked after now and then, about once a second: calls that take too long,
  // streams that fell silent.
  void Tick();

  // Turns new calls away, lets open ones finish for at most `limit`, then cancels them. Returns
  // when no call is open any more; a submission is never cut off before the ledger has answered it.
  void Drain(absl::Duration limit);

 private:
  class Parts;
  explicit RpcServer(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_RPC_SERVER_H_
