// touchstone-registry as its operator knows it: starting, stopping, refusing to start.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/registry/service/server_process.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/support/test_log.h"
#include "touchstone/v1/registry_service.grpc.pb.h"
#include "verifier/big_endian.h"
#include "verifier/entry.h"
#include "verifier/merkle.h"
#include "verifier/signing/key_file.h"
#include "verifier/tlog_tiles.h"
#include "verifier/verify_checkpoint.h"
#include "verifier/verify_receipt.h"

namespace touchstone::service {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::unique_ptr<v1::Registry::Stub> StubTo(int port) {
  return v1::Registry::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
}

class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(
        CreateKeyFile(File("log.key"), NamedKey("log"), "log", KeyProtection::Plain()).ok());
    WriteEnvelope("genesis", 0);
    WriteConfig(
        "origin = \"passports.example/log\"\n"
        "listen = \"127.0.0.1:0\"\n"
        "data = \"data\"\n"
        "guard = \"guard\"\n"
        "log-key = \"log.key\"\n"
        "genesis = \"genesis\"\n"
        "port-file = \"port\"\n");
  }

  std::string File(const std::string& name) const { return scratch_.File(name); }
  void WriteConfig(const std::string& text) { std::ofstream(File("registry.toml")) << text; }
  void WriteEnvelope(const std::string& name, uint64_t position) {
    std::ofstream(File(name), std::ios::binary) << DecodeEntry(log_.Frame(position))->payload;
  }
  std::vector<std::string> Arguments(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--config", File("registry.toml")});
    return more;
  }

  std::string EnvelopeAt(const EntryPlace& place) const {
    return DecodeEntry(log_.Frame(place.position))->payload;
  }
  // The code of the answer; where it is OK, the receipt has been checked.
  grpc::Status Submit(int port, const std::string& envelope) {
    return Submit(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()),
        envelope);
  }
  grpc::Status Submit(const std::shared_ptr<grpc::Channel>& channel, const std::string& envelope) {
    grpc::ClientContext context;
    v1::SubmitRequest request;
    request.set_envelope(envelope);
    v1::SubmitResponse response;
    grpc::Status status = v1::Registry::NewStub(channel)->Submit(&context, request, &response);
    if (status.ok()) {
      const auto receipt = VerifyReceipt(*TrustPolicy::Parse(log_.PolicyText()), response.receipt(),
                                         *Envelope::Parse(PayloadType::kStatement, envelope));
      EXPECT_TRUE(receipt.ok()) << receipt.status();
    }
    return status;
  }
  std::string Checkpoint(int port) {
    grpc::ClientContext context;
    v1::GetCheckpointResponse response;
    EXPECT_TRUE(StubTo(port)->GetCheckpoint(&context, v1::GetCheckpointRequest(), &response).ok());
    return response.checkpoint();
  }
  uint64_t SizeOf(const std::string& checkpoint) {
    const auto verified = VerifyCheckpointNote(*TrustPolicy::Parse(log_.PolicyText()), checkpoint);
    EXPECT_TRUE(verified.ok()) << verified.status();
    return verified.ok() ? verified->checkpoint.size() : 0;
  }

  // Starts, enrols the maison, registers one piece, stops.
  void MakeLogOfThreeCommits() {
    ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments());
    const int port = registry.AwaitServing();
    ASSERT_NE(port, 0) << registry.log();
    EXPECT_TRUE(Submit(port, EnvelopeAt(log_.Enrol("maison", {v1::ISSUER}, {"key"}))).ok());
    EXPECT_TRUE(Submit(port, EnvelopeAt(log_.Register(1, "key"))).ok());
    checkpoint_ = Checkpoint(port);
    registry.Signal(SIGTERM);
    EXPECT_EQ(registry.Wait(), 0) << registry.log();
  }

  // Starting with those arguments ends with status 1 and says all of that.
  void ExpectRefusal(const std::vector<std::string>& arguments,
                     const std::vector<std::string>& said) {
    ServerProcess registry(TOUCHSTONE_REGISTRY, arguments);
    EXPECT_EQ(registry.Wait(), 1) << registry.log();
    for (const std::string& part : said) EXPECT_THAT(registry.log(), HasSubstr(part));
    EXPECT_THAT(registry.log(), Not(HasSubstr("(serving)")));
  }

  storage::ScratchDirectory scratch_;
  TestLog log_;
  std::string checkpoint_;
};

