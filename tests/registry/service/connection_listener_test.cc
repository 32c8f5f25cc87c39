#include "registry/service/connection_listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace touchstone::service {
namespace {

using ::testing::HasSubstr;

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return fd;
}

class ConnectionListenerTest : public ::testing::Test {
 protected:
  ~ConnectionListenerTest() override {
    for (const int fd : taken_) close(fd);
  }
  void Take(int fd) {
    std::lock_guard<std::mutex> lock(mutex_);
    taken_.push_back(fd);
    changed_.notify_all();
  }
  bool AwaitTaken(size_t count, int milliseconds = 10'000) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(milliseconds),
                             [&] { return taken_.size() >= count; });
  }

  Log log_{LogLevel::kError, LogFormat::kText, [](const std::string&) {},
           [] { return absl::UnixEpoch(); }};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> taken_;
};

TEST_F(ConnectionListenerTest, TakesNoMoreThanThereMayBeAndGoesOnWhenOneCloses) {
  auto listener = ConnectionListener::Listen("127.0.0.1:0", log_);
  ASSERT_TRUE(listener.ok()) << listener.status();
  (*listener)->Start(3, [this](int fd) { Take(fd); });
  std::vector<int> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(Connect((*listener)->port()));
  EXPECT_TRUE(AwaitTaken(3));
  EXPECT_FALSE(AwaitTaken(4, 250));
  {
    std::lock_guard<std::mutex> lock(mutex_);
    close(taken_.front());
    taken_.front() = open("/dev/null", O_RDONLY);  // the number is another's now
  }
  EXPECT_TRUE(AwaitTaken(4));
  EXPECT_FALSE(AwaitTaken(5, 250));
  (*listener)->Stop();
  for (const int fd : clients) close(fd);
}

TEST_F(ConnectionListenerTest, StopsWhileItIsFull) {
  auto listener = ConnectionListener::Listen("127.0.0.1:0", log_);
  ASSERT_TRUE(listener.ok()) << listener.status();
  (*listener)->Start(1, [this](int fd) { Take(fd); });
  const int first = Connect((*listener)->port());
  EXPECT_TRUE(AwaitTaken(1));
  const int second = Connect((*listener)->port());
  listener->reset();
  close(first);
  close(second);
}

TEST_F(ConnectionListenerTest, SaysWhyItCannotListen) {
  auto first = ConnectionListener::Listen("127.0.0.1:0", log_);
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string taken = absl::StrCat("127.0.0.1:", (*first)->port());
  const std::pair<std::string, const char*> cases[] = {
      {taken, "Address already in use"},
      {"192.0.2.1:0", "Cannot assign requested address"},
      {"no-such-host.invalid:0", "cannot listen on 'no-such-host.invalid:0'"},
  };
  for (const auto& [address, why] : cases) {
    const auto listener = ConnectionListener::Listen(address, log_);
    ASSERT_FALSE(listener.ok()) << address;
    EXPECT_THAT(std::string(listener.status().message()), HasSubstr(why));
    EXPECT_THAT(std::string(listener.status().message()), HasSubstr("--listen"));
  }
}

TEST_F(ConnectionListenerTest, ListensOnEveryAddressOfAName) {
  auto listener = ConnectionListener::Listen("localhost:0", log_);
  ASSERT_TRUE(listener.ok()) << listener.status();
  (*listener)->Start(10, [this](int fd) { Take(fd); });
  close(Connect((*listener)->port()));
  EXPECT_TRUE(AwaitTaken(1));
}

}  // namespace
}  // namespace touchstone::service
