// The streams of documents, in and out: each does one thing at a time, on a pool of threads, so
// that a document is never held whole and a slow client holds no thread.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_VAULT_STREAMS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_VAULT_STREAMS_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/view.h"
#include "registry/service/log.h"
#include "registry/service/read_pool.h"
#include "registry/service/serving_state.h"
#include "registry/vault/vault.h"

namespace touchstone::service {

// Thread-safe.
class VaultStreams {
 public:
  using Bytes = grpc::ByteBuffer;
  using DownloadReactor = grpc::ServerWriteReactor<Bytes>;
  using UploadReactor = grpc::ServerBidiReactor<Bytes, Bytes>;
  // Begins a download, once there is a view.
  using Opening = absl::AnyInvocable<absl::StatusOr<std::unique_ptr<vault::Download>>(
      const ledger::View& view)>;

  struct Limits {
    size_t streams_max;
    absl::Duration silence_max;
  };

  // All outlive the streams.
  VaultStreams(const Limits& limits, std::string log_origin, const ledger::Clock& clock,
               ServingState& state, ReadPool& pool, Log& log);
  ~VaultStreams();
  VaultStreams(const VaultStreams&) = delete;
  VaultStreams& operator=(const VaultStreams&) = delete;

  DownloadReactor* StartDownload(grpc::CallbackServerContext* context, Opening opening);
  UploadReactor* StartUpload(grpc::CallbackServerContext* context, vault::Vault& vault);

  // Ends those in which nothing has moved for too long. Call it now and then.
  void EndSilent(absl::Time now);
  // Ends all, and takes no more.
  void Drain();

 private:
  class Stream;
  class DownloadStream;
  class UploadStream;

  // OK: the stream is in, and leaves by Forget().
  absl::StatusOr<ledger::Ledger*> Enter(Stream* stream);
  void Forget(Stream* stream);

  const Limits limits_;
  const std::string log_origin_;
  const ledger::Clock& clock_;
  ServingState& state_;
  ReadPool& pool_;
  Log& log_;
  std::mutex mutex_;  // for these two
  bool draining_ = false;
  std::set<Stream*> open_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_VAULT_STREAMS_H_
