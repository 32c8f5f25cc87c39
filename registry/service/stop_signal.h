// Why the process should end, whoever says so first: the operator (SIGTERM, SIGINT) or the ledger
// (a commit whose outcome is unknown). One thread waits; nothing runs in a signal handler.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_STOP_SIGNAL_H_
#define TOUCHSTONE_REGISTRY_SERVICE_STOP_SIGNAL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace touchstone::service {

enum class StopReason { kAsked, kFailed };

class StopSignal {
 public:
  // Blocks SIGTERM and SIGINT in the calling thread and in those that it starts from now on, and
  // ignores SIGPIPE; so call it before any other thread exists. ResourceExhausted if the system has
  // no descriptors left.
  static absl::StatusOr<std::unique_ptr<StopSignal>> Install();

  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  // From any thread, as often as wanted: the process cannot go on.
  void Fail();

  // Waits for the first reason. kFailed where both are there. A signal is taken by the call that
  // reports it, so a second one can be waited for.
  StopReason Wait();

  // Whether a reason came within `timeout`.
  bool WaitFor(absl::Duration timeout, StopReason* reason);

 private:
  StopSignal(int signal_fd, int failure_fd) : signal_fd_(signal_fd), failure_fd_(failure_fd) {}

  const int signal_fd_;
  const int failure_fd_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_STOP_SIGNAL_H_
