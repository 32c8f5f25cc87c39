#include "cli/client/registry_client.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "touchstone/v1/registry_service.grpc.pb.h"

namespace touchstone::cli {
namespace {

constexpr char kRefusalPayload[] = "touchstone-refusal";
constexpr int kAnswerBytesMax = 20 << 20;  // a passport file of the largest size, and its wrapping
constexpr size_t kPemBytesMax = size_t{1} << 20;

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  std::string text(kPemBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (text.size() > kPemBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is too large for a PEM file"));
  }
  if (!absl::StrContains(text, "-----BEGIN ")) {
    return absl::InvalidArgumentError(absl::StrCat(
        path,
        " is no PEM file: a certificate begins with -----BEGIN CERTIFICATE-----, a key with "
        "-----BEGIN PRIVATE KEY-----"));
  }
  return text;
}

bool IsLoopback(absl::string_view address) {
  const size_t colon = address.rfind(':');
  const absl::string_view host = address.substr(0, colon);
  return host == "localhost" || host == "[::1]" ||
         (host.substr(0, 4) == "127." && host.find_first_not_of("0123456789.") == host.npos);
}

bool IsTls(const ConnectionOptions& options) {
  return options.tls || !options.ca_file.empty() || !options.client_cert_file.empty();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(
    const ConnectionOptions& options) {
  if (options.client_cert_file.empty() != options.client_key_file.empty()) {
    return absl::InvalidArgumentError(
        "a client certificate needs both its file and its key's file");
  }
  if (!IsTls(options)) {
    if (!options.insecure && !IsLoopback(options.address)) {
      return absl::InvalidArgumentError(absl::StrCat(
          options.address,
          " is another host: connect with --tls (or --ca FILE), or say --insecure to send what "
          "you sign in the clear"));
    }
    return grpc::InsecureChannelCredentials();
  }
  grpc::SslCredentialsOptions ssl;
  const std::pair<const std::string*, std::string*> files[] = {
      {&options.ca_file, &ssl.pem_root_certs},
      {&options.client_cert_file, &ssl.pem_cert_chain},
      {&options.client_key_file, &ssl.pem_private_key},
  };
  for (const auto& [path, target] : files) {
    if (path->empty()) continue;
    absl::StatusOr<std::string> pem = ReadPem(*path);
    if (!pem.ok()) return pem.status();
    *target = *std::move(pem);
  }
  return grpc::SslCredentials(ssl);
}

absl::Status WithRefusal(absl::StatusCode code, absl::string_view message,
                         absl::string_view refusal) {
  absl::Status status(code, message);
  if (!refusal.empty()) status.SetPayload(kRefusalPayload, absl::Cord(refusal));
  return status;
}

}  // namespace

std::string RefusalNameOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kRefusalPayload);
  return payload.has_value() ? std::string(*payload) : std::string();
}

absl::Status SameRefusal(const absl::Status& status, absl::string_view message) {
  absl::Status same(status.code(), message);
  status.ForEachPayload(
      [&same](absl::string_view url, const absl::Cord& payload) { same.SetPayload(url, payload); });
  return same;
}