TEST_F(ProgramTest, ServesStopsAndGoesOnWhereItWas) {
  MakeLogOfThreeCommits();
  EXPECT_EQ(SizeOf(checkpoint_), 6u);
  ServerProcess again(TOUCHSTONE_REGISTRY, Arguments({"--log-format", "text"}));
  const int port = again.AwaitServing();
  ASSERT_NE(port, 0) << again.log();
  EXPECT_EQ(Contents(File("port")), absl::StrCat(port, "\n"));
  EXPECT_EQ(Checkpoint(port), checkpoint_);
  EXPECT_TRUE(Submit(port, EnvelopeAt(log_.Register(2, "key"))).ok());
  again.Signal(SIGINT);
  EXPECT_EQ(again.Wait(), 0);
  EXPECT_THAT(again.log(), AllOf(HasSubstr("(draining)"), HasSubstr("(stopped)")));
}

TEST_F(ProgramTest, WhatIsAcknowledgedOutlivesAKill) {
  MakeLogOfThreeCommits();
  std::string acknowledged;
  {
    ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments());
    const int port = registry.AwaitServing();
    ASSERT_NE(port, 0) << registry.log();
    ASSERT_TRUE(Submit(port, EnvelopeAt(log_.Register(2, "key"))).ok());
    acknowledged = Checkpoint(port);
    registry.Signal(SIGKILL);
    EXPECT_EQ(registry.Wait(), 128 + SIGKILL);
  }
  ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments());
  const int port = registry.AwaitServing();
  ASSERT_NE(port, 0) << registry.log();
  EXPECT_GE(SizeOf(Checkpoint(port)), SizeOf(acknowledged));
}

TEST_F(ProgramTest, ASecondProcessIsRefused) {
  ServerProcess first(TOUCHSTONE_REGISTRY, Arguments());
  ASSERT_NE(first.AwaitServing(), 0) << first.log();
  ExpectRefusal(Arguments(), {"--data", "in use"});
}

TEST_F(ProgramTest, APortThatIsTakenIsNamed) {
  ServerProcess first(TOUCHSTONE_REGISTRY, Arguments());
  const int port = first.AwaitServing();
  ASSERT_NE(port, 0) << first.log();
  const std::string listen = absl::StrCat("127.0.0.1:", port);
  ExpectRefusal(Arguments({"--data", File("data2"), "--guard", File("guard2"), "--listen", listen}),
                {"--listen", listen, "already in use"});
}

TEST_F(ProgramTest, WithoutAGenesisThereIsNothingToBegin) {
  WriteConfig(
      "origin = \"passports.example/log\"\ndata = \"data\"\nguard = \"guard\"\n"
      "log-key = \"log.key\"\nlisten = \"127.0.0.1:0\"\n");
  ExpectRefusal(Arguments(), {"--data", "--genesis"});
  EXPECT_FALSE(std::filesystem::exists(File("guard")));
}

TEST_F(ProgramTest, AGenesisOfAnotherLogIsRefusedAndAProperOneCanFollow) {
  TestLog::Options options;
  options.origin = "elsewhere.example/log";
  const TestLog elsewhere(options);
  std::ofstream(File("genesis"), std::ios::binary) << DecodeEntry(elsewhere.Frame(0))->payload;
  ExpectRefusal(Arguments(), {"elsewhere.example/log"});
  WriteEnvelope("genesis", 0);
  MakeLogOfThreeCommits();
}

TEST_F(ProgramTest, AnotherLogKeyIsRefused) {
  MakeLogOfThreeCommits();
  ASSERT_TRUE(
      CreateKeyFile(File("other.key"), NamedKey("other"), "x", KeyProtection::Plain()).ok());
  ExpectRefusal(Arguments({"--log-key", File("other.key")}), {"key"});
}

