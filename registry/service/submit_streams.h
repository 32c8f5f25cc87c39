// The bulk RPC, SubmitStream: many statements on one stream, answered in whatever order they come
// in. A stream is read on only while few enough of its statements are unanswered, so a client that
// sends faster than the disk can flush waits, instead of filling our memory.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_SUBMIT_STREAMS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_SUBMIT_STREAMS_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <mutex>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "registry/service/log.h"
#include "registry/service/serving_state.h"

namespace touchstone::service {

// All open streams of the server. Thread-safe.
class SubmitStreams {
 public:
  using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

  struct Limits {
    size_t streams_max;          // open at a time
    size_t unanswered_max;       // statements of one stream
    absl::Duration silence_max;  // a stream on which nothing moves for so long is ended
  };

  // Both outlive the streams.
  SubmitStreams(const Limits& limits, ServingState& state, Log& log);

  SubmitStreams(const SubmitStreams&) = delete;
  SubmitStreams& operator=(const SubmitStreams&) = delete;
  // No stream may be open.
  ~SubmitStreams();

  // The reactor of a new stream.
  Reactor* Start(grpc::CallbackServerContext* context);

  // Ends the streams on which nothing moved for silence_max. Call it now and then.
  void EndSilent(absl::Time now);

  // Takes nothing more on any stream: each answers what it has read and then ends.
  void Drain();

 private:
  class Stream;
  class RefusedStream;

  void Forget(Stream* stream);

  const Limits limits_;
  ServingState& state_;
  Log& log_;
  std::mutex mutex_;  // for these two
  bool draining_ = false;
  absl::flat_hash_set<Stream*> open_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_SUBMIT_STREAMS_H_
