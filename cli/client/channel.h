// What the clients of a registry have in common below their calls: the channel, deadlines, and the
// one place where gRPC's statuses become ours. For cli/client/ alone: nothing else there knows
// gRPC.
#ifndef TOUCHSTONE_CLI_CLIENT_CHANNEL_H_
#define TOUCHSTONE_CLI_CLIENT_CHANNEL_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/client/connection.h"

namespace touchstone::cli {

// `code` and `message` with the name of a refusal, if there is one.
absl::Status WithRefusal(absl::StatusCode code, absl::string_view message,
                         absl::string_view refusal);

class RegistryChannel {
 public:
  // Does not connect yet. kInvalidArgument: no TLS to another host without `insecure`, a file that
  // cannot be read, half of a client certificate.
  static absl::StatusOr<RegistryChannel> Open(const ConnectionOptions& options);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& address() const { return options_.address; }

  // Of one call, from now on; `more` for what it has to carry.
  void SetDeadline(grpc::ClientContext* context, absl::Duration more = absl::ZeroDuration()) const;

  // What the registry answered, with its message and its refusal's name; for kUnavailable and
  // kDeadlineExceeded with the address, and what may be wrong with the connection's options.
  absl::Status ToAbsl(const grpc::Status& status, const grpc::ClientContext& context) const;

  // A unary call with a deadline.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    SetDeadline(&context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return ToAbsl(status, context);
    return response;
  }

 private:
  RegistryChannel(ConnectionOptions options, std::shared_ptr<grpc::Channel> channel)
      : options_(std::move(options)), channel_(std::move(channel)) {}
  absl::string_view Hint(absl::string_view failure) const;

  ConnectionOptions options_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLIENT_CHANNEL_H_
