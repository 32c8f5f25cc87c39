#include "cli/client/vault_client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/channel.h"
#include "touchstone/v1/vault_service.grpc.pb.h"
#include "verifier/limits.h"

namespace touchstone::cli {
namespace {

constexpr size_t kPieceBytes = 65536;
constexpr char kHeldRefusal[] = "wrong_state";
// A line that is slower than this is cut, and the stream gone on with.
constexpr uint64_t kBytesPerSecondMin = 16 * 1024;

absl::Duration TimeToCarry(uint64_t bytes) {
  return absl::Seconds(static_cast<int64_t>(bytes / kBytesPerSecondMin));
}

DocumentState FromProto(v1::DocumentInfo::State state) {
  switch (state) {
    case v1::DocumentInfo::NEVER_STORED:
      return DocumentState::kNeverStored;
    case v1::DocumentInfo::STORED:
      return DocumentState::kStored;
    case v1::DocumentInfo::ERASED:
      return DocumentState::kErased;
    case v1::DocumentInfo::RETENTION_ENDED:
      return DocumentState::kRetentionEnded;
    default:
      return DocumentState::kUnknown;
  }
}

DocumentInfo FromProto(const v1::DocumentInfo& info) {
  return {.sha256 = info.document_sha256(),
          .confidential = info.confidential(),
          .kind = info.kind(),
          .entry_number = info.entry_number(),
          .state = FromProto(info.state()),
          .size = info.size(),
          .media_type = info.media_type(),
          .name = info.name(),
          .stored_at_ms = info.stored_at_ms(),
          .keep_until_ms = info.keep_until_ms(),
          .gone_at_ms = info.gone_at_ms(),
          .readable = info.readable()};
}

AccessRecord FromProto(const v1::Access& access) {
  return {.number = access.number(),
          .time_ms = access.time_ms(),
          .participant_id = access.participant_id(),
          .key = access.key(),
          .grant_nonce = access.grant_nonce(),
          .what = access.what(),
          .document_sha256 = access.document_sha256(),
          .refused = access.refused()};
}

v1::VaultCall CallWith(absl::string_view envelope) {
  v1::VaultCall call;
  call.set_envelope(envelope.data(), envelope.size());
  return call;
}

absl::Status Unexpected(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the registry ", what));
}

// Whether the connection is what failed: the registry said nothing.
bool IsBroken(const absl::Status& status) {
  return RefusalNameOf(status).empty() &&
         (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status));
}

}  // namespace

class VaultClient::Impl {
 public:
  Impl(RegistryChannel channel, const RetryOptions& retry)
      : channel_(std::move(channel)),
        retry_(retry),
        stub_(v1::Vault::NewStub(channel_.channel())) {}

