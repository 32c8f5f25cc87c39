// A whole registry in this process, on the loopback: a real ledger on a store in memory, the real
// server, and a client's stub. Its statements come from a TestLog, which signs them.
#ifndef TOUCHSTONE_TESTS_REGISTRY_SERVICE_TEST_REGISTRY_H_
#define TOUCHSTONE_TESTS_REGISTRY_SERVICE_TEST_REGISTRY_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/service/log.h"
#include "registry/service/options.h"
#include "registry/service/rpc_server.h"
#include "registry/storage/memory_store.h"
#include "tests/registry/service/gated_store.h"
#include "tests/registry/storage/faulty_store.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/support/test_log.h"
#include "touchstone/v1/passport.pb.h"
#include "touchstone/v1/registry_service.grpc.pb.h"
#include "verifier/policy.h"

namespace touchstone::service {

class TestClock final : public ledger::Clock {
 public:
  explicit TestClock(uint64_t now_ms) : now_ms_(now_ms) {}
  uint64_t NowMs() const override { return now_ms_; }
  void Advance(uint64_t ms) { now_ms_ += ms; }

 private:
  std::atomic<uint64_t> now_ms_;
};

class TestRegistry {
 public:
  // Serves, with its genesis, the issuer "maison" (key "maison key") and the laboratory "lab"
  // (key "lab key", reports as GIA). `edit` changes the options before the server starts.
  // `witnesses`: names of those who must all cosign, by keys of the same names; CosignNewest()
  // does it for them.
  explicit TestRegistry(const std::function<void(Options&)>& edit = nullptr,
                        const std::vector<std::string>& witnesses = {});
  ~TestRegistry();

  v1::Registry::Stub& stub() { return *stub_; }
  std::shared_ptr<grpc::Channel> NewChannel(
      const std::shared_ptr<grpc::ChannelCredentials>& credentials) const;
  int port() const { return server_->port(); }
  std::string address() const;

  TestLog& log() { return log_; }
  TestClock& clock() { return clock_; }
  storage::GatedStore& store() { return gated_; }
  storage::FaultyStore& faults() { return faulty_; }
  RpcServer& server() { return *server_; }
  ledger::Ledger& ledger() { return *ledger_; }
  const TrustPolicy& policy() const { return policy_; }
  // The same with the witnesses' quorum.
  TrustPolicy witness_policy() const;
  void CosignNewest();
  std::string log_text() const;
  bool failed() const { return failed_; }

  // The envelope that the TestLog signed for its entry there.
  std::string EnvelopeAt(const EntryPlace& place) const;
  // Of a registration of that piece by the maison.
  std::string Registration(int passport) {
    return EnvelopeAt(log_.Register(passport, "maison key"));
  }

  // The receipt; fails the test on an error.
  std::string Submit(const std::string& envelope) { return SubmitForAnswer(envelope).receipt(); }
  v1::SubmitResponse SubmitForAnswer(const std::string& envelope);
  void Drain(absl::Duration limit) { server_->Drain(limit); }

 private:
  storage::ScratchDirectory scratch_;
  TestLog log_;
  TestClock clock_;
  const std::vector<std::string> witnesses_;
  TrustPolicy policy_;
  mutable absl::Mutex mutex_;
  std::vector<std::string> lines_;
  Log operator_log_;
  storage::MemoryStore memory_;
  storage::FaultyStore faulty_;
  storage::GatedStore gated_;
  std::unique_ptr<ledger::CheckpointSigner> signer_;
  std::atomic<bool> failed_ = false;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<v1::Registry::Stub> stub_;
};

// The name in the trailing metadata; empty where there is none.
std::string RefusalOf(const grpc::ClientContext& context);

// A unary call with whatever bytes as its request.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* response);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_TESTS_REGISTRY_SERVICE_TEST_REGISTRY_H_