TEST_F(ProgramTest, ASealedKeyNeedsItsPassphrase) {
  auto passphrase = SecretBytes::CopyOf({reinterpret_cast<const uint8_t*>("correct horse"), 13});
  ASSERT_TRUE(passphrase.ok());
  ASSERT_TRUE(CreateKeyFile(File("sealed.key"), NamedKey("log"), "log",
                            KeyProtection::Passphrase(*passphrase, kPassphraseCostMin))
                  .ok());
  const auto with_passphrase = [this](const std::string& text) {
    std::filesystem::remove(File("passphrase"));
    std::ofstream(File("passphrase")) << text;
    std::filesystem::permissions(File("passphrase"), std::filesystem::perms::owner_read);
    return Arguments({"--log-key", File("sealed.key"), "--passphrase-file", File("passphrase")});
  };
  ExpectRefusal(Arguments({"--log-key", File("sealed.key")}), {"--log-key", "--passphrase-file"});
  ExpectRefusal(with_passphrase("wrong"), {"--log-key", "sealed.key"});
  ExpectRefusal(with_passphrase("one\ntwo\n"), {"--passphrase-file", "more than one line"});
  ServerProcess registry(TOUCHSTONE_REGISTRY, with_passphrase("correct horse\n"));
  EXPECT_NE(registry.AwaitServing(), 0) << registry.log();
  EXPECT_THAT(registry.log(), Not(HasSubstr("correct horse")));
}

TEST_F(ProgramTest, AGuardThatIsGoneIsMadeAnewOnlyAgainstACheckpointFromOutside) {
  MakeLogOfThreeCommits();
  const std::string newer = checkpoint_;
  std::filesystem::remove(File("guard"));
  ExpectRefusal(Arguments(), {"--guard", "--restore-guard"});
  EXPECT_FALSE(std::filesystem::exists(File("guard")));

  std::ofstream(File("foreign")) << "no checkpoint\n";
  ExpectRefusal(Arguments({"--restore-guard", File("foreign")}), {"--restore-guard"});
  std::ofstream(File("checkpoint")) << checkpoint_;
  {
    ServerProcess restore(TOUCHSTONE_REGISTRY, Arguments({"--restore-guard", File("checkpoint")}));
    EXPECT_EQ(restore.Wait(), 0) << restore.log();
  }
  // It is there now, and nothing overwrites it.
  ExpectRefusal(Arguments({"--restore-guard", File("checkpoint")}), {"--restore-guard"});
  ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments());
  EXPECT_NE(registry.AwaitServing(), 0) << registry.log();
}

TEST_F(ProgramTest, ADatabaseThatWasPutBackIsRefused) {
  MakeLogOfThreeCommits();
  std::filesystem::copy(File("data"), File("old"), std::filesystem::copy_options::recursive);
  {
    ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments());
    const int port = registry.AwaitServing();
    ASSERT_NE(port, 0) << registry.log();
    ASSERT_TRUE(Submit(port, EnvelopeAt(log_.Register(2, "key"))).ok());
    checkpoint_ = Checkpoint(port);
    registry.Signal(SIGTERM);
    ASSERT_EQ(registry.Wait(), 0);
  }
  std::filesystem::remove_all(File("data"));
  std::filesystem::rename(File("old"), File("data"));
  ExpectRefusal(Arguments(), {"guard"});
  // Nor does the newer checkpoint help: this database does not contain it.
  std::filesystem::remove(File("guard"));
  std::ofstream(File("checkpoint")) << checkpoint_;
  ExpectRefusal(Arguments({"--restore-guard", File("checkpoint")}), {"--restore-guard"});
}

TEST_F(ProgramTest, AFullDiskEndsTheProcessAndLosesNothing) {
  MakeLogOfThreeCommits();
  std::string acknowledged = checkpoint_;
  {
    // No file of this process may grow beyond 64 KiB: as if the disk were full.
    ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments(), [] {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit small = {64 << 10, 64 << 10};
      setrlimit(RLIMIT_FSIZE, &small);
    });
    const int port = registry.AwaitServing();
    ASSERT_NE(port, 0) << registry.log();
    grpc::Status status;
    for (int i = 2; i < 1000 && status.ok(); ++i) {
      status = Submit(port, EnvelopeAt(log_.Register(i, "key")));
      if (status.ok()) acknowledged = Checkpoint(port);
    }
    EXPECT_EQ(status.error_code(), grpc::UNKNOWN) << status.error_message();
    EXPECT_THAT(status.error_message(), Not(HasSubstr(scratch_.path())));
    EXPECT_EQ(registry.Wait(), 70) << registry.log();
    EXPECT_THAT(registry.log(), HasSubstr("(commit_failed)"));
  }
  ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments());
  const int port = registry.AwaitServing();
  ASSERT_NE(port, 0) << registry.log();
  EXPECT_GE(SizeOf(Checkpoint(port)), SizeOf(acknowledged));
}