  template <typename Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::Vault::Stub::*method)(grpc::ClientContext*,
                                                                        const v1::VaultCall&,
                                                                        Response*),
                                absl::string_view envelope) const {
    return channel_.Call(*stub_, method, CallWith(envelope));
  }

  // How far a stream has come; kept over the attempts.
  struct Sending {
    absl::string_view document = {};
    bool answered = false;  // the registry has said from where
    uint64_t arrived = 0;   // the furthest of that: what was written may still be lost
    StoredDocument stored = {};
  };
  absl::Status Put(absl::string_view envelope, const Progress& progress, Sending* sending) const {
    grpc::ClientContext context;
    channel_.SetDeadline(&context, TimeToCarry(sending->document.size()));
    const auto stream = stub_->PutDocument(&context);
    const absl::Status exchanged = PutSteps(*stream, envelope, progress, sending);
    // What the registry says goes before what was missed.
    if (!exchanged.ok() && !absl::IsUnavailable(exchanged)) context.TryCancel();
    const absl::Status ended = channel_.ToAbsl(stream->Finish(), context);
    if (exchanged.ok() || (absl::IsUnavailable(exchanged) && !ended.ok())) return ended;
    return exchanged;
  }

  struct Receiving {
    ReceivedDocument document = {};
    bool has_head = false;
    uint64_t size = 0;
  };
  // `open` begins the stream.
  template <typename Open>
  absl::Status Get(const Open& open, const Progress& progress, Receiving* receiving) const {
    grpc::ClientContext context;
    channel_.SetDeadline(&context, TimeToCarry(limits::kDocumentBytesMax));
    const auto stream = open(*stub_, &context);
    const absl::Status read = ReadDocument(*stream, progress, receiving);
    if (!read.ok()) context.TryCancel();
    const absl::Status ended = channel_.ToAbsl(stream->Finish(), context);
    if (!read.ok()) return read;
    if (!ended.ok()) return ended;
    if (!receiving->has_head || receiving->document.bytes.size() != receiving->size) {
      return Unexpected("ended the document before its end");
    }
    return absl::OkStatus();
  }

  // Calls `attempt` until it says something else than that the connection broke. `carried` counts
  // what has come over so far, and 0 only before anything was answered.
  // An upload that broke may be held to be under way for a moment longer.
  template <typename Attempt, typename Carried>
  absl::Status GoOn(const Attempt& attempt, const Carried& carried) const {
    int attempts = 0;
    absl::Duration pause = retry_.first_pause;
    while (true) {
      const uint64_t before = carried();
      const absl::Status status = attempt();
      const bool held = before != 0 && RefusalNameOf(status) == kHeldRefusal;
      if (status.ok() || (!IsBroken(status) && !held)) return status;
      if (carried() != before) {
        attempts = 0;
        pause = retry_.first_pause;
      }
      // What never began is told at once.
      if (carried() == 0 || ++attempts >= retry_.attempts_max) return status;
      absl::SleepFor(pause);
      pause *= 2;
    }
  }

 private:
  using PutStream =
      grpc::ClientReaderWriterInterface<v1::PutDocumentRequest, v1::PutDocumentResponse>;
  using GetStream = grpc::ClientReaderInterface<v1::GetDocumentResponse>;

  // Unavailable where the stream ended: Finish() says why.
  static absl::Status PutSteps(PutStream& stream, absl::string_view envelope,
                               const Progress& progress, Sending* sending) {
    const absl::Status ended = absl::UnavailableError("the registry ended the stream");
    v1::PutDocumentRequest request;
    request.set_envelope(envelope.data(), envelope.size());
    v1::PutDocumentResponse answer;
    if (!stream.Write(request) || !stream.Read(&answer)) return ended;
    if (!answer.has_send_from() || answer.send_from() > sending->document.size()) {
      return Unexpected("does not say from where to send");
    }
    sending->answered = true;
    sending->arrived = std::max(sending->arrived, answer.send_from());
    uint64_t from = answer.send_from();
    progress(from);
    while (from < sending->document.size()) {
      const absl::string_view piece =
          sending->document.substr(static_cast<size_t>(from), kPieceBytes);
      request.set_data(piece.data(), piece.size());
      if (!stream.Write(request)) return ended;
      from += piece.size();
      progress(from);
    }
    stream.WritesDone();
    if (!stream.Read(&answer)) return ended;
    if (!answer.has_stored()) return Unexpected("does not say that the document is stored");
    sending->stored = {answer.stored().stored_at_ms(), answer.stored().keep_until_ms()};
    return absl::OkStatus();
  }

  static absl::Status TakeHead(const v1::DocumentHead& head, Receiving* receiving) {
    if (head.size() > limits::kDocumentBytesMax) {
      return Unexpected(absl::StrCat("offers a document of ", head.size(),
                                     " bytes; none is larger than ", limits::kDocumentBytesMax));
    }
    if (receiving->has_head &&
        (head.size() != receiving->size || head.salt() != receiving->document.salt)) {
      return Unexpected("goes on with another document than it began with");
    }
    receiving->has_head = true;
    receiving->size = head.size();
    receiving->document.media_type = head.media_type();
    receiving->document.name = head.name();
    receiving->document.salt = head.salt();
    return absl::OkStatus();
  }

  static absl::Status ReadDocument(GetStream& stream, const Progress& progress,
                                   Receiving* receiving) {
    v1::GetDocumentResponse answer;
    for (bool first = true; stream.Read(&answer); first = false) {
      if (first != answer.has_head()) return Unexpected("sent a document out of order");
      if (first) {
        const absl::Status taken = TakeHead(answer.head(), receiving);
        if (!taken.ok()) return taken;
        continue;
      }
      std::string& bytes = receiving->document.bytes;
      if (answer.data().empty() || answer.data().size() > receiving->size - bytes.size()) {
        return Unexpected("sent more of a document than there is");
      }
      bytes.append(answer.data());
      progress(bytes.size());
    }
    return absl::OkStatus();
  }

  const RegistryChannel channel_;
  const RetryOptions retry_;
  std::unique_ptr<v1::Vault::Stub> stub_;
};

