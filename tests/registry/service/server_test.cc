// The server around the RPCs: TLS, health, reflection, its address, its life.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/registry/service/test_certificates.h"
#include "tests/registry/service/test_registry.h"

namespace touchstone::service {
namespace {

using ::testing::HasSubstr;

std::string Contents(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

grpc::Status GetCheckpoint(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  v1::GetCheckpointResponse response;
  return v1::Registry::NewStub(channel)->GetCheckpoint(&context, v1::GetCheckpointRequest(),
                                                       &response);
}

class TlsTest : public ::testing::Test {
 protected:
  // As a client that trusts `authority` and, where `identity` is named, shows that certificate.
  std::shared_ptr<grpc::ChannelCredentials> Client(const std::string& authority,
                                                   const std::string& identity = "") const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = Contents(made_.Certificate(authority));
    if (!identity.empty()) {
      options.pem_cert_chain = Contents(made_.Certificate(identity));
      options.pem_private_key = Contents(made_.Key(identity));
    }
    return grpc::SslCredentials(options);
  }

  storage::ScratchDirectory scratch_;
  TestCertificates made_{scratch_.path()};
};

TEST_F(TlsTest, ServesThoseWhoTrustItsAuthority) {
  TestRegistry registry([&](Options& options) {
    options.tls_certificate_file = made_.Certificate("server");
    options.tls_key_file = made_.Key("server");
  });
  EXPECT_TRUE(GetCheckpoint(registry.NewChannel(Client("ca"))).ok());
  EXPECT_EQ(GetCheckpoint(registry.NewChannel(Client("other"))).error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(GetCheckpoint(registry.NewChannel(grpc::InsecureChannelCredentials())).error_code(),
            grpc::UNAVAILABLE);
  EXPECT_TRUE(GetCheckpoint(registry.NewChannel(Client("ca"))).ok());
}

TEST_F(TlsTest, MutualTlsTurnsAwayWhoeverShowsNoCertificateOfTheAuthority) {
  TestRegistry registry([&](Options& options) {
    options.tls_certificate_file = made_.Certificate("server");
    options.tls_key_file = made_.Key("server");
    options.client_ca_file = made_.Certificate("ca");
  });
  EXPECT_TRUE(GetCheckpoint(registry.NewChannel(Client("ca", "client"))).ok());
  for (const char* identity : {"", "stranger", "expired"}) {
    EXPECT_EQ(GetCheckpoint(registry.NewChannel(Client("ca", identity))).error_code(),
              grpc::UNAVAILABLE)
        << identity;
  }
}

TEST_F(TlsTest, WrongFilesAreSaidBeforeAnythingIsServed) {
  TestRegistry other;
  Options options;
  options.listen = "127.0.0.1:0";
  options.tls_certificate_file = made_.Certificate("server");
  options.tls_key_file = made_.Key("client");
  Log log(
      LogLevel::kError, LogFormat::kText, [](const std::string&) {},
      [] { return absl::UnixEpoch(); });
  const auto server = RpcServer::Start(options, other.clock(), log);
  ASSERT_FALSE(server.ok());
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("--tls-key"));
}

// What grpc.health.v1 answers, decoded by hand: HealthCheckResponse{status = 1: SERVING,
// 2: NOT_SERVING}; "" where the service is not known.
grpc::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel, const std::string& service,
                         int* health) {
  const std::string request =
      service.empty()
          ? ""
          : absl::StrCat("\x0a", std::string(1, static_cast<char>(service.size())), service);
  std::string response;
  grpc::Status status = CallRaw(channel, "/grpc.health.v1.Health/Check", request, &response);
  *health = response.size() == 2 ? response[1] : 0;
  return status;
}

TEST(Health, FollowsTheRegistry) {
  TestRegistry registry;
  Options options;
  options.listen = "127.0.0.1:0";
  options.origin = "a";
  Log log(
      LogLevel::kError, LogFormat::kText, [](const std::string&) {},
      [] { return absl::UnixEpoch(); });
  auto server = RpcServer::Start(options, registry.clock(), log);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", (*server)->port()),
                                           grpc::InsecureChannelCredentials());
  // Recovering.
  for (const char* service : {"", "touchstone.v1.Registry"}) {
    int health = 0;
    ASSERT_TRUE(CheckHealth(channel, service, &health).ok()) << service;
    EXPECT_EQ(health, 2) << service;
  }
  EXPECT_EQ(GetCheckpoint(channel).error_code(), grpc::UNAVAILABLE);
  (*server)->Serve(registry.ledger());
  for (const char* service : {"", "touchstone.v1.Registry"}) {
    int health = 0;
    ASSERT_TRUE(CheckHealth(channel, service, &health).ok()) << service;
    EXPECT_EQ(health, 1) << service;
  }
  EXPECT_TRUE(GetCheckpoint(channel).ok());
  int health = 0;
  EXPECT_EQ(CheckHealth(channel, "no.such.Service", &health).error_code(), grpc::NOT_FOUND);
  (*server)->Drain(absl::Seconds(1));
}

TEST(Server, APortIsNotShared) {
  TestRegistry first;
  Options options;
  options.listen = first.address();
  Log log(
      LogLevel::kError, LogFormat::kText, [](const std::string&) {},
      [] { return absl::UnixEpoch(); });
  const auto second = RpcServer::Start(options, first.clock(), log);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("--listen: cannot listen on"));
}

