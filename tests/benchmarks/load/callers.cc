#include "tests/benchmarks/load/callers.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "touchstone/v1/registry_service.grpc.pb.h"

namespace touchstone::load {
namespace {

void EndIfFailed(const grpc::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "touchstone-load: the server answered %d: %s\n", status.error_code(),
               status.error_message().c_str());
  std::exit(1);
}

}  // namespace

class Callers::Caller {
 public:
  explicit Caller(int port) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
    stub_ = v1::Registry::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials(), arguments));
  }

  std::string Submit(const std::string& envelope) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    v1::SubmitRequest request;
    request.set_envelope(envelope);
    v1::SubmitResponse response;
    EndIfFailed(stub_->Submit(&context, request, &response));
    return std::move(*response.mutable_receipt());
  }

  std::string GetPassport(const std::string& id) {
    grpc::ClientContext context;
    v1::GetPassportRequest request;
    request.set_passport_id(id);
    v1::GetPassportResponse response;
    EndIfFailed(stub_->GetPassport(&context, request, &response));
    return std::move(*response.mutable_passport());
  }

  void Stream(const std::vector<std::string>& envelopes, std::vector<Answered>* answers) {
    grpc::ClientContext context;
    const auto stream = stub_->SubmitStream(&context);
    std::thread writer([&] {
      v1::SubmitStreamRequest request;
      for (size_t i = 0; i < envelopes.size(); ++i) {
        request.set_tag(i);
        request.set_envelope(envelopes[i]);
        if (!stream->Write(request, grpc::WriteOptions().set_buffer_hint())) return;
      }
      stream->WritesDone();
    });
    v1::SubmitStreamResponse response;
    while (stream->Read(&response)) {
      if (!response.has_receipt()) {
        std::fprintf(stderr, "touchstone-load: a record was refused: %s\n",
                     response.error().message().c_str());
        std::exit(1);
      }
      answers->push_back({&envelopes[response.tag()], std::move(*response.mutable_receipt())});
    }
    writer.join();
    EndIfFailed(stream->Finish());
  }

 private:
  std::unique_ptr<v1::Registry::Stub> stub_;
};

Callers::Callers(int count, int port) {
  for (int i = 0; i < count; ++i) callers_.push_back(std::make_unique<Caller>(port));
}

Callers::~Callers() = default;

Measured Callers::Submit(const std::vector<std::string>& envelopes, absl::Duration duration,
                         std::vector<Answered>* answers,
                         const std::function<void(const Answered&)>& check) {
  answers->resize(envelopes.size());
  std::atomic<size_t> next = 0;
  const Measured measured =
      RunClosedLoop(static_cast<int>(callers_.size()), duration, [&](int caller) {
        const size_t i = next++;
        if (i >= envelopes.size()) {
          std::fprintf(stderr, "touchstone-load: out of records; give --records more\n");
          std::exit(1);
        }
        Answered& answer = (*answers)[i];
        answer = {&envelopes[i], callers_[static_cast<size_t>(caller)]->Submit(envelopes[i])};
        if (check) check(answer);
        return true;
      });
  answers->resize(next);
  return measured;
}

Measured Callers::Echo(const std::string& envelope, absl::Duration duration) {
  return RunClosedLoop(static_cast<int>(callers_.size()), duration, [&](int caller) {
    return callers_[static_cast<size_t>(caller)]->Submit(envelope) == envelope;
  });
}

Measured Callers::GetPassports(const std::vector<std::string>& ids, absl::Duration duration,
                               std::vector<std::string>* sample) {
  sample->resize(callers_.size());
  std::vector<std::mt19937_64> random;
  for (size_t i = 0; i < callers_.size(); ++i) random.emplace_back(i);
  return RunClosedLoop(static_cast<int>(callers_.size()), duration, [&](int number) {
    const auto caller = static_cast<size_t>(number);
    (*sample)[caller] = callers_[caller]->GetPassport(ids[random[caller]() % ids.size()]);
    return true;
  });
}

Measured Callers::Stream(const std::vector<std::string>& envelopes,
                         std::vector<Answered>* answers) {
  const auto began = std::chrono::steady_clock::now();
  callers_.front()->Stream(envelopes, answers);
  Measured measured;
  measured.calls = answers->size();
  measured.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return measured;
}

}  // namespace touchstone::load
