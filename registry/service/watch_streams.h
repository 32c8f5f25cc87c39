// The RPC Watch: streams on which a registry tells what happens to some pieces. A thread looks at
// what each commit inserted into the index, and wakes the streams that wait for one of those keys;
// what a woken stream says is read from the log on the read pool, one message at a time, the next
// when the client has taken the one before.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_WATCH_STREAMS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_WATCH_STREAMS_H_

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/view.h"
#include "registry/service/awaited_keys.h"
#include "registry/service/log.h"
#include "registry/service/read_pool.h"
#include "registry/service/serving_state.h"

namespace touchstone::service {

// All open streams of the server. Thread-safe.
class WatchStreams {
 public:
  using Reactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

  struct Limits {
    size_t streams_max;              // open at a time
    size_t streams_per_network_max;  // of those, by one address
    size_t keys_max;                 // of the index that all streams together wait for
    absl::Duration heartbeat;        // how often a stream says that nothing has happened
    absl::Duration silence_max;      // a client that has not taken a message by then is cut off
  };

  // All outlive the streams. A `reads` that is full delays a stream until Tick().
  WatchStreams(const Limits& limits, ServingState& state, ReadPool& reads, Log& log);

  WatchStreams(const WatchStreams&) = delete;
  WatchStreams& operator=(const WatchStreams&) = delete;
  // No stream may be open.
  ~WatchStreams();

  // The reactor of a new stream.
  Reactor* Start(grpc::CallbackServerContext* context, const grpc::ByteBuffer& request);

  // Heartbeats, what had to wait, and clients that take nothing. Call it now and then.
  void Tick(absl::Time now);

  // Ends all streams, with the position from which to go on, and the thread.
  void Drain();

 private:
  class Stream;
  class RefusedStream;

  absl::StatusOr<Stream*> Open(grpc::CallbackServerContext* context,
                               const grpc::ByteBuffer& request);
  bool CountNetwork(const std::string& peer);
  void UncountNetwork(const std::string& peer);
  void Forget(Stream* stream);

  // The thread.
  void Run();
  void Dispatch(const std::shared_ptr<const ledger::View>& newest);

  const Limits limits_;
  ServingState& state_;
  ReadPool& reads_;
  Log& log_;

  // One mutex for all streams too: it is held for moments, and what reads the store does not.
  std::mutex mutex_;  // for all that follow
  std::condition_variable changed_;
  bool draining_ = false;
  uint64_t streams_begun_ = 0;
  absl::flat_hash_map<uint64_t, Stream*> open_;
  absl::flat_hash_map<std::string, uint32_t> networks_;
  AwaitedKeys awaited_;
  ledger::Ledger* ledger_ = nullptr;  // while a stream is open
  // The state up to which whoever waits was woken; null while no stream is open.
  std::shared_ptr<const ledger::View> view_;
  std::thread thread_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_WATCH_STREAMS_H_