class RegistryClient::Impl {
 public:
  Impl(ConnectionOptions options, std::shared_ptr<grpc::ChannelCredentials> credentials)
      : options_(std::move(options)) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // So that a stream on which nothing is said for long is not mistaken for one that is dead.
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    stub_ =
        v1::Registry::NewStub(grpc::CreateCustomChannel(options_.address, credentials, arguments));
  }

  v1::Registry::Stub& stub() { return *stub_; }
  const std::string& address() const { return options_.address; }

  void SetDeadline(grpc::ClientContext* context) const {
    context->set_deadline(absl::ToChronoTime(absl::Now() + options_.timeout));
  }

  absl::Status ToAbsl(const grpc::Status& status, const grpc::ClientContext& context) const {
    if (status.ok()) return absl::OkStatus();
    std::string message = status.error_message();
    absl::StatusCode code = static_cast<absl::StatusCode>(status.error_code());
    if (status.error_code() == grpc::StatusCode::CANCELLED) {
      // We cancel nothing: a registry that is stopping ends so what arrives at its last moment.
      code = absl::StatusCode::kUnavailable;
      message = absl::StrCat("the registry at ", options_.address,
                             " ended the call without an answer; ask again, which is safe");
    }
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
        status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      message = absl::StrCat("the registry at ", options_.address, " does not answer (", message,
                             ")", Hint(message));
    }
    std::string refusal;
    const auto& trailing = context.GetServerTrailingMetadata();
    const auto found = trailing.find(kRefusalPayload);
    if (found != trailing.end()) refusal.assign(found->second.data(), found->second.size());
    return WithRefusal(code, message, refusal);
  }

  // What may be wrong with the connection's options, seen from how it failed.
  absl::string_view Hint(absl::string_view failure) const {
    if (absl::StrContains(failure, "certificate verify failed")) {
      return "; no authority that is trusted here has signed its certificate: name one with --ca";
    }
    if (absl::StrContains(failure, "is not in peer certificate")) {
      return "; connect by a name that is in its certificate";
    }
    if (absl::StrContains(failure, "wrong version number")) {
      return "; it does not speak TLS, perhaps: leave out --tls, --ca and --client-cert then";
    }
    if (!absl::StrContains(failure, "Socket closed")) return "";
    if (!IsTls(options_)) return "; if it speaks TLS, say --tls, or --ca FILE";
    if (options_.client_cert_file.empty()) {
      return "; if it asks for a client certificate, say --client-cert and --client-key";
    }
    return "; it may not accept the client certificate: an authority of its --client-ca must have "
           "signed it";
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::Registry::Stub::*method)(grpc::ClientContext*,
                                                                           const Request&,
                                                                           Response*),
                                const Request& request) {
    grpc::ClientContext context;
    SetDeadline(&context);
    Response response;
    const grpc::Status status = (*stub_.*method)(&context, request, &response);
    if (!status.ok()) return ToAbsl(status, context);
    return response;
  }

 private:
  const ConnectionOptions options_;
  std::unique_ptr<v1::Registry::Stub> stub_;
};

RegistryClient::RegistryClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RegistryClient::~RegistryClient() = default;

absl::StatusOr<std::unique_ptr<RegistryClient>> RegistryClient::Create(
    const ConnectionOptions& options) {
  if (options.address.empty()) {
    return absl::InvalidArgumentError(
        "no registry given: say --registry HOST:PORT, or name it in the configuration file");
  }
  // gRPC writes to standard error what the statuses say too. Who looks for more asks it to.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
  auto credentials = Credentials(options);
  if (!credentials.ok()) return credentials.status();
  return std::unique_ptr<RegistryClient>(
      new RegistryClient(std::make_unique<Impl>(options, *std::move(credentials))));
}

absl::StatusOr<std::string> RegistryClient::Submit(absl::string_view envelope) {
  v1::SubmitRequest request;
  request.set_envelope(envelope.data(), envelope.size());
  auto response = impl_->Call(&v1::Registry::Stub::Submit, request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_receipt());
}

namespace {

v1::CheckpointChoice ToProto(CheckpointChoice choice) {
  return choice == CheckpointChoice::kCosigned ? v1::COSIGNED : v1::NEWEST;
}

v1::GetPassportRequest RequestFor(const PieceKey& key, CheckpointChoice choice) {
  struct Fill {
    v1::GetPassportRequest& request;
    void operator()(const ByPassportId& by) const { request.set_passport_id(by.bytes); }
    void operator()(const ByGtinSerial& by) const {
      request.mutable_gtin_serial()->set_gtin(by.gtin);
      request.mutable_gtin_serial()->set_serial(by.serial);
    }
    void operator()(const ByInscription& by) const { request.set_inscription(by.text); }
    void operator()(const ByReport& by) const {
      request.mutable_report()->set_laboratory(by.laboratory);
      request.mutable_report()->set_report_number(by.report_number);
    }
  };
  v1::GetPassportRequest request;
  request.set_checkpoint(ToProto(choice));
  std::visit(Fill{request}, key);
  return request;
}

}  // namespace

absl::StatusOr<std::string> RegistryClient::GetPassport(const PieceKey& key,
                                                        CheckpointChoice choice) {
  auto response = impl_->Call(&v1::Registry::Stub::GetPassport, RequestFor(key, choice));
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_passport());
}

absl::StatusOr<FoundPiece> RegistryClient::Lookup(const PieceKey& key, CheckpointChoice choice) {
  auto response = impl_->Call(&v1::Registry::Stub::Lookup, RequestFor(key, choice));
  if (!response.ok()) return response.status();
  switch (response->found_case()) {
    case v1::LookupResponse::kPassport:
      return FoundPiece{true, std::move(*response->mutable_passport())};
    case v1::LookupResponse::kAbsence:
      return FoundPiece{false, std::move(*response->mutable_absence())};
    case v1::LookupResponse::FOUND_NOT_SET:
      break;
  }
  return absl::DataLossError(absl::StrCat("the registry at ", impl_->address(),
                                          " answered with neither a passport nor "
                                          "the proof that there is none"));
}

