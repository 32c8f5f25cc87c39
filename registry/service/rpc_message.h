// Messages to and from the bytes that gRPC carries, and statuses to gRPC's. For the files of this
// directory that know gRPC.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_RPC_MESSAGE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_RPC_MESSAGE_H_

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "registry/service/status_map.h"

namespace touchstone::service {

// kInvalidArgument where the bytes are no such message.
template <typename Message>
absl::Status Decode(const grpc::ByteBuffer& bytes, Message* message) {
  grpc::ByteBuffer readable = bytes;  // shares the slices: reading moves a cursor
  if (grpc::SerializationTraits<Message>::Deserialize(&readable, message).ok()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("the bytes of the request are not the message of this RPC");
}

template <typename Message>
absl::Status Encode(const Message& message, grpc::ByteBuffer* bytes) {
  bool own_buffer = false;
  if (grpc::SerializationTraits<Message>::Serialize(message, bytes, &own_buffer).ok()) {
    return absl::OkStatus();
  }
  return absl::InternalError("an answer could not be encoded");
}

inline grpc::Status ToGrpc(const ClientError& error) {
  return grpc::Status(static_cast<grpc::StatusCode>(error.code), error.message);
}

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_RPC_MESSAGE_H_
