#include "registry/service/submit_streams.h"

#include <cassert>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/service/rpc_message.h"
#include "registry/service/status_map.h"
#include "touchstone/v1/registry_service.grpc.pb.h"

namespace touchstone::service {

// One open stream; owns itself from Start() to OnDone(). gRPC never runs a reaction inside the call
// that asks for it, so reads and writes are started under the mutex. Finish() is not: OnDone, and
// with it the end of the mutex, can follow at once.
class SubmitStreams::Stream final : public SubmitStreams::Reactor {
 public:
  Stream(SubmitStreams& owner, grpc::CallbackServerContext* context, ledger::Ledger& ledger)
      : owner_(owner), context_(context), ledger_(ledger) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    bool taken = false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!ok) {  // the client has said all, or is gone
        taking_ = false;
        reading_ = false;
      } else if (taking_) {
        taken = true;
        ++unanswered_;
        moved_at_ = absl::Now();
      } else {
        reading_ = false;
      }
    }
    if (taken) Take();
    FinishIfDone();
  }

  void OnWriteDone(bool ok) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      writing_ = false;
      answers_.pop_front();
      --unanswered_;
      if (ok) {
        moved_at_ = absl::Now();
        WriteNext();
        ReadOn();
      } else {
        Break();
      }
    }
    FinishIfDone();
  }

  void OnCancel() override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      Break();
    }
    FinishIfDone();
  }

  void OnDone() override {
    owner_.Forget(this);
    delete this;
  }

  // Takes nothing more; ends with `reason` once what was taken is answered.
  void End(const absl::Status& reason) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (reason_.ok()) reason_ = reason;
      taking_ = false;
    }
    FinishIfDone();
  }

  void EndIfSilent(absl::Time since) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (moved_at_ > since) return;
      if (writing_) {  // the client does not take its answers, so no word will reach it either
        context_->TryCancel();
        return;
      }
      if (unanswered_ > 0) return;  // the ledger's silence, not the client's
    }
    End(absl::DeadlineExceededError("silent"));
  }

 private:
  void Take() {
    v1::SubmitStreamRequest request;
    if (absl::Status status = Decode(request_, &request); !status.ok()) {
      std::lock_guard<std::mutex> lock(mutex_);
      reason_ = status;
      taking_ = false;
      reading_ = false;
      --unanswered_;
      return;
    }
    ledger_.Submit(std::move(*request.mutable_envelope()),
                   [this, tag = request.tag()](absl::StatusOr<ledger::Receipt> receipt) {
                     Answer(tag, std::move(receipt));
                   });
    std::lock_guard<std::mutex> lock(mutex_);
    reading_ = false;
    ReadOn();
  }

  void Answer(uint64_t tag, absl::StatusOr<ledger::Receipt> receipt) {
    v1::SubmitStreamResponse response;
    response.set_tag(tag);
    if (receipt.ok()) {
      response.set_receipt(std::move(receipt->bytes));
      response.set_provisional(receipt->provisional);
    } else {
      ClientError error = ToClientError(receipt.status(), owner_.log_);
      response.mutable_error()->set_status_code(static_cast<uint32_t>(error.code));
      response.mutable_error()->set_message(std::move(error.message));
      response.mutable_error()->set_refusal(std::move(error.refusal));
    }
    grpc::ByteBuffer bytes;
    const bool encoded = Encode(response, &bytes).ok();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      moved_at_ = absl::Now();
      if (broken_ || !encoded) {
        --unanswered_;
      } else {
        answers_.push_back(std::move(bytes));
        WriteNext();
      }
    }
    FinishIfDone();
  }

  // The next three are called under mutex_.
  void WriteNext() {
    if (writing_ || answers_.empty()) return;
    writing_ = true;
    grpc::WriteOptions options;
    // More follow at once: gRPC may put them into one packet.
    if (answers_.size() > 1) options.set_buffer_hint();
    StartWrite(&answers_.front(), options);
  }

  void ReadOn() {
    if (reading_ || !taking_ || unanswered_ >= owner_.limits_.unanswered_max) return;
    reading_ = true;
    StartRead(&request_);
  }

  // Nobody listens any more: what waits to be written is dropped.
  void Break() {
    broken_ = true;
    taking_ = false;
    const size_t in_flight = writing_ ? 1 : 0;
    unanswered_ -= answers_.size() - in_flight;
    answers_.resize(in_flight);
  }

  void FinishIfDone() {
    absl::Status reason;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      // A read that is still open when we end the stream ourselves is ended by Finish().
      if (finished_ || taking_ || unanswered_ > 0 || (reading_ && reason_.ok())) return;
      finished_ = true;
      reason = reason_;
    }
    Finish(reason.ok() ? grpc::Status::OK : ToGrpc(ToClientError(reason, owner_.log_)));
  }

  SubmitStreams& owner_;
  grpc::CallbackServerContext* const context_;
  ledger::Ledger& ledger_;
  grpc::ByteBuffer request_;  // of the read that is open

  std::mutex mutex_;      // for all that follow
  bool taking_ = true;    // more statements are wanted
  bool reading_ = true;   // a read is open, or its statement being taken
  bool writing_ = false;  // answers_.front() is being written
  bool broken_ = false;   // the client is gone
  bool finished_ = false;
  size_t unanswered_ = 0;  // taken, and their answers not yet written
  std::deque<grpc::ByteBuffer> answers_;
  absl::Status reason_;  // for which we end it ourselves
  absl::Time moved_at_ = absl::Now();
};

class SubmitStreams::RefusedStream final : public SubmitStreams::Reactor {
 public:
  explicit RefusedStream(const ClientError& error) { Finish(ToGrpc(error)); }
  void OnDone() override { delete this; }
};

SubmitStreams::SubmitStreams(const Limits& limits, ServingState& state, Log& log)
    : limits_(limits), state_(state), log_(log) {}

SubmitStreams::~SubmitStreams() {
  std::lock_guard<std::mutex> lock(mutex_);
  assert(open_.empty());
}

SubmitStreams::Reactor* SubmitStreams::Start(grpc::CallbackServerContext* context) {
  const auto refuse = [this](const absl::Status& status) {
    return new RefusedStream(ToClientError(status, log_));
  };
  std::lock_guard<std::mutex> lock(mutex_);
  if (draining_) return refuse(absl::UnavailableError("stopping"));
  if (open_.size() >= limits_.streams_max) {
    return refuse(absl::ResourceExhaustedError("too many streams"));
  }
  ledger::Ledger* ledger = state_.Enter();
  if (ledger == nullptr) return refuse(absl::UnavailableError("starting or stopping"));
  auto* stream = new Stream(*this, context, *ledger);
  open_.insert(stream);
  return stream;
}

void SubmitStreams::EndSilent(absl::Time now) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (Stream* stream : open_) stream->EndIfSilent(now - limits_.silence_max);
}

void SubmitStreams::Drain() {
  std::lock_guard<std::mutex> lock(mutex_);
  draining_ = true;
  for (Stream* stream : open_) stream->End(absl::UnavailableError("stopping"));
}

void SubmitStreams::Forget(Stream* stream) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    open_.erase(stream);
  }
  state_.Leave();
}

}  // namespace touchstone::service
