#include "registry/service/watch_streams.h"

#include <pthread.h>

#include <cassert>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "registry/ledger/schema.h"
#include "registry/limits.h"
#include "registry/service/lookup_rate.h"
#include "registry/service/rpc_message.h"
#include "registry/service/status_map.h"
#include "registry/service/watcher.h"
#include "touchstone/v1/registry_service.grpc.pb.h"

namespace touchstone::service {
namespace {

// Commits are looked at this often at most, so that many small ones wake nobody many times.
constexpr absl::Duration kDispatchInterval = absl::Milliseconds(50);
// The thread looks up from waiting for a commit this often, to see whether it is to end.
constexpr absl::Duration kPatience = absl::Milliseconds(250);

}  // namespace

// One open stream; owns itself from Start() to OnDone(). Its fields are under the owner's mutex,
// but for the watcher, which whoever has set `working_` has to himself.
class WatchStreams::Stream final : public WatchStreams::Reactor {
 public:
  // `begins_at`: the size of the log now, of which the client may know.
  Stream(WatchStreams& owner, uint64_t number, uint64_t begins_at,
         grpc::CallbackServerContext* context, Watcher watcher)
      : owner_(owner),
        number_(number),
        begins_at_(begins_at),
        context_(context),
        peer_(context->peer()),
        watcher_(std::move(watcher)) {}

  uint64_t number() const { return number_; }
  const std::string& peer() const { return peer_; }

  void OnWriteDone(bool ok) override {
    std::lock_guard<std::mutex> lock(owner_.mutex_);
    writing_ = false;
    message_.Clear();
    if (!ok) gone_ = true;
    more_ = true;
    Schedule();
    FinishIfDone();
  }

  void OnCancel() override {
    std::lock_guard<std::mutex> lock(owner_.mutex_);
    gone_ = true;
    FinishIfDone();
  }

  void OnDone() override {
    owner_.Forget(this);
    delete this;
  }

  // ---- Under the owner's mutex, as what follows but for Work(). ----

  void Touch(uint32_t passport) {
    touched_.insert(passport);
    Schedule();
  }
  void TouchAll() {
    all_touched_ = true;
    Schedule();
  }

  // Gets the next message made, if there may be one and nothing stands against it.
  void Schedule() {
    if (working_ || writing_ || finished_ || gone_ || !reason_.ok()) return;
    if (owner_.view_->size() < begins_at_) return;  // Dispatch() comes by
    if (!more_ && !heartbeat_due_ && !all_touched_ && touched_.empty()) return;
    working_ = owner_.reads_.TryRun([this] { Work(); });  // if not, Tick() comes by
  }

  void Tick(absl::Time now) {
    if (writing_ && now - moved_at_ > owner_.limits_.silence_max) {
      context_->TryCancel();  // the client takes nothing: no word will reach it either
      return;
    }
    if (now - up_to_date_at_ >= owner_.limits_.heartbeat) heartbeat_due_ = true;
    Schedule();
  }

  void End(const absl::Status& reason) {
    if (reason_.ok()) reason_ = reason;
    FinishIfDone();
  }

  // OnDone may follow at once on another thread; it waits in Forget() for the mutex.
  void FinishIfDone() {
    if (finished_ || working_ || writing_ || (!gone_ && reason_.ok())) return;
    finished_ = true;
    const ClientError error =
        ToClientError(reason_.ok() ? absl::CancelledError("gone") : reason_, owner_.log_);
    if (!error.refusal.empty()) context_->AddTrailingMetadata(kRefusalMetadata, error.refusal);
    Finish(ToGrpc(error));
  }