TEST_F(ProgramTest, ConnectionsLeaveTheDatabaseItsDescriptors) {
  MakeLogOfThreeCommits();
  ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments(), [] {
    const rlimit few = {800, 800};
    setrlimit(RLIMIT_NOFILE, &few);
  });
  const int port = registry.AwaitServing();
  ASSERT_NE(port, 0) << registry.log();
  EXPECT_THAT(registry.log(), AllOf(HasSubstr("(connections_limited)"),
                                    HasSubstr("open_files=800 connections=32")));
  const auto channel =
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials());
  ASSERT_TRUE(
      channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10)));
  std::vector<int> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(idle.back(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  EXPECT_TRUE(registry.AwaitLogLine("(connections_full)"));
  EXPECT_TRUE(Submit(channel, EnvelopeAt(log_.Register(2, "key"))).ok());
  for (const int fd : idle) close(fd);
  registry.Signal(SIGTERM);
  EXPECT_EQ(registry.Wait(), 0) << registry.log();
}

TEST_F(ProgramTest, AnIdleLogShowsThatItIsFresh) {
  ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments({"--index-root-seconds", "1"}));
  const int port = registry.AwaitServing();
  ASSERT_NE(port, 0) << registry.log();
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  uint64_t size = 0;
  while (size < 3 && std::chrono::steady_clock::now() < give_up_at) size = SizeOf(Checkpoint(port));
  EXPECT_EQ(size, 3u);
}

TEST_F(ProgramTest, AnExportIsTheWholeLog) {
  MakeLogOfThreeCommits();
  for (int run = 0; run < 2; ++run) {  // again, over the first
    ServerProcess exporting(TOUCHSTONE_REGISTRY, Arguments({"--export", File("export")}));
    ASSERT_EQ(exporting.Wait(), 0) << exporting.log();
  }
  const std::string checkpoint = Contents(File("export/checkpoint"));
  EXPECT_EQ(checkpoint, checkpoint_);
  const auto frames = Contents(File("export/frames/000.p/6"));
  const auto decoded = DecodeEntryBundle(frames, 6);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  MerkleFrontier tree;
  for (const absl::string_view frame : *decoded) {
    const Digest digest = EntryDigest(frame);
    tree.Append(LeafHash(DigestBytes(digest)));
  }
  const auto verified = VerifyCheckpointNote(*TrustPolicy::Parse(log_.PolicyText()), checkpoint);
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(tree.Root(), verified->checkpoint.root());
  EXPECT_EQ(Contents(File("export/tile/0/000.p/6")).size(), 6u * 32);
  EXPECT_EQ(Contents(File("export/tile/entries/000.p/6")).size(), 6u * 34);
  // Three commits of one statement each: position, length, and at least one leaf.
  const std::string insertions = Contents(File("export/insertions/000.p/6"));
  std::vector<uint64_t> index_roots;
  for (size_t at = 0; at < insertions.size();) {
    index_roots.push_back(LoadBigEndian<uint64_t>(absl::string_view(insertions).substr(at)));
    const auto bytes = LoadBigEndian<uint32_t>(absl::string_view(insertions).substr(at + 8));
    EXPECT_EQ(bytes % 64, 0u);
    EXPECT_GE(bytes, 64u);
    at += 12 + bytes;
  }
  EXPECT_THAT(index_roots, ElementsAre(1, 3, 5));
  std::string public_entries;
  for (const absl::string_view frame : *decoded) {
    const auto entry = DecodeEntry(frame);
    ASSERT_TRUE(entry.ok()) << entry.status();
    if (absl::StrContains(entry->payload, TestPassportId(1))) continue;
    AppendBigEndian<uint16_t>(public_entries, static_cast<uint16_t>(frame.size()));
    public_entries.append(frame.data(), frame.size());
  }
  EXPECT_EQ(Contents(File("export/public/000.p/6")), public_entries);
}

TEST_F(ProgramTest, WrongOptionsEndWithTheirOwnStatus) {
  ServerProcess registry(TOUCHSTONE_REGISTRY, Arguments({"--log-level", "loud"}));
  EXPECT_EQ(registry.Wait(), 64);
  EXPECT_THAT(registry.log(), HasSubstr("debug, error, info, warning"));
  ServerProcess guard(TOUCHSTONE_REGISTRY, Arguments({"--guard", File("data/guard")}));
  EXPECT_EQ(guard.Wait(), 64);
  EXPECT_THAT(guard.log(), HasSubstr("lies in the data directory"));
}

}  // namespace
}  // namespace touchstone::service
