// Strangers at the registry's port: bytes that are no RPC, and connections that never become one,
// by the hundred, while honest clients go on.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/end_to_end/load.h"
#include "tests/end_to_end/site.h"
#include "tests/end_to_end/still_there.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kHalfOpen = 300;
constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

class Connection {
 public:
  explicit Connection(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Connection(Connection&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}
  Connection& operator=(Connection&&) = delete;
  ~Connection() {
    if (fd_ >= 0) close(fd_);
  }

  bool connected() const { return connected_; }
  // As much of it as the other side takes before it is fed up.
  void Send(const std::string& bytes) const {
    size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t now = send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (now <= 0) return;
      sent += static_cast<size_t>(now);
    }
  }
  // Until the other side has closed it; false if patience ends before.
  bool AwaitClosed() const {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    char bytes[4096];
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          until - std::chrono::steady_clock::now());
      pollfd socket = {fd_, POLLIN, 0};
      if (left.count() <= 0 || poll(&socket, 1, static_cast<int>(left.count())) <= 0) return false;
      if (recv(fd_, bytes, sizeof bytes, 0) <= 0) return true;
    }
  }

 private:
  int fd_;
  bool connected_ = false;
};

std::string RandomBytes(std::mt19937& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// A frame of HTTP/2 with a header that says so, and anything in it.
std::string Frame(std::mt19937& random, uint8_t type, uint32_t length, size_t sent) {
  std::string frame = {static_cast<char>(length >> 16),
                       static_cast<char>(length >> 8),
                       static_cast<char>(length),
                       static_cast<char>(type),
                       static_cast<char>(random()),
                       0,
                       0,
                       0,
                       static_cast<char>(random() % 8)};
  return frame + RandomBytes(random, sent);
}

std::string Nonsense(std::mt19937& random, int kind) {
  switch (kind % 8) {
    case 0:
      return RandomBytes(random, 1 + random() % 20000);
    case 1:
      return "GET / HTTP/1.1\r\nHost: passports.example\r\n\r\n";
    case 2:
      return absl::StrCat("POST /touchstone.v1.Registry/Submit HTTP/1.1\r\nX: ",
                          std::string(100'000, 'x'));
    case 3:  // what begins a TLS handshake
      return "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + RandomBytes(random, 500);
    case 4:
      return kPreface + RandomBytes(random, 5000);
    case 5:
      return absl::StrCat(kPreface, Frame(random, static_cast<uint8_t>(random() % 12), 100, 100),
                          Frame(random, 1, 16384, 16384), Frame(random, 9, 200, 200));
    case 6:  // a frame that says that it is larger than any may be
      return absl::StrCat(kPreface, Frame(random, 4, 0, 0), Frame(random, 0, 0xffffff, 1000));
    default:
      return std::string(kPreface).substr(0, 1 + random() % 20);
  }
}

int OpenFiles(const Program& program) {
  return static_cast<int>(std::distance(
      std::filesystem::directory_iterator(absl::StrCat("/proc/", program.pid(), "/fd")), {}));
}

TEST(HostilePortTest, HonestClientsGoOnAmongStrangers) {
  Site site;
  auto registry = site.StartRegistry({"--handshake-seconds", "2"});
  site.EnrolMaison();
  const int port = std::atoi(site.port().c_str());
  Load load(site, 2);
  load.MoveTo(site.address());
  ASSERT_TRUE(load.AwaitAcknowledged(20));
  const int files_before = OpenFiles(*registry);

  // Half of these say nothing at all, half begin as a client would and fall silent.
  std::vector<Connection> half_open;
  for (int i = 0; i < kHalfOpen; ++i) {
    half_open.emplace_back(port);
    ASSERT_TRUE(half_open.back().connected());
    if (i % 2 == 1) half_open.back().Send(std::string(kPreface).substr(0, 10));
  }

  const auto seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("random seed ", seed));
  std::atomic<bool> stop = false;
  std::vector<std::thread> strangers;
  for (unsigned stranger = 0; stranger < 2; ++stranger) {
    strangers.emplace_back([port, &stop, seed, stranger] {
      std::mt19937 random(seed + stranger);
      for (int kind = 0; !stop; ++kind) {
        const Connection connection(port);
        connection.Send(Nonsense(random, kind));
        // Some wait for what they are told, most are gone at once.
        if (kind % 20 == 0) connection.AwaitClosed();
      }
    });
  }
  EXPECT_TRUE(load.AwaitAcknowledged(load.acknowledged_count() + 200)) << registry->err();
  // New clients are let in too, and people with the command line.
  site.Succeed({"checkpoint"});
  stop = true;
  for (std::thread& stranger : strangers) stranger.join();

  // Who has not begun to speak properly is not waited for.
  for (const Connection& connection : half_open) EXPECT_TRUE(connection.AwaitClosed());
  half_open.clear();
  EXPECT_TRUE(load.AwaitAcknowledged(load.acknowledged_count() + 20)) << registry->err();
  EXPECT_LT(OpenFiles(*registry), files_before + kHalfOpen / 2) << "connections are kept";
  load.Stop();
  EXPECT_THAT(load.complaints(), IsEmpty());
  EXPECT_THAT(load.failures(), IsEmpty());
  ExpectAllStillThere(site, load.acknowledged());
  EXPECT_THAT(registry->err(), Not(HasSubstr("rpc_incident")));
  Site::Stop(std::move(registry));
  EXPECT_THAT(site.ExportAndAudit(), HasSubstr("Nothing disagrees"));
}

}  // namespace
}  // namespace touchstone::end_to_end