 private:
  // On a thread of the read pool.
  void Work() {
    std::shared_ptr<const ledger::View> view;
    bool heartbeat_due = false;
    {
      std::lock_guard<std::mutex> lock(owner_.mutex_);
      view = owner_.view_;
      // Together with the view: it is the state up to which these were woken.
      for (const uint32_t passport : touched_) watcher_.Touch(passport);
      if (all_touched_) watcher_.TouchAll();
      touched_.clear();
      all_touched_ = false;
      more_ = false;
      heartbeat_due = heartbeat_due_;
    }
    absl::Status status;
    bool caught_up = false;
    grpc::ByteBuffer message;
    absl::StatusOr<std::optional<v1::WatchResponse>> next = watcher_.Next(*view);
    if (!next.ok()) {
      status = next.status();
    } else if (next->has_value()) {
      status = Encode(**next, &message);
    } else {
      caught_up = true;
      if (heartbeat_due) status = Encode(watcher_.UpToDate(*view), &message);
    }
    const uint64_t as_of = view->size();
    view.reset();  // before the stream can end: once none is open, the ledger may go
    std::lock_guard<std::mutex> lock(owner_.mutex_);
    if (status.ok()) status = KeepAwaited(as_of);
    working_ = false;
    if (!status.ok() && reason_.ok()) reason_ = status;
    if (reason_.ok() && !gone_ && message.Length() > 0) {
      writing_ = true;
      moved_at_ = absl::Now();
      if (caught_up) {
        heartbeat_due_ = false;
        up_to_date_at_ = moved_at_;
      }
      message_.Swap(&message);
      StartWrite(&message_);
    } else {
      Schedule();
    }
    FinishIfDone();
  }

  absl::Status KeepAwaited(uint64_t as_of) {
    for (auto& [passport, keys] : watcher_.TakeAwaited()) {
      if (!owner_.awaited_.Set({number_, passport}, std::move(keys))) {
        return ForClient(absl::StatusCode::kResourceExhausted,
                         "the registry is watching as much as it can for others: try again later, "
                         "or watch fewer pieces");
      }
      // What was inserted meanwhile was not looked up under these keys.
      if (owner_.view_ != nullptr && as_of < owner_.view_->size()) touched_.insert(passport);
    }
    return absl::OkStatus();
  }

  WatchStreams& owner_;
  const uint64_t number_;
  const uint64_t begins_at_;
  grpc::CallbackServerContext* const context_;
  const std::string peer_;
  Watcher watcher_;
  grpc::ByteBuffer message_;  // that is being written

  bool working_ = false;  // a turn on the read pool is queued or runs
  bool writing_ = false;
  bool gone_ = false;  // the client is
  bool finished_ = false;
  bool more_ = true;            // there may be more to tell, though nothing new has happened
  bool heartbeat_due_ = true;   // the first comes when the stream has caught up
  std::set<uint32_t> touched_;  // passports of which there may be news
  bool all_touched_ = false;
  absl::Status reason_;  // for which we end it ourselves
  absl::Time moved_at_ = absl::Now();
  absl::Time up_to_date_at_ = absl::Now();
};

class WatchStreams::RefusedStream final : public WatchStreams::Reactor {
 public:
  RefusedStream(grpc::CallbackServerContext* context, const ClientError& error) {
    if (!error.refusal.empty()) context->AddTrailingMetadata(kRefusalMetadata, error.refusal);
    Finish(ToGrpc(error));
  }
  void OnDone() override { delete this; }
};

WatchStreams::WatchStreams(const Limits& limits, ServingState& state, ReadPool& reads, Log& log)
    : limits_(limits), state_(state), reads_(reads), log_(log), awaited_(limits.keys_max) {}

WatchStreams::~WatchStreams() {
  Drain();
  std::lock_guard<std::mutex> lock(mutex_);
  assert(open_.empty());
}

WatchStreams::Reactor* WatchStreams::Start(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer& request) {
  const absl::StatusOr<Stream*> opened = Open(context, request);
  if (!opened.ok()) return new RefusedStream(context, ToClientError(opened.status(), log_));
  return *opened;
}

absl::StatusOr<WatchStreams::Stream*> WatchStreams::Open(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer& request) {
  v1::WatchRequest decoded;
  if (absl::Status status = Decode(request, &decoded); !status.ok()) return status;
  absl::StatusOr<Watcher> watcher = Watcher::Create(decoded);
  if (!watcher.ok()) return watcher.status();
  std::lock_guard<std::mutex> lock(mutex_);
  if (draining_) return absl::UnavailableError("stopping");
  if (open_.size() >= limits_.streams_max) {
    return ForClient(absl::StatusCode::kResourceExhausted,
                     "as many streams are watching as this registry allows: try again later");
  }
  ledger::Ledger* const ledger = state_.Enter();
  if (ledger == nullptr) return absl::UnavailableError("starting or stopping");
  if (!CountNetwork(context->peer())) {
    state_.Leave();
    return ForClient(
        absl::StatusCode::kResourceExhausted,
        absl::StrCat("this address has as many streams watching as it may (",
                     limits_.streams_per_network_max, "): name more pieces on each, or end one"));
  }
  std::shared_ptr<const ledger::View> newest = ledger->Newest();
  auto* stream = new Stream(*this, ++streams_begun_, newest->size(), context, *std::move(watcher));
  open_.emplace(stream->number(), stream);
  ledger_ = ledger;
  if (view_ == nullptr) view_ = std::move(newest);
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  changed_.notify_all();
  stream->Schedule();
  return stream;
}

bool WatchStreams::CountNetwork(const std::string& peer) {
  const std::vector<CountedNetwork> networks = CountedAs(peer);
  for (const CountedNetwork& counted : networks) {
    const auto found = networks_.find(counted.network);
    if (found != networks_.end() &&
        found->second >= counted.share * limits_.streams_per_network_max) {
      return false;
    }
  }
  for (const CountedNetwork& counted : networks) ++networks_[counted.network];
  return true;
}

void WatchStreams::UncountNetwork(const std::string& peer) {
  for (const CountedNetwork& counted : CountedAs(peer)) {
    const auto found = networks_.find(counted.network);
    if (--found->second == 0) networks_.erase(found);
  }
}

void WatchStreams::Forget(Stream* stream) {
  std::shared_ptr<const ledger::View> last;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    open_.erase(stream->number());
    awaited_.Remove(stream->number());
    UncountNetwork(stream->peer());
    if (open_.empty()) {
      view_.swap(last);
      ledger_ = nullptr;
    }
  }
  last.reset();
  state_.Leave();
}

