// Puts what gRPC itself has to say (an address that is taken, descriptors that ran out) into the
// registry's log, so that there is one log in one form.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_GRPC_LOG_H_
#define TOUCHSTONE_REGISTRY_SERVICE_GRPC_LOG_H_

#include "registry/service/log.h"

namespace touchstone::service {

// From now on, gRPC's errors go to `log` as warnings, and nothing else of it anywhere. gRPC takes a
// bare function for this, so the log is kept in a static; call StopGrpcLog() before the log goes.
void RouteGrpcLog(Log& log);
void StopGrpcLog();

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_GRPC_LOG_H_
