#include "registry/service/open_calls.h"

#include "absl/status/status.h"

namespace touchstone::service {

bool OpenCalls::Call::HoldAnswer(size_t bytes) {
  std::lock_guard<std::mutex> lock(owner_.mutex_);
  if (owner_.answer_bytes_ + bytes > owner_.limits_.answer_bytes_max) return false;
  owner_.answer_bytes_ += bytes;
  answer_bytes_ += bytes;
  return true;
}

void OpenCalls::Call::OnDone() {
  owner_.End(*this);
  delete this;
}

absl::StatusOr<OpenCalls::Call*> OpenCalls::Begin(grpc::CallbackServerContext* context) {
  ledger::Ledger* ledger = state_.Enter();
  if (ledger == nullptr) return absl::UnavailableError("starting or stopping");
  std::unique_lock<std::mutex> lock(mutex_);
  if (open_.size() >= limits_.calls_max) {
    lock.unlock();
    state_.Leave();
    return absl::ResourceExhaustedError("too many calls");
  }
  auto* call = new Call(*this, *context, *ledger);
  call->place_ = open_.insert(open_.end(), call);
  return call;
}

void OpenCalls::CancelOld(absl::Time now) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (Call* call : open_) {
    if (now - call->began_at_ < limits_.age_max) return;
    call->context_.TryCancel();  // a submission ends all the same only when the ledger has answered
  }
}

void OpenCalls::End(const Call& call) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    open_.erase(call.place_);
    answer_bytes_ -= call.answer_bytes_;
  }
  state_.Leave();
}

}  // namespace touchstone::service