void WatchStreams::Tick(absl::Time now) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [number, stream] : open_) stream->Tick(now);
}

void WatchStreams::Drain() {
  std::thread thread;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    draining_ = true;
    for (const auto& [number, stream] : open_) {
      stream->End(ForClient(absl::StatusCode::kUnavailable,
                            "the registry is stopping: watch again from the last next_position "
                            "that came"));
    }
    thread.swap(thread_);
  }
  changed_.notify_all();
  if (thread.joinable()) thread.join();
}

// ---- The thread. ----

void WatchStreams::Run() {
  pthread_setname_np(pthread_self(), "watch");  // for whoever looks at the process
  std::unique_lock<std::mutex> lock(mutex_);
  while (!draining_) {
    if (ledger_ == nullptr) {
      changed_.wait(lock);
      continue;
    }
    ledger::Ledger* const ledger = ledger_;
    const uint64_t size = view_->size();
    // The last stream may end while this one waits, and the ledger must not.
    if (state_.Enter() == nullptr) break;
    lock.unlock();
    std::shared_ptr<const ledger::View> newest = ledger->AwaitNewer(size, kPatience);
    if (newest->size() > size) Dispatch(newest);
    newest.reset();
    state_.Leave();
    lock.lock();
    changed_.wait_for(lock, absl::ToChronoNanoseconds(kDispatchInterval),
                      [this] { return draining_; });
  }
}

void WatchStreams::Dispatch(const std::shared_ptr<const ledger::View>& newest) {
  uint64_t from = 0;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (view_ == nullptr) return;
    from = view_->size();
  }
  const absl::StatusOr<ledger::InsertionsPage> page =
      newest->Insertions(from, limits::kInsertionsPageMax);
  const bool is_whole = page.ok() && page->next_position == newest->size();
  std::shared_ptr<const ledger::View> before = newest;
  std::lock_guard<std::mutex> lock(mutex_);
  if (view_ == nullptr) return;
  // Those who began to watch meanwhile have seen no more than the others; unless all had ended, and
  // they have seen more.
  if (view_->size() >= newest->size()) return;
  view_.swap(before);  // first: a turn that begins now sees what it was woken for
  if (!is_whole) {     // more than can be looked through, or not readable: let each look for itself
    for (const auto& [number, stream] : open_) stream->TouchAll();
    return;
  }
  for (const auto& [number, stream] : open_) stream->Schedule();  // one that has just begun
  for (const ledger::InsertionsPage::Commit& commit : page->commits) {
    const absl::StatusOr<absl::Span<const ledger::IndexLeaf>> leaves =
        ledger::schema::InsertionsIn(commit.leaves);
    if (!leaves.ok()) continue;  // Insertions() has looked
    for (const ledger::IndexLeaf& leaf : *leaves) {
      awaited_.ForEach(leaf.key, [this](const WatchedPassport& who) {
        const auto found = open_.find(who.watcher);
        if (found != open_.end()) found->second->Touch(who.passport);
      });
    }
  }
}

}  // namespace touchstone::service
