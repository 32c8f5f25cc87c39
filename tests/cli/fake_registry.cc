#include "tests/cli/fake_registry.h"

#include <grpcpp/grpcpp.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/verifier/reference_tree.h"
#include "touchstone/v1/registry_service.grpc.pb.h"
#include "verifier/entry.h"
#include "verifier/merkle.h"

namespace touchstone::cli {

class FakeRegistry::Service final : public v1::Registry::Service {
 public:
  explicit Service(const FakeRegistry* answers) : answers_(answers) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) std::abort();
  }

  int port() const { return port_; }

 private:
  using Context = grpc::ServerContext;

  static grpc::Status NotFound() { return {grpc::StatusCode::NOT_FOUND, "there is none"}; }

  grpc::Status GetPassport(Context*, const v1::GetPassportRequest*,
                           v1::GetPassportResponse* response) override {
    response->set_passport(answers_->passport);
    return answers_->passport.empty() ? NotFound() : grpc::Status::OK;
  }

  grpc::Status Lookup(Context*, const v1::GetPassportRequest*,
                      v1::LookupResponse* response) override {
    if (!answers_->lookup_passport.empty()) {
      response->set_passport(answers_->lookup_passport);
    } else if (!answers_->lookup_absence.empty()) {
      response->set_absence(answers_->lookup_absence);
    } else {
      return NotFound();
    }
    return grpc::Status::OK;
  }

  grpc::Status GetCheckpoint(Context*, const v1::GetCheckpointRequest*,
                             v1::GetCheckpointResponse* response) override {
    if (answers_->log == nullptr) return NotFound();
    response->set_checkpoint(answers_->log->Checkpoint());
    return grpc::Status::OK;
  }

  grpc::Status Watch(Context* context, const v1::WatchRequest*,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    for (const std::string& bytes : answers_->watch) {
      v1::WatchResponse response;
      if (!response.ParseFromString(bytes)) std::abort();
      writer->Write(response);
    }
    // Polled: a handler of this kind is told of it in no other way.
    while (answers_->watch_stays_open && !context->IsCancelled()) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return {grpc::StatusCode::UNAVAILABLE, "that was all"};
  }

  grpc::Status GetConsistencyProof(Context*, const v1::GetConsistencyProofRequest* request,
                                   v1::GetConsistencyProofResponse* response) override {
    if (answers_->log == nullptr) return NotFound();
    std::vector<Digest> leaves;
    for (uint64_t i = 0; i < request->second_size() && i < answers_->log->size(); ++i) {
      const Digest digest = EntryDigest(answers_->log->Frame(i));
      leaves.push_back(LeafHash(DigestBytes(digest)));
    }
    std::string path;
    for (const Digest& hash : ReferenceConsistencyProof(request->first_size(), leaves)) {
      absl::StrAppend(&path, DigestBytes(hash));
    }
    response->set_second_size(leaves.size());
    response->set_path(path);
    return grpc::Status::OK;
  }

  const FakeRegistry* const answers_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // ends with this object
};

FakeRegistry::FakeRegistry()
    : service_(std::make_unique<Service>(this)),
      address_(absl::StrCat("127.0.0.1:", service_->port())) {}

FakeRegistry::~FakeRegistry() = default;

}  // namespace touchstone::cli