TEST(Server, AnUnknownRpcIsUnimplemented) {
  TestRegistry registry;
  std::string response;
  EXPECT_EQ(CallRaw(registry.NewChannel(grpc::InsecureChannelCredentials()),
                    "/touchstone.v1.Registry/DropEverything", "", &response)
                .error_code(),
            grpc::UNIMPLEMENTED);
}

TEST(Server, TellsItsSchemaToThoseWhoAsk) {
  TestRegistry registry;
  std::string response;
  // ServerReflectionRequest{list_services: ""}
  const grpc::Status status =
      CallRaw(registry.NewChannel(grpc::InsecureChannelCredentials()),
              "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
              std::string("\x3a\x00", 2), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(response, HasSubstr("touchstone.v1.Registry"));
}

// Submissions that hang, each on a thread of its own.
class HangingCalls {
 public:
  explicit HangingCalls(TestRegistry& registry) : registry_(registry) { registry.store().Shut(); }
  std::future<grpc::Status> Begin(int passport) {
    return std::async(std::launch::async, [this, envelope = registry_.Registration(passport)] {
      grpc::ClientContext context;
      v1::SubmitRequest request;
      request.set_envelope(envelope);
      v1::SubmitResponse response;
      return registry_.stub().Submit(&context, request, &response);
    });
  }

 private:
  TestRegistry& registry_;
};

TEST(Server, IsNotHealthyWhileItDrains) {
  TestRegistry registry;
  HangingCalls calls(registry);
  auto begun = calls.Begin(1);
  registry.store().AwaitCommit();
  auto drained = std::async(std::launch::async, [&] { registry.Drain(absl::Seconds(20)); });
  const auto channel = registry.NewChannel(grpc::InsecureChannelCredentials());
  int health = 1;
  while (health == 1 && CheckHealth(channel, "", &health).ok()) {
  }
  EXPECT_EQ(health, 2);
  registry.store().Open();
  EXPECT_TRUE(begun.get().ok());
}

TEST(Server, ACallThatTakesTooLongIsCancelled) {
  TestRegistry registry([](Options& options) { options.call_seconds = 0; });
  HangingCalls calls(registry);
  auto begun = calls.Begin(1);
  registry.store().AwaitCommit();
  registry.server().Tick();
  EXPECT_EQ(begun.get().error_code(), grpc::CANCELLED);
  registry.store().Open();
  registry.Submit(registry.Registration(2));
}

TEST(Server, OneCallTooManyIsTurnedAway) {
  TestRegistry registry([](Options& options) { options.calls_max = 2; });
  HangingCalls calls(registry);
  auto begun = calls.Begin(1);
  registry.store().AwaitCommit();
  auto queued = calls.Begin(2);
  const auto channel = registry.NewChannel(grpc::InsecureChannelCredentials());
  const auto is_over = [&queued](std::chrono::milliseconds patience) {
    return queued.wait_for(patience) == std::future_status::ready;
  };
  while (true) {  // until the second has its place
    // One of our own questions may have had that place when it came.
    if (is_over(std::chrono::milliseconds(0))) queued = calls.Begin(2);
    if (GetCheckpoint(channel).error_code() != grpc::RESOURCE_EXHAUSTED) continue;
    if (!is_over(std::chrono::milliseconds(50))) break;
  }
  registry.store().Open();
  EXPECT_TRUE(begun.get().ok());
  EXPECT_TRUE(queued.get().ok());
  // Their places are free again before long.
  grpc::Status status;
  do {
    status = GetCheckpoint(channel);
  } while (status.error_code() == grpc::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(Server, AnswersBeyondTheirMemoryAreNotSent) {
  TestRegistry registry([](Options& options) { options.answer_memory_mib = 0; });
  const auto channel = registry.NewChannel(grpc::InsecureChannelCredentials());
  EXPECT_EQ(GetCheckpoint(channel).error_code(), grpc::RESOURCE_EXHAUSTED);
  registry.Submit(registry.Registration(1));  // a receipt is always sent
}

TEST(Server, WhatCanBeGuessedIsAnsweredOnlySoOften) {
  TestRegistry registry([](Options& options) { options.lookups_per_minute = 2; });
  const auto stub = v1::Registry::NewStub(registry.NewChannel(grpc::InsecureChannelCredentials()));
  const auto look = [&stub](const v1::GetPassportRequest& request) {
    grpc::ClientContext context;
    v1::LookupResponse response;
    return stub->Lookup(&context, request, &response);
  };
  v1::GetPassportRequest guess;
  guess.set_inscription("GIA 1000000001");
  EXPECT_TRUE(look(guess).ok());
  {
    grpc::ClientContext context;
    v1::GetPassportResponse response;
    EXPECT_EQ(stub->GetPassport(&context, guess, &response).error_code(), grpc::NOT_FOUND);
  }
  const grpc::Status status = look(guess);
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("too many lookups from this address"));
  v1::GetPassportRequest by_id;
  by_id.set_passport_id(TestPassportId(1));
  EXPECT_TRUE(look(by_id).ok());
}

}  // namespace
}  // namespace touchstone::service
