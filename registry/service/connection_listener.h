// Takes connections and hands them on, never more than so many at a time. gRPC by itself takes
// whatever comes, until the process has no descriptors left for its database; so the listening
// sockets are ours, and gRPC gets the connections one by one.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_CONNECTION_LISTENER_H_
#define TOUCHSTONE_REGISTRY_SERVICE_CONNECTION_LISTENER_H_

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "registry/service/log.h"

namespace touchstone::service {

class ConnectionListener {
 public:
  // Owns a connected socket that does not block.
  using Taker = std::function<void(int fd)>;

  // Listens at "host:port" (see --listen), on every address that the host has; port 0 takes a free
  // one. Nothing is taken before Start(). `log` outlives the listener. Unavailable: the address
  // cannot be listened on; the message says why.
  static absl::StatusOr<std::unique_ptr<ConnectionListener>> Listen(const std::string& address,
                                                                    Log& log);

  ConnectionListener(const ConnectionListener&) = delete;
  ConnectionListener& operator=(const ConnectionListener&) = delete;
  ~ConnectionListener();

  int port() const { return port_; }

  // Hands connections to `taker` on a thread of its own while fewer than `connections_max` of them
  // are open; those that come meanwhile wait in the system's queue. Call once.
  void Start(size_t connections_max, Taker taker);

  // Takes no more. Connections that were handed on are not touched.
  void Stop();

 private:
  ConnectionListener(std::vector<int> sockets, int port, int stop_fd, Log& log);

  void Run();
  void TakeFrom(int socket);
  // Whether there is room for one more.
  bool HasRoom();
  // Waits for connections, where wanted, or for the time; false once it is to stop.
  bool WaitFor(int milliseconds, bool connections);

  std::vector<int> sockets_;
  const int port_;
  const int stop_fd_;
  Log& log_;
  size_t connections_max_ = 0;
  Taker taker_;
  // What was handed on, by its descriptor. Whoever has it closes it without a word; a descriptor
  // that now names something else tells.
  std::unordered_map<int, std::pair<dev_t, ino_t>> handed_on_;
  std::thread thread_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_CONNECTION_LISTENER_H_
