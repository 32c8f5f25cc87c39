#include "registry/service/stop_signal.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "absl/time/clock.h"

namespace touchstone::service {

absl::StatusOr<std::unique_ptr<StopSignal>> StopSignal::Install() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  const int blocked = pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (blocked != 0) return absl::ErrnoToStatus(blocked, "cannot block SIGTERM and SIGINT");
  signal(SIGPIPE, SIG_IGN);

  const int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signal_fd < 0) return absl::ErrnoToStatus(errno, "cannot wait for signals");
  const int failure_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (failure_fd < 0) {
    const absl::Status status = absl::ErrnoToStatus(errno, "cannot wait for failures");
    close(signal_fd);
    return status;
  }
  return std::unique_ptr<StopSignal>(new StopSignal(signal_fd, failure_fd));
}

StopSignal::~StopSignal() {
  close(signal_fd_);
  close(failure_fd_);
}

void StopSignal::Fail() {
  const uint64_t one = 1;
  // Fails only when 2^64 - 2 failures wait to be read, and then nothing is lost.
  [[maybe_unused]] const ssize_t written = write(failure_fd_, &one, sizeof one);
}

StopReason StopSignal::Wait() {
  StopReason reason = StopReason::kAsked;
  while (!WaitFor(absl::InfiniteDuration(), &reason)) {
  }
  return reason;
}

bool StopSignal::WaitFor(absl::Duration timeout, StopReason* reason) {
  const absl::Time until = absl::Now() + timeout;
  for (;;) {
    pollfd fds[2] = {{failure_fd_, POLLIN, 0}, {signal_fd_, POLLIN, 0}};
    const int64_t left = absl::ToInt64Milliseconds(until - absl::Now());
    const int ready =
        poll(fds, 2,
             timeout == absl::InfiniteDuration()
                 ? -1
                 : static_cast<int>(std::clamp<int64_t>(left, 0, std::numeric_limits<int>::max())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    if ((fds[0].revents & POLLIN) != 0) {
      *reason = StopReason::kFailed;  // stays readable: nothing takes it back
      return true;
    }
    signalfd_siginfo taken;
    if (read(signal_fd_, &taken, sizeof taken) == static_cast<ssize_t>(sizeof taken)) {
      *reason = StopReason::kAsked;
      return true;
    }
  }
}

}  // namespace touchstone::service