absl::StatusOr<std::string> RegistryClient::GetCards(CheckpointChoice choice) {
  v1::GetCardsRequest request;
  request.set_checkpoint(ToProto(choice));
  auto response = impl_->Call(&v1::Registry::Stub::GetCards, request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_cards());
}

namespace {

v1::SignedRequest Signed(absl::string_view envelope) {
  v1::SignedRequest request;
  request.set_envelope(envelope.data(), envelope.size());
  return request;
}

PieceSummary FromProto(const v1::PieceSummary& piece) {
  PieceSummary summary;
  summary.passport_id = piece.passport_id();
  summary.serial = piece.serial();
  summary.gtin14 = piece.gtin14();
  summary.title = piece.title();
  summary.position = piece.position();
  summary.registered_at_ms = piece.registered_at_ms();
  return summary;
}

}  // namespace

absl::StatusOr<PiecePage> RegistryClient::ListPieces(absl::string_view request_envelope) {
  auto response = impl_->Call(&v1::Registry::Stub::ListPieces, Signed(request_envelope));
  if (!response.ok()) return response.status();
  PiecePage page;
  for (const v1::PieceSummary& piece : response->pieces()) page.pieces.push_back(FromProto(piece));
  page.next_page_token = response->next_page_token();
  return page;
}

absl::StatusOr<PieceSummary> RegistryClient::FindPiece(absl::string_view request_envelope) {
  auto response = impl_->Call(&v1::Registry::Stub::FindPiece, Signed(request_envelope));
  if (!response.ok()) return response.status();
  return FromProto(response->piece());
}

absl::StatusOr<std::string> RegistryClient::GetCheckpoint(CheckpointChoice choice) {
  v1::GetCheckpointRequest request;
  request.set_checkpoint(ToProto(choice));
  auto response = impl_->Call(&v1::Registry::Stub::GetCheckpoint, request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_checkpoint());
}

absl::StatusOr<std::string> RegistryClient::GetTile(uint32_t level, uint64_t index,
                                                    uint32_t width) {
  v1::GetTileRequest request;
  request.set_level(level);
  request.set_index(index);
  request.set_width(width);
  auto response = impl_->Call(&v1::Registry::Stub::GetTile, request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_tile());
}

absl::StatusOr<std::string> RegistryClient::GetEntryBundle(uint64_t index, uint32_t width) {
  v1::GetEntryBundleRequest request;
  request.set_index(index);
  request.set_width(width);
  auto response = impl_->Call(&v1::Registry::Stub::GetEntryBundle, request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_bundle());
}

absl::StatusOr<std::vector<std::string>> RegistryClient::GetConsistencyPath(uint64_t first_size,
                                                                            uint64_t second_size) {
  v1::GetConsistencyProofRequest request;
  request.set_first_size(first_size);
  request.set_second_size(second_size);
  auto response = impl_->Call(&v1::Registry::Stub::GetConsistencyProof, request);
  if (!response.ok()) return response.status();
  const std::string& path = response->path();
  if (path.size() % 32 != 0) {
    return absl::DataLossError("the registry sent a proof that is not made of 32-byte hashes");
  }
  std::vector<std::string> hashes;
  for (size_t i = 0; i < path.size(); i += 32) hashes.push_back(path.substr(i, 32));
  return hashes;
}

namespace {

absl::Status CheckPage(int items, uint32_t limit) {
  if (static_cast<uint32_t>(items) <= limit) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the registry sent a page of ", items, " where at most ",
                                          limit, " were asked for"));
}

}  // namespace

absl::StatusOr<PublicEntries> RegistryClient::GetPublicEntries(uint64_t first_position,
                                                               uint32_t limit) {
  v1::GetPublicEntriesRequest request;
  request.set_first_position(first_position);
  request.set_limit(limit);
  auto response = impl_->Call(&v1::Registry::Stub::GetPublicEntries, request);
  if (!response.ok()) return response.status();
  const absl::Status sent = CheckPage(response->entries_size(), limit);
  if (!sent.ok()) return sent;
  PublicEntries entries;
  for (std::string& entry : *response->mutable_entries()) {
    entries.entries.push_back(std::move(entry));
  }
  entries.next_position = response->next_position();
  return entries;
}

