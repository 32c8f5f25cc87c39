#include "cli/client/registry_client.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/channel.h"
#include "touchstone/v1/registry_service.grpc.pb.h"

namespace touchstone::cli {

class RegistryClient::Impl {
 public:
  explicit Impl(RegistryChannel channel)
      : channel_(std::move(channel)), stub_(v1::Registry::NewStub(channel_.channel())) {}

  v1::Registry::Stub& stub() { return *stub_; }
  const std::string& address() const { return channel_.address(); }
  absl::Status ToAbsl(const grpc::Status& status, const grpc::ClientContext& context) const {
    return channel_.ToAbsl(status, context);
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::Registry::Stub::*method)(grpc::ClientContext*,
                                                                           const Request&,
                                                                           Response*),
                                const Request& request) {
    return channel_.Call(*stub_, method, request);
  }

 private:
  const RegistryChannel channel_;
  std::unique_ptr<v1::Registry::Stub> stub_;
};

RegistryClient::RegistryClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RegistryClient::~RegistryClient() = default;

absl::StatusOr<std::unique_ptr<RegistryClient>> RegistryClient::Create(
    const ConnectionOptions& options) {
  absl::StatusOr<RegistryChannel> channel = RegistryChannel::Open(options);
  if (!channel.ok()) return channel.status();
  return std::unique_ptr<RegistryClient>(
      new RegistryClient(std::make_unique<Impl>(*std::move(channel))));
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

namespace {

// A stream that is read one message at a time, and no longer than there is patience for.
class WatchStream {
 public:
  WatchStream(v1::Registry::Stub& stub, grpc::ClientContext& context,
              const v1::WatchRequest& request)
      : context_(context), reader_(stub.AsyncWatch(&context, request, &queue_, nullptr)) {}
  ~WatchStream() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  enum class Outcome { kMessage, kEnded, kNothing };
  // kNothing: patience has run out, and the stream is cancelled.
  Outcome Read(absl::Duration patience, v1::WatchResponse* response) {
    const int64_t ms = absl::ToInt64Milliseconds(absl::Ceil(patience, absl::Milliseconds(1)));
    const gpr_timespec until = gpr_time_add(
        gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(std::max<int64_t>(ms, 0), GPR_TIMESPAN));
    if (!is_open_) {
      const Outcome opened = Await(until);
      if (opened != Outcome::kMessage) return opened;
      is_open_ = true;
    }
    reader_->Read(response, nullptr);
    return Await(until);
  }

  grpc::Status Finish() {
    grpc::Status status;
    reader_->Finish(&status, nullptr);
    AwaitForEver();
    return status;
  }

  void Cancel() { context_.TryCancel(); }

 private:
  // There is never more than one thing to wait for.
  Outcome Await(gpr_timespec until) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::TIMEOUT) {
      Cancel();
      AwaitForEver();  // cancelled: at once
      return Outcome::kNothing;
    }
    return ok ? Outcome::kMessage : Outcome::kEnded;
  }
  void AwaitForEver() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
  }

  grpc::ClientContext& context_;
  grpc::CompletionQueue queue_;
  const std::unique_ptr<grpc::ClientAsyncReader<v1::WatchResponse>> reader_;
  bool is_open_ = false;
};

}  // namespace

absl::Status RegistryClient::Watch(const std::vector<std::string>& passport_ids,
                                   uint64_t from_position,
                                   const std::function<absl::Duration()>& patience,
                                   const std::function<bool(const WatchMessage&)>& on_message) {
  v1::WatchRequest request;
  for (const std::string& id : passport_ids) request.add_passport_ids(id);
  request.set_from_position(from_position);
  // No deadline for all of it: keep-alive ends it when the other side is gone.
  grpc::ClientContext context;
  WatchStream stream(impl_->stub(), context, request);
  v1::WatchResponse response;
  while (true) {
    const absl::Duration wait = patience();
    switch (stream.Read(wait, &response)) {
      case WatchStream::Outcome::kMessage:
        if (on_message(FromProto(response))) continue;
        stream.Cancel();
        static_cast<void>(stream.Finish());  // that it was cancelled is known
        return absl::OkStatus();
      case WatchStream::Outcome::kNothing:
        static_cast<void>(stream.Finish());
        return absl::DeadlineExceededError(
            absl::StrCat("the registry at ", impl_->address(), " has said nothing for ",
                         absl::FormatDuration(absl::Trunc(wait, absl::Milliseconds(1)))));
      case WatchStream::Outcome::kEnded:
        break;
    }
    break;
  }
  const absl::Status status = impl_->ToAbsl(stream.Finish(), context);
  if (!status.ok()) return status;
  return absl::UnavailableError(
      absl::StrCat("the registry at ", impl_->address(), " ended the stream"));
}

}  // namespace touchstone::cli
