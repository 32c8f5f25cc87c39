// The one map from an absl::Status of ours to what a client is told. Refusals go out as they are:
// they speak of what the client sent. Everything else becomes a fixed sentence, since a store's or
// a system's message can name paths and more; the log has the whole of it under an incident id.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_STATUS_MAP_H_
#define TOUCHSTONE_REGISTRY_SERVICE_STATUS_MAP_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "registry/service/log.h"

namespace touchstone::service {

// Longer messages are cut: a client takes no more than a few KiB of trailers, status included.
inline constexpr size_t kErrorMessageBytesMax = 1500;

// Name of the trailing metadata that carries `refusal`.
inline constexpr char kRefusalMetadata[] = "touchstone-refusal";

struct ClientError {
  // google.rpc.Code, which absl::StatusCode and grpc::StatusCode both number alike; never OK.
  int code = 0;
  std::string message;
  std::string refusal;  // stable name; empty where the status is no refusal
};

// A status whose message is for the client as it stands, where others of its code are not.
absl::Status ForClient(absl::StatusCode code, absl::string_view message);

// `status` is not OK. The registry's own faults are logged.
ClientError ToClientError(const absl::Status& status, Log& log);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_STATUS_MAP_H_
