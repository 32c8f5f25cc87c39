// The client against servers that do what no server should, and over TLS against one that is right
// and others that are not who they say.
#include "registry/witness/http_client.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/limits.h"
#include "tests/registry/service/test_certificates.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/registry/witness/test_witness.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::witness {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kLong = absl::Seconds(60);

// Takes one connection on the loopback and gives it to `serve`, which does not close it.
class OneConnection {
 public:
  explicit OneConnection(std::function<void(int fd)> serve)
      : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, raw, length) != 0 || listen(listener_, 1) != 0 ||
        getsockname(listener_, raw, &length) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, serve = std::move(serve)] {
      const int connection = accept(listener_, nullptr, nullptr);
      serve(connection);
      close(connection);
    });
  }
  ~OneConnection() {
    thread_.join();
    close(listener_);
  }
  HttpUrl url(bool tls = false) const { return {tls, "127.0.0.1", std::to_string(port_), "/w"}; }

 private:
  const int listener_;
  int port_ = 0;
  std::thread thread_;
};

void Send(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the client has had enough
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

void TakeRequest(int fd) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\nbody") == std::string::npos) {
    const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) return;
    request.append(buffer, static_cast<size_t>(got));
  }
  EXPECT_THAT(request, HasSubstr("POST /w/x HTTP/1.1\r\n"));
}

// Until the other side ends the connection.
void AwaitEnd(int fd) {
  char buffer[4096];
  while (recv(fd, buffer, sizeof buffer, 0) > 0) {
  }
}

class HttpClientTest : public ::testing::Test {
 protected:
  absl::StatusOr<HttpResponse> Post(const HttpUrl& url, absl::Duration time_max = kLong) {
    return client_->Post(url, "/x", "body", time_max);
  }
  absl::Status PostTo(std::function<void(int)> serve, absl::Duration time_max = kLong) {
    const OneConnection server(std::move(serve));
    return Post(server.url(), time_max).status();
  }

  std::unique_ptr<HttpClient> client_ = ValueOrDie(NewHttpClient(""));
};

TEST_F(HttpClientTest, AnAnswerIsTaken) {
  const OneConnection server([](int fd) {
    TakeRequest(fd);
    Send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    AwaitEnd(fd);  // it does not wait for us to end the connection
  });
  const auto response = Post(server.url());
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body, "hi");
}

TEST_F(HttpClientTest, WhateverComesIsBounded) {
  for (const char* start : {"HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n"}) {
    EXPECT_EQ(PostTo([start](int fd) {
                TakeRequest(fd);
                Send(fd, start);
                // Far more than it takes: the connection is ended meanwhile.
                Send(fd, std::string(size_t{64} << 20, 'a'));
              }).code(),
              absl::StatusCode::kDataLoss)
        << start;
  }
}

TEST_F(HttpClientTest, WhoSaysNothingOrLittleIsGivenUp) {
  const absl::Duration soon = absl::Milliseconds(100);
  EXPECT_EQ(PostTo(AwaitEnd, soon).code(), absl::StatusCode::kDeadlineExceeded);
  // A byte whenever it is about to lose patience does not win time.
  EXPECT_EQ(PostTo(
                [](int fd) {
                  TakeRequest(fd);
                  Send(fd, "HTTP/1.1 200 OK\r\nX: ");
                  for (int i = 0; i < 5000; ++i) {
                    if (send(fd, "a", 1, MSG_NOSIGNAL) != 1) return;
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                  }
                },
                soon)
                .code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST_F(HttpClientTest, WhoBreaksOffOrIsNotThereIsSaidToBe) {
  EXPECT_EQ(PostTo([](int fd) { TakeRequest(fd); }).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(PostTo([](int fd) {
              TakeRequest(fd);
              Send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            }).code(),
            absl::StatusCode::kDataLoss);
  // A port where nobody listens any more.
  HttpUrl gone;
  {
    const OneConnection server([](int) {});
    gone = server.url();
    EXPECT_FALSE(Post(gone).ok());
  }
  const absl::Status refused = Post(gone).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("cannot connect"));
  const absl::Status unknown = Post({false, "no-such-host.invalid", "80", ""}).status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("looked up"));
}

TEST_F(HttpClientTest, AnInterruptEndsWhatIsUnderWay) {
  std::promise<void> taken;
  const OneConnection server([&taken](int fd) {
    TakeRequest(fd);
    taken.set_value();
    AwaitEnd(fd);
  });
  auto posted = std::async(std::launch::async, [&] { return Post(server.url()).status(); });
  taken.get_future().wait();
  client_->Interrupt();
  EXPECT_EQ(posted.get().code(), absl::StatusCode::kCancelled);
}

TEST_F(HttpClientTest, AServerThatSpeaksNoTlsIsToldApart) {
  const OneConnection server([](int fd) {
    Send(fd, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    AwaitEnd(fd);
  });
  const absl::Status status = Post(server.url(/*tls=*/true)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("TLS"));
}

TEST_F(HttpClientTest, OverTlsTheCertificateMustBeGood) {
  const storage::ScratchDirectory directory;
  const service::TestCertificates certificates(directory.path());
  const auto post = [&](const std::string& identity, const std::string& authority,
                        const std::string& host) {
    TestWitness witness("w", TestLog().LogVkey(), certificates.Certificate(identity),
                        certificates.Key(identity));
    HttpUrl url = ValueOrDie(ParseHttpUrl(witness.url()));
    url.host = host;
    const auto client =
        ValueOrDie(NewHttpClient(authority.empty() ? "" : certificates.Certificate(authority)));
    return client->Post(url, "/add-checkpoint", "nonsense", kLong);
  };
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto answer = post("server", "ca", host);
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(answer->status, 400);
  }
  for (const auto& [identity, authority, host] :
       {std::tuple{"server", "other", "127.0.0.1"}, std::tuple{"server", "", "127.0.0.1"},
        std::tuple{"stranger", "ca", "127.0.0.1"}, std::tuple{"expired", "ca", "localhost"},
        std::tuple{"server", "ca", "127.0.0.2"}}) {
    const auto refused = post(identity, authority, host).status();
    // Nobody listens on the last one's address where the loopback has only one.
    EXPECT_TRUE(absl::IsUnauthenticated(refused) || absl::IsUnavailable(refused))
        << identity << " " << host << " " << refused;
    if (std::string(host) != "127.0.0.2") {
      EXPECT_THAT(std::string(refused.message()), HasSubstr("certificate"));
    }
  }
  EXPECT_EQ(NewHttpClient(certificates.Key("ca")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(NewHttpClient(directory.File("none")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace touchstone::witness
