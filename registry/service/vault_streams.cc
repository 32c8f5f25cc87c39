#include "registry/service/vault_streams.h"

#include <cassert>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/service/rpc_message.h"
#include "registry/service/status_map.h"
#include "registry/service/vault_requests.h"
#include "registry/vault/sealed_file.h"
#include "touchstone/v1/vault_service.grpc.pb.h"

namespace touchstone::service {

// What both kinds have in common: who they are in the list of open streams, and when something
// moved.
class VaultStreams::Stream {
 public:
  Stream(VaultStreams& owner, grpc::CallbackServerContext* context)
      : owner_(owner), context_(context) {}

  void EndIfSilent(absl::Time since) {
    if (absl::FromUnixMillis(moved_at_ms_) <= since) context_->TryCancel();
  }
  void Cancel() { context_->TryCancel(); }

 protected:
  ~Stream() = default;

  void Moved() { moved_at_ms_ = absl::ToUnixMillis(absl::Now()); }

  grpc::Status Mapped(const absl::Status& status) {
    if (status.ok()) return grpc::Status::OK;
    const ClientError error = ToClientError(status, owner_.log_);
    if (!error.refusal.empty()) context_->AddTrailingMetadata(kRefusalMetadata, error.refusal);
    return ToGrpc(error);
  }

  VaultStreams& owner_;
  grpc::CallbackServerContext* const context_;
  ledger::Ledger* ledger_ = nullptr;  // null: it was not let in

