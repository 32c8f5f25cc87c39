#include "tests/benchmarks/load/echo_server.h"

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "touchstone/v1/registry_service.grpc.pb.h"

namespace touchstone::load {
namespace {

class Echo final : public v1::Registry::WithCallbackMethod_Submit<v1::Registry::Service> {
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                   const v1::SubmitRequest* request,
                                   v1::SubmitResponse* response) override {
    response->set_receipt(request->envelope());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

void ServeEcho() {
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) std::abort();
  std::fprintf(stderr, "echo (serving) port=%d\n", port);
  server->Wait();
  std::abort();
}

}  // namespace touchstone::load
