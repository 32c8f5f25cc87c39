#include "registry/service/connection_listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace touchstone::service {
namespace {

constexpr int kBacklog = 1024;
constexpr int kFullRetryMs = 100;

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

absl::Status CannotListen(const std::string& address, absl::string_view why) {
  return absl::UnavailableError(absl::StrCat("--listen: cannot listen on '", address, "': ", why));
}

absl::StatusOr<Addresses> Resolve(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints = {};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found);
  if (error != 0) return CannotListen(address, gai_strerror(error));
  return Addresses(found);
}

void SetPort(sockaddr* address, int port) {
  const in_port_t value = htons(static_cast<uint16_t>(port));
  if (address->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address)->sin6_port = value;
  } else {
    reinterpret_cast<sockaddr_in*>(address)->sin_port = value;
  }
}

int PortOf(int socket) {
  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

// A listening socket, or -1 with errno.
int ListenOn(const addrinfo& address) {
  const int fd = socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  const int on = 1;
  const int off = 0;
  // The address of a registry that has just ended can be used at once; one that runs keeps it.
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // accepted ones inherit it
  if (address.ai_family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  }
  if (bind(fd, address.ai_addr, address.ai_addrlen) == 0 && listen(fd, kBacklog) == 0) return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

void CloseAll(const std::vector<int>& fds) {
  for (const int fd : fds) close(fd);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectionListener>> ConnectionListener::Listen(
    const std::string& address, Log& log) {
  const absl::StatusOr<Addresses> addresses = Resolve(address);
  if (!addresses.ok()) return addresses.status();
  std::vector<int> sockets;
  int port = 0;
  int error = 0;
  for (addrinfo* each = addresses->get(); each != nullptr; each = each->ai_next) {
    if (port != 0) SetPort(each->ai_addr, port);  // the same on all, also where it was chosen
    const int fd = ListenOn(*each);
    if (fd >= 0) {
      sockets.push_back(fd);
      port = PortOf(fd);
    } else if (errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL) {
      error = errno;
      break;
    } else if (sockets.empty()) {
      error = errno;  // a machine without IPv6 still listens on what it has
    }
  }
  const bool failed =
      sockets.empty() || (error != 0 && error != EAFNOSUPPORT && error != EADDRNOTAVAIL);
  const int stop_fd = failed ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (failed || stop_fd < 0) {
    CloseAll(sockets);
    return CannotListen(address, std::strerror(failed ? error : errno));
  }
  return std::unique_ptr<ConnectionListener>(
      new ConnectionListener(std::move(sockets), port, stop_fd, log));
}

ConnectionListener::ConnectionListener(std::vector<int> sockets, int port, int stop_fd, Log& log)
    : sockets_(std::move(sockets)), port_(port), stop_fd_(stop_fd), log_(log) {}

ConnectionListener::~ConnectionListener() {
  Stop();
  close(stop_fd_);
}

void ConnectionListener::Start(size_t connections_max, Taker taker) {
  connections_max_ = connections_max;
  taker_ = std::move(taker);
  thread_ = std::thread([this] { Run(); });
}

void ConnectionListener::Stop() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_fd_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
  CloseAll(sockets_);
  sockets_.clear();
}

void ConnectionListener::Run() {
  while (WaitFor(-1, true)) {
    if (!HasRoom()) {
      log_.Warning("connections_full", "as many connections as there may be; more have to wait",
                   {{"connections_max", connections_max_}});
      if (!WaitFor(kFullRetryMs, false)) return;
      continue;
    }
    for (const int socket : sockets_) TakeFrom(socket);
  }
}

void ConnectionListener::TakeFrom(int socket) {
  const int fd = accept4(socket, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    // EAGAIN and what the other side did to its own connection are nothing to us.
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      log_.Warning("accept", "the system has no room for another connection",
                   {{"error", std::strerror(errno)}});
      WaitFor(kFullRetryMs, false);
    }
    return;
  }
  struct stat identity = {};
  fstat(fd, &identity);
  handed_on_[fd] = {identity.st_dev, identity.st_ino};
  taker_(fd);
}

bool ConnectionListener::HasRoom() {
  // Two sockets may each take one before this is asked again.
  if (handed_on_.size() + sockets_.size() <= connections_max_) return true;
  std::erase_if(handed_on_, [](const auto& entry) {
    struct stat now = {};
    return fstat(entry.first, &now) != 0 || std::make_pair(now.st_dev, now.st_ino) != entry.second;
  });
  return handed_on_.size() + sockets_.size() <= connections_max_;
}

bool ConnectionListener::WaitFor(int milliseconds, bool connections) {
  std::vector<pollfd> fds = {{stop_fd_, POLLIN, 0}};
  if (connections) {
    for (const int socket : sockets_) fds.push_back({socket, POLLIN, 0});
  }
  while (poll(fds.data(), fds.size(), milliseconds) < 0 && errno == EINTR) {
  }
  return (fds.front().revents & POLLIN) == 0;
}

}  // namespace touchstone::service
