#include "tests/registry/service/test_registry.h"

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "registry/ledger/guard.h"
#include "registry/service/status_map.h"
#include "verifier/entry.h"
#include "verifier/signed_note.h"
#include "verifier/signing/note_signer.h"

namespace touchstone::service {
namespace {

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) {
    std::fprintf(stderr, "TestRegistry: %s\n", value.status().ToString().c_str());
    std::abort();
  }
  return *std::move(value);
}

class NamedSigner final : public ledger::CheckpointSigner {
 public:
  explicit NamedSigner(const std::string& vkey) : key_(OrDie(VerifierKey::Parse(vkey))) {}
  const VerifierKey& log_key() const override { return key_; }
  absl::StatusOr<std::string> Sign(const Checkpoint& checkpoint) const override {
    return SignCheckpoint(checkpoint, NamedKey("log"));
  }

 private:
  const VerifierKey key_;
};

}  // namespace

TestRegistry::TestRegistry(const std::function<void(Options&)>& edit,
                           const std::vector<std::string>& witnesses)
    : clock_(log_.now_ms() + 1000),
      witnesses_(witnesses),
      policy_(OrDie(TrustPolicy::Parse(log_.PolicyText()))),
      operator_log_(
          LogLevel::kDebug, LogFormat::kText,
          [this](const std::string& line) {
            absl::MutexLock lock(&mutex_);
            lines_.push_back(line);
          },
          [] { return absl::UnixEpoch(); }),
      faulty_(&memory_),
      gated_(faulty_),
      signer_(std::make_unique<NamedSigner>(log_.LogVkey())) {
  const std::string guard = scratch_.File("guard");
  const std::string genesis = OrDie(DecodeEntry(log_.Frame(0))).payload;
  OrDie(ledger::Ledger::Initialise(gated_, guard, genesis, *signer_, clock_));
  ledger::LedgerOptions ledger_options;
  ledger_options.on_fatal = [this](const absl::Status&) { failed_ = true; };
  if (!witnesses_.empty()) ledger_options.witness_policy = witness_policy();
  ledger_options.on_storage_error = [](const absl::Status&) {};
  ledger_ = OrDie(ledger::Ledger::Open({gated_, OrDie(ledger::OpenGuard(guard)), *signer_, clock_},
                                       std::move(ledger_options)));

  Options options;
  options.origin = log_.origin();
  options.listen = "127.0.0.1:0";
  if (edit) edit(options);
  server_ = OrDie(RpcServer::Start(options, clock_, operator_log_));
  server_->Serve(*ledger_);
  if (options.tls_certificate_file.empty()) {
    stub_ = v1::Registry::NewStub(NewChannel(grpc::InsecureChannelCredentials()));
    Submit(EnvelopeAt(log_.Enrol("maison", {v1::ISSUER}, {"maison key"})));
    Submit(
        EnvelopeAt(log_.Enrol("lab", {v1::LABORATORY}, {"lab key"},
                              [](v1::ParticipantDetails& d) { d.add_laboratory_names("GIA"); })));
  }
}

TestRegistry::~TestRegistry() {
  gated_.Open();
  server_.reset();
}

std::string TestRegistry::address() const { return absl::StrCat("127.0.0.1:", port()); }

std::shared_ptr<grpc::Channel> TestRegistry::NewChannel(
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address(), credentials, arguments);
}

std::string TestRegistry::log_text() const {
  absl::MutexLock lock(&mutex_);
  return absl::StrJoin(lines_, "\n");
}

std::string TestRegistry::EnvelopeAt(const EntryPlace& place) const {
  return OrDie(DecodeEntry(log_.Frame(place.position))).payload;
}

TrustPolicy TestRegistry::witness_policy() const {
  std::string lines;
  for (const std::string& name : witnesses_) {
    const VerifierKey key = OrDie(
        VerifierKey::Create(name, NoteSignatureType::kCosignatureV1, NamedKey(name).public_key()));
    absl::StrAppend(&lines, "witness ", name, " ", key.Format(), "\n");
  }
  absl::StrAppend(&lines, "group all all ", absl::StrJoin(witnesses_, " "), "\nquorum all");
  return OrDie(
      TrustPolicy::Parse(absl::StrReplaceAll(log_.PolicyText(), {{"quorum none", lines}})));
}

void TestRegistry::CosignNewest() {
  const std::shared_ptr<const ledger::View> newest = ledger_->Newest();
  std::string note = newest->checkpoint_note();
  for (const std::string& name : witnesses_) {
    note = OrDie(AppendNoteSignature(
        note, OrDie(CosignCheckpointText(newest->checkpoint().Format(), name, NamedKey(name),
                                         clock_.NowMs() / 1000))));
  }
  EXPECT_TRUE(OrDie(ledger_->Cosign(*newest, note)));
}

v1::SubmitResponse TestRegistry::SubmitForAnswer(const std::string& envelope) {
  grpc::ClientContext context;
  v1::SubmitRequest request;
  request.set_envelope(envelope);
  v1::SubmitResponse response;
  const grpc::Status status = stub_->Submit(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
  return response;
}

std::string RefusalOf(const grpc::ClientContext& context) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(kRefusalMetadata);
  if (found == trailers.end()) return "";
  return std::string(found->second.data(), found->second.size());
}

grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* response) {
  const grpc::Slice slice(request);
  const grpc::ByteBuffer request_buffer(&slice, 1);
  grpc::ByteBuffer response_buffer;
  grpc::ClientContext context;
  std::promise<grpc::Status> ended;
  grpc::GenericStub(channel).UnaryCall(
      &context, method, grpc::StubOptions(), &request_buffer, &response_buffer,
      [&ended](grpc::Status status) { ended.set_value(std::move(status)); });
  grpc::Status status = ended.get_future().get();
  grpc::Slice answer;
  if (status.ok() && response_buffer.DumpToSingleSlice(&answer).ok()) {
    response->assign(reinterpret_cast<const char*>(answer.begin()), answer.size());
  }
  return status;
}

}  // namespace touchstone::service
