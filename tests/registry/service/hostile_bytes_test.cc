// Whatever bytes come in on the port, the registry goes on answering those who speak properly.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/registry/service/test_registry.h"

namespace touchstone::service {
namespace {

class RawConnection {
 public:
  explicit RawConnection(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~RawConnection() { close(fd_); }

  // As much as the other side takes before it hangs up.
  void Send(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }
  void NoMore() { shutdown(fd_, SHUT_WR); }
  // Whether the other side hung up within `milliseconds`.
  bool IsClosedWithin(int milliseconds) {
    char bytes[4096];
    for (;;) {
      pollfd ready = {fd_, POLLIN, 0};
      if (poll(&ready, 1, milliseconds) <= 0) return false;
      if (recv(fd_, bytes, sizeof bytes, 0) <= 0) return true;
    }
  }

 private:
  const int fd_;
};

class HostileBytes : public ::testing::Test {
 protected:
  void ExpectStillAnswers() {
    registry_.Submit(registry_.Registration(++number_));
    grpc::ClientContext context;
    v1::GetCheckpointResponse response;
    const auto stub =
        v1::Registry::NewStub(registry_.NewChannel(grpc::InsecureChannelCredentials()));
    EXPECT_TRUE(stub->GetCheckpoint(&context, v1::GetCheckpointRequest(), &response).ok());
  }

  TestRegistry registry_{[](Options& options) { options.handshake_seconds = 1; }};
  int number_ = 0;
};

// RFC 9113: what a client opens with, an empty SETTINGS frame, and frames.
const char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string Frame(uint8_t type, uint8_t flags, uint32_t stream, const std::string& payload) {
  std::string frame;
  for (const size_t shift : {16, 8, 0}) frame.push_back(static_cast<char>(payload.size() >> shift));
  frame.push_back(static_cast<char>(type));
  frame.push_back(static_cast<char>(flags));
  for (const uint32_t shift : {24, 16, 8, 0}) frame.push_back(static_cast<char>(stream >> shift));
  return frame + payload;
}

TEST_F(HostileBytes, RandomBytes) {
  std::mt19937 random(7);
  for (int i = 0; i < 50; ++i) {
    std::string bytes(1 + random() % 5000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    RawConnection(registry_.port()).Send(i % 2 == 0 ? bytes : kPreface + bytes);
  }
  ExpectStillAnswers();
}

TEST_F(HostileBytes, OtherProtocols) {
  const std::string others[] = {
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      absl::StrCat("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", std::string(100000, 'x')),
      absl::StrCat("GET /", std::string(1 << 20, 'a')),
      // A TLS 1.2 ClientHello that is cut off.
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(300, '\x5a'),
      "SSH-2.0-OpenSSH_9.2\r\n",
      std::string("\0\0\0\0", 4),
      "\n",
  };
  for (const std::string& bytes : others) {
    RawConnection connection(registry_.port());
    connection.Send(bytes);
    connection.NoMore();
    EXPECT_TRUE(connection.IsClosedWithin(5000)) << bytes.substr(0, 20);
  }
  ExpectStillAnswers();
}

TEST_F(HostileBytes, FramesThatAreCutOffOrWrong) {
  const std::string settings = Frame(4, 0, 0, "");
  const std::string frames[] = {
      Frame(4, 0, 0, "12345"),                    // SETTINGS of no whole setting
      Frame(4, 1, 0, "123456"),                   // an acknowledgement with a payload
      Frame(0, 0, 1, "data of no stream"),        //
      Frame(1, 4, 0, "headers of stream 0"),      //
      Frame(1, 4, 1, std::string(2000, '\xff')),  // HPACK that never ends
      Frame(1, 0, 1, "") + Frame(9, 0, 1, std::string(16000, '\x80')),  // CONTINUATION
      Frame(8, 0, 0, std::string(4, '\0')),                             // WINDOW_UPDATE by nothing
      Frame(200, 0, 0, "unknown"),                                      //
      Frame(6, 0, 0, "ping that is too long"),                          //
      Frame(1, 4, 1, std::string("\x82\x86\x84\x41\x8a", 5)).substr(0, 12),  // cut off
      std::string("\xff\xff\xff\0\0\0\0\0\x01", 9),  // a frame of 16 MiB, announced only
  };
  for (const std::string& frame : frames) {
    RawConnection connection(registry_.port());
    connection.Send(absl::StrCat(kPreface, settings, frame));
  }
  for (size_t length = 0; length < sizeof kPreface - 1; length += 5) {
    RawConnection(registry_.port()).Send(absl::string_view(kPreface, length));
  }
  ExpectStillAnswers();
}

TEST_F(HostileBytes, StreamsOpenedAndResetByTheThousand) {
  // Headers of a call (indexed :method POST, :scheme http, :path literal), reset at once: "rapid
  // reset", CVE-2023-44487.
  const std::string headers =
      absl::StrCat(std::string("\x83\x86\x04\x26", 4), "/touchstone.v1.Registry/GetCheckpoint",
                   std::string("\x41\x01x", 3));
  std::string flood = absl::StrCat(kPreface, Frame(4, 0, 0, ""));
  for (uint32_t stream = 1; stream < 4000; stream += 2) {
    absl::StrAppend(&flood, Frame(1, 5, stream, headers), Frame(3, 0, stream, std::string(4, 8)));
  }
  RawConnection connection(registry_.port());
  connection.Send(flood);
  ExpectStillAnswers();
}

TEST_F(HostileBytes, SilenceIsNotWaitedForForEver) {
  std::vector<std::unique_ptr<RawConnection>> silent;
  for (int i = 0; i < 50; ++i) {
    silent.push_back(std::make_unique<RawConnection>(registry_.port()));
    if (i % 2 == 0) silent.back()->Send(kPreface);  // and no SETTINGS
  }
  ExpectStillAnswers();
  for (const auto& connection : silent) EXPECT_TRUE(connection->IsClosedWithin(10'000));
}

}  // namespace
}  // namespace touchstone::service