absl::StatusOr<InsertionsPage> RegistryClient::GetInsertions(uint64_t first_position,
                                                             uint32_t limit) {
  v1::GetInsertionsRequest request;
  request.set_first_position(first_position);
  request.set_limit(limit);
  auto response = impl_->Call(&v1::Registry::Stub::GetInsertions, request);
  if (!response.ok()) return response.status();
  const absl::Status sent = CheckPage(response->commits_size(), limit);
  if (!sent.ok()) return sent;
  InsertionsPage page;
  for (v1::CommitInsertions& commit : *response->mutable_commits()) {
    page.commits.push_back({commit.index_root_position(), std::move(*commit.mutable_leaves())});
  }
  page.next_position = response->next_position();
  return page;
}

absl::StatusOr<ParticipantPage> RegistryClient::ListParticipants(absl::string_view page_token) {
  v1::ListParticipantsRequest request;
  request.set_page_token(page_token.data(), page_token.size());
  auto response = impl_->Call(&v1::Registry::Stub::ListParticipants, request);
  if (!response.ok()) return response.status();
  ParticipantPage page;
  for (std::string& chain : *response->mutable_chains()) page.chains.push_back(std::move(chain));
  page.next_page_token = response->next_page_token();
  return page;
}

absl::Status RegistryClient::SubmitStream(const NextEnvelope& next, const EnvelopeDone& done,
                                          const std::function<void()>& ended) {
  // No deadline: a bulk import takes as long as it takes. The registry's keep-alive ends it when
  // the other side is gone.
  grpc::ClientContext context;
  const auto stream = impl_->stub().SubmitStream(&context);

  std::thread reader([&stream, &done, &ended] {
    v1::SubmitStreamResponse answer;
    while (stream->Read(&answer)) {
      switch (answer.result_case()) {
        case v1::SubmitStreamResponse::kReceipt:
          done(answer.tag(), std::move(*answer.mutable_receipt()));
          break;
        case v1::SubmitStreamResponse::kError:
          done(answer.tag(),
               WithRefusal(static_cast<absl::StatusCode>(answer.error().status_code()),
                           answer.error().message(), answer.error().refusal()));
          break;
        case v1::SubmitStreamResponse::RESULT_NOT_SET:
          done(answer.tag(), absl::DataLossError("the registry sent an empty answer"));
          break;
      }
    }
    ended();
  });

  TaggedEnvelope item;
  v1::SubmitStreamRequest request;
  while (next(&item)) {
    request.set_tag(item.tag);
    request.set_envelope(std::move(item.envelope));
    if (!stream->Write(request)) break;  // the reader has seen the end, Finish() says why
  }
  stream->WritesDone();
  reader.join();
  return impl_->ToAbsl(stream->Finish(), context);
}

namespace {

WatchMessage FromProto(v1::WatchResponse& response) {
  WatchMessage message;
  message.next_position = response.next_position();
  if (!response.has_happening()) {
    message.checkpoint = std::move(*response.mutable_up_to_date()->mutable_checkpoint());
    return message;
  }
  v1::Happening& said = *response.mutable_happening();
  WatchedHappening& happening = message.happening.emplace();
  happening.position = said.position();
  happening.entry = std::move(*said.mutable_entry());
  for (const v1::Concern& concern : said.concerns()) {
    WatchedConcern& watched = happening.concerns.emplace_back();
    watched.passport_id = concern.passport_id();
    for (const int kind : concern.kinds()) watched.kinds.push_back(static_cast<uint32_t>(kind));
    if (concern.has_number()) watched.number = concern.number();
  }
  return message;
}

}  // namespace

absl::Status RegistryClient::Watch(const std::vector<std::string>& passport_ids,
                                   uint64_t from_position,
                                   const std::function<bool(const WatchMessage&)>& on_message) {
  v1::WatchRequest request;
  for (const std::string& id : passport_ids) request.add_passport_ids(id);
  request.set_from_position(from_position);
  // No deadline: keep-alive ends it when the other side is gone.
  grpc::ClientContext context;
  const auto stream = impl_->stub().Watch(&context, request);
  v1::WatchResponse response;
  while (stream->Read(&response)) {
    if (on_message(FromProto(response))) continue;
    context.TryCancel();
    while (stream->Read(&response)) {
    }
    static_cast<void>(stream->Finish());  // that it was cancelled is known
    return absl::OkStatus();
  }
  const absl::Status status = impl_->ToAbsl(stream->Finish(), context);
  if (!status.ok()) return status;
  return absl::UnavailableError(
      absl::StrCat("the registry at ", impl_->address(), " ended the stream"));
}

}  // namespace touchstone::cli