 private:
  std::atomic<int64_t> moved_at_ms_ = absl::ToUnixMillis(absl::Now());
};

// Owns itself until OnDone(). Between a reaction of gRPC's and the next operation that it starts,
// one task of the pool has it to itself.
class VaultStreams::DownloadStream final : public VaultStreams::Stream,
                                           public VaultStreams::DownloadReactor {
 public:
  DownloadStream(VaultStreams& owner, grpc::CallbackServerContext* context, Opening opening)
      : Stream(owner, context), opening_(std::move(opening)) {
    const absl::StatusOr<ledger::Ledger*> entered = owner_.Enter(this);
    if (!entered.ok()) {
      Finish(Mapped(entered.status()));
      return;
    }
    ledger_ = *entered;
    RunOrEnd([this] { Open(); });
  }

  void OnWriteDone(bool ok) override {
    Moved();
    if (!ok) {
      Finish(Mapped(absl::CancelledError("cancelled")));
      return;
    }
    RunOrEnd([this] { WriteNext(); });
  }

  void OnDone() override {
    download_.reset();
    if (ledger_ != nullptr) owner_.Forget(this);
    delete this;
  }

 private:
  void RunOrEnd(ReadPool::Task task) {
    if (owner_.pool_.TryRun(std::move(task))) return;
    Finish(Mapped(absl::ResourceExhaustedError("too many reads")));
  }

  void Open() {
    absl::StatusOr<std::unique_ptr<vault::Download>> download = opening_(*ledger_->Newest());
    if (!download.ok()) {
      Finish(Mapped(vault::OwnFault(download.status())));
      return;
    }
    download_ = *std::move(download);
    v1::GetDocumentResponse response;
    v1::DocumentHead& head = *response.mutable_head();
    head.set_size(download_->size());
    head.set_media_type(download_->media_type);
    head.set_name(download_->name);
    head.set_salt(download_->salt);
    Write(response);
  }

  void WriteNext() {
    absl::StatusOr<std::string> piece = download_->Next();
    if (!piece.ok() || piece->empty()) {
      Finish(Mapped(piece.status()));
      return;
    }
    v1::GetDocumentResponse response;
    response.set_data(*std::move(piece));
    Write(response);
  }

  void Write(const v1::GetDocumentResponse& response) {
    bytes_.Clear();
    if (absl::Status encoded = Encode(response, &bytes_); !encoded.ok()) {
      Finish(Mapped(encoded));
      return;
    }
    StartWrite(&bytes_);
  }

  Opening opening_;
  std::unique_ptr<vault::Download> download_;
  Bytes bytes_;  // of the write that is open
};

// As above. First a request, answered by where to send from; then the document; then its end.
class VaultStreams::UploadStream final : public VaultStreams::Stream,
                                         public VaultStreams::UploadReactor {
 public:
  UploadStream(VaultStreams& owner, grpc::CallbackServerContext* context, vault::Vault& vault)
      : Stream(owner, context), vault_(vault) {
    const absl::StatusOr<ledger::Ledger*> entered = owner_.Enter(this);
    if (!entered.ok()) {
      Finish(Mapped(entered.status()));
      return;
    }
    ledger_ = *entered;
    StartRead(&bytes_);
  }

  void OnReadDone(bool ok) override {
    Moved();
    RunOrEnd(ok ? ReadPool::Task([this] { Take(); }) : ReadPool::Task([this] { End(); }));
  }

  void OnWriteDone(bool ok) override {
    Moved();
    if (!ok) {
      FinishWith(absl::CancelledError("cancelled"));
    } else if (stored_) {
      FinishWith(absl::OkStatus());
    } else {
      StartRead(&bytes_);
    }
  }

  void OnDone() override {
    upload_.reset();
    if (ledger_ != nullptr) owner_.Forget(this);
    delete this;
  }

 private:
  void RunOrEnd(ReadPool::Task task) {
    if (owner_.pool_.TryRun(std::move(task))) return;
    FinishWith(absl::ResourceExhaustedError("too many reads"));
  }

  // The upload's place is given back before the client hears of the end, and may come again.
  void FinishWith(const absl::Status& status) {
    upload_.reset();
    Finish(Mapped(status));
  }

  void Take() {
    v1::PutDocumentRequest request;
    if (absl::Status decoded = Decode(bytes_, &request); !decoded.ok()) {
      FinishWith(decoded);
      return;
    }
    if (upload_ == nullptr) {
      Begin(request);
      return;
    }
    absl::Status taken = absl::InvalidArgumentError(
        "data: missing; behind the request come pieces of the document, 1 to 65536 bytes each");
    if (request.has_data() && !request.data().empty() &&
        request.data().size() <= vault::kPieceBytes) {
      taken = upload_->Append(request.data());
    }
    if (!taken.ok()) {
      FinishWith(taken);
      return;
    }
    StartRead(&bytes_);
  }

  void Begin(const v1::PutDocumentRequest& request) {
    if (!request.has_envelope()) {
      FinishWith(absl::InvalidArgumentError("envelope: missing; the request comes first"));
      return;
    }
    const std::shared_ptr<const ledger::View> view = ledger_->Newest();
    const absl::StatusOr<vault::VaultRequest> read =
        ReadVaultRequest(*view, request.envelope(), v1::VaultRequest::kPutDocument,
                         owner_.log_origin_, owner_.clock_.NowMs());
    if (!read.ok()) {
      FinishWith(read.status());
      return;
    }
    absl::StatusOr<std::unique_ptr<vault::Upload>> upload = vault_.Put(*view, *read);
    if (!upload.ok()) {
      FinishWith(vault::OwnFault(upload.status()));
      return;
    }
    upload_ = *std::move(upload);
    v1::PutDocumentResponse response;
    response.set_send_from(upload_->offset());
    Write(response);
  }

  void End() {
    if (upload_ == nullptr) {
      FinishWith(absl::InvalidArgumentError("envelope: missing; the request comes first"));
      return;
    }
    const absl::StatusOr<vault::StoredDocument> stored = upload_->Finish(*ledger_->Newest());
    if (!stored.ok()) {
      FinishWith(stored.status());
      return;
    }
    stored_ = true;
    v1::PutDocumentResponse response;
    response.mutable_stored()->set_stored_at_ms(stored->stored_at_ms);
    response.mutable_stored()->set_keep_until_ms(stored->keep_until_ms);
    Write(response);
  }

  void Write(const v1::PutDocumentResponse& response) {
    answer_.Clear();
    if (absl::Status encoded = Encode(response, &answer_); !encoded.ok()) {
      FinishWith(encoded);
      return;
    }
    StartWrite(&answer_);
  }

  vault::Vault& vault_;
  std::unique_ptr<vault::Upload> upload_;
  bool stored_ = false;
  Bytes bytes_;   // of the read that is open
  Bytes answer_;  // of the write that is open
};

VaultStreams::VaultStreams(const Limits& limits, std::string log_origin, const ledger::Clock& clock,
                           ServingState& state, ReadPool& pool, Log& log)
    : limits_(limits),
      log_origin_(std::move(log_origin)),
      clock_(clock),
      state_(state),
      pool_(pool),
      log_(log) {}

VaultStreams::~VaultStreams() { assert(open_.empty()); }

absl::StatusOr<ledger::Ledger*> VaultStreams::Enter(Stream* stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (draining_) return absl::UnavailableError("stopping");
  if (open_.size() >= limits_.streams_max) {
    return absl::ResourceExhaustedError("too many streams");
  }
  ledger::Ledger* ledger = state_.Enter();
  if (ledger == nullptr) return absl::UnavailableError("starting or stopping");
  open_.insert(stream);
  return ledger;
}

void VaultStreams::Forget(Stream* stream) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_.erase(stream);
  }
  state_.Leave();
}

VaultStreams::DownloadReactor* VaultStreams::StartDownload(grpc::CallbackServerContext* context,
                                                           Opening opening) {
  return new DownloadStream(*this, context, std::move(opening));
}

VaultStreams::UploadReactor* VaultStreams::StartUpload(grpc::CallbackServerContext* context,
                                                       vault::Vault& vault) {
  return new UploadStream(*this, context, vault);
}

void VaultStreams::EndSilent(absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Stream* stream : open_) stream->EndIfSilent(now - limits_.silence_max);
}

void VaultStreams::Drain() {
  const std::lock_guard<std::mutex> lock(mutex_);
  draining_ = true;
  for (Stream* stream : open_) stream->Cancel();
}

}  // namespace touchstone::service