VaultClient::VaultClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VaultClient::~VaultClient() = default;

absl::StatusOr<std::unique_ptr<VaultClient>> VaultClient::Create(const ConnectionOptions& options,
                                                                 const RetryOptions& retry) {
  absl::StatusOr<RegistryChannel> channel = RegistryChannel::Open(options);
  if (!channel.ok()) return channel.status();
  return std::unique_ptr<VaultClient>(
      new VaultClient(std::make_unique<Impl>(*std::move(channel), retry)));
}

absl::StatusOr<std::vector<DocumentInfo>> VaultClient::ListDocuments(absl::string_view envelope) {
  const auto response = impl_->Call(&v1::Vault::Stub::ListDocuments, envelope);
  if (!response.ok()) return response.status();
  std::vector<DocumentInfo> documents;
  for (const v1::DocumentInfo& info : response->documents()) documents.push_back(FromProto(info));
  return documents;
}

absl::StatusOr<AccessPage> VaultClient::ListAccesses(absl::string_view envelope) {
  const auto response = impl_->Call(&v1::Vault::Stub::ListAccesses, envelope);
  if (!response.ok()) return response.status();
  AccessPage page;
  for (const v1::Access& access : response->accesses()) page.accesses.push_back(FromProto(access));
  page.next_after = response->next_after();
  page.forgotten = response->forgotten();
  return page;
}

absl::StatusOr<uint64_t> VaultClient::WithdrawGrant(absl::string_view envelope) {
  const auto response = impl_->Call(&v1::Vault::Stub::WithdrawGrant, envelope);
  if (!response.ok()) return response.status();
  return response->withdrawn_at_ms();
}

absl::StatusOr<std::vector<std::string>> VaultClient::EraseDocuments(absl::string_view envelope) {
  const auto response = impl_->Call(&v1::Vault::Stub::EraseDocuments, envelope);
  if (!response.ok()) return response.status();
  return std::vector<std::string>(response->erased_sha256().begin(),
                                  response->erased_sha256().end());
}

absl::StatusOr<StoredDocument> VaultClient::PutDocument(const MakeEnvelope& make,
                                                        absl::string_view document,
                                                        const Progress& progress) {
  Impl::Sending sending = {.document = document};
  const absl::Status status = impl_->GoOn(
      [&]() -> absl::Status {
        const absl::StatusOr<std::string> envelope = make(0);
        if (!envelope.ok()) return envelope.status();
        return impl_->Put(*envelope, progress, &sending);
      },
      [&] { return sending.arrived + (sending.answered ? 1 : 0); });
  if (!status.ok()) return status;
  return sending.stored;
}

absl::StatusOr<ReceivedDocument> VaultClient::GetDocument(const MakeEnvelope& make,
                                                          const Progress& progress) {
  Impl::Receiving receiving;
  const absl::Status status = impl_->GoOn(
      [&]() -> absl::Status {
        const absl::StatusOr<std::string> envelope = make(receiving.document.bytes.size());
        if (!envelope.ok()) return envelope.status();
        const v1::VaultCall call = CallWith(*envelope);
        return impl_->Get(
            [&call](v1::Vault::Stub& stub, grpc::ClientContext* stream_context) {
              return stub.GetDocument(stream_context, call);
            },
            progress, &receiving);
      },
      [&] { return receiving.document.bytes.size() + (receiving.has_head ? 1 : 0); });
  if (!status.ok()) return status;
  return std::move(receiving.document);
}

absl::StatusOr<ReceivedDocument> VaultClient::GetPublicDocument(absl::string_view passport_id,
                                                                absl::string_view document_sha256,
                                                                const Progress& progress) {
  v1::GetPublicDocumentRequest request;
  request.set_passport_id(passport_id.data(), passport_id.size());
  request.set_document_sha256(document_sha256.data(), document_sha256.size());
  Impl::Receiving receiving;
  const absl::Status status = impl_->GoOn(
      [&] {
        request.set_offset(receiving.document.bytes.size());
        return impl_->Get(
            [&request](v1::Vault::Stub& stub, grpc::ClientContext* stream_context) {
              return stub.GetPublicDocument(stream_context, request);
            },
            progress, &receiving);
      },
      [&] { return receiving.document.bytes.size() + (receiving.has_head ? 1 : 0); });
  if (!status.ok()) return status;
  return std::move(receiving.document);
}

}  // namespace touchstone::cli
