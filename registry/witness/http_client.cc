#include "registry/witness/http_client.h"

#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace touchstone::witness {
namespace {

constexpr size_t kReadBytes = 4096;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

template <typename T, void (*Free)(T*)>
struct Freed {
  void operator()(T* pointer) const { Free(pointer); }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX, SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL, SSL_free>>;
using Addresses = std::unique_ptr<addrinfo, Freed<addrinfo, freeaddrinfo>>;

// When a request must be over, and the one descriptor that becomes readable if it must be at once.
struct Limit {
  absl::Time deadline;
  int interrupt;

  // Waits until `fd` is ready for `events`.
  absl::Status Await(int fd, short events) const {
    while (true) {
      const absl::Duration left = deadline - absl::Now();
      if (left <= absl::ZeroDuration()) {
        return absl::DeadlineExceededError("it did not answer in time");
      }
      std::array<pollfd, 2> waited = {pollfd{fd, events, 0}, pollfd{interrupt, POLLIN, 0}};
      const auto left_ms = static_cast<int>(absl::ToInt64Milliseconds(left)) + 1;
      const int ready = poll(waited.data(), waited.size(), left_ms);
      if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "poll");
      if (waited[1].revents != 0 && ready > 0) return absl::CancelledError("the registry stops");
      if (waited[0].revents != 0 && ready > 0) return absl::OkStatus();
    }
  }
};

absl::Status Broken(absl::string_view what, int error) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(error)));
}

absl::StatusOr<Descriptor> ConnectTo(const addrinfo& address, const Limit& limit) {
  Descriptor connection(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (connection.fd() < 0) return Broken("no socket", errno);
  if (connect(connection.fd(), address.ai_addr, address.ai_addrlen) == 0) return connection;
  if (errno != EINPROGRESS) return Broken("cannot connect", errno);
  if (const absl::Status ready = limit.Await(connection.fd(), POLLOUT); !ready.ok()) return ready;
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(connection.fd(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  if (error != 0) return Broken("cannot connect", error);
  return connection;
}

absl::StatusOr<Descriptor> Connect(const HttpUrl& url, const Limit& limit) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found);
  const Addresses addresses(found);
  if (failure != 0) {
    return absl::UnavailableError(
        absl::StrCat("its name cannot be looked up: ", gai_strerror(failure)));
  }
  absl::Status last = absl::UnavailableError("its name has no address");
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    absl::StatusOr<Descriptor> connection = ConnectTo(*one, limit);
    if (connection.ok() || !absl::IsUnavailable(connection.status())) return connection;
    last = connection.status();
  }
  return last;
}

// A connection's two directions, in the clear or within TLS.
class Channel {
 public:
  Channel(Descriptor connection, Limit limit) : connection_(std::move(connection)), limit_(limit) {}

  absl::Status BeginTls(SSL_CTX* context, const std::string& host);
  absl::Status Write(absl::string_view bytes);
  // 0 at the end.
  absl::StatusOr<size_t> Read(char* buffer, size_t size);

 private:
  // After an SSL call returned `result`: OK if it is to be called again, when that makes sense.
  absl::Status AwaitTls(int result);

  Descriptor connection_;
  const Limit limit_;
  Session session_;
};

std::string TlsError() {
  const uint64_t error = ERR_peek_last_error();
  std::array<char, 256> text = {};
  ERR_error_string_n(error, text.data(), text.size());
  return error == 0 ? "the connection was ended" : std::string(text.data());
}

// SSL_set_tlsext_host_name, which is a macro with a cast of C's.
int64_t SetServerName(SSL* session, std::string name) {
  return SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

absl::Status Channel::AwaitTls(int result) {
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return limit_.Await(connection_.fd(), POLLIN);
    case SSL_ERROR_WANT_WRITE:
      return limit_.Await(connection_.fd(), POLLOUT);
    default:
      return absl::UnavailableError(absl::StrCat("TLS: ", TlsError()));
  }
}

absl::Status Channel::BeginTls(SSL_CTX* context, const std::string& host) {
  ERR_clear_error();
  session_.reset(SSL_new(context));
  if (session_ == nullptr || SSL_set_fd(session_.get(), connection_.fd()) != 1) {
    return absl::UnavailableError(absl::StrCat("TLS: ", TlsError()));
  }
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(session_.get());
  // An address in numbers is looked for as such, and has no place in SNI.
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) != 1 &&
      (SSL_set1_host(session_.get(), host.c_str()) != 1 ||
       SetServerName(session_.get(), host) != 1)) {
    return absl::InvalidArgumentError(absl::StrCat("TLS: '", host, "' is no name of a host"));
  }
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(session_.get());
    if (result == 1) return absl::OkStatus();
    const int64_t verified = SSL_get_verify_result(session_.get());
    if (verified != X509_V_OK) {
      return absl::UnauthenticatedError(
          absl::StrCat("its certificate is not good: ", X509_verify_cert_error_string(verified)));
    }
    if (const absl::Status ready = AwaitTls(result); !ready.ok()) return ready;
  }
}

absl::Status Channel::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    size_t written = 0;
    if (session_ != nullptr) {
      ERR_clear_error();
      const int result = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &written);
      if (result != 1) {
        if (const absl::Status ready = AwaitTls(result); !ready.ok()) return ready;
        continue;
      }
    } else {
      const ssize_t sent = send(connection_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return Broken("cannot send", errno);
      if (sent < 0) {
        const absl::Status ready = limit_.Await(connection_.fd(), POLLOUT);
        if (!ready.ok()) return ready;
        continue;
      }
      written = static_cast<size_t>(sent);
    }
    bytes.remove_prefix(written);
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> Channel::Read(char* buffer, size_t size) {
  while (true) {
    if (session_ != nullptr) {
      ERR_clear_error();
      size_t read = 0;
      const int result = SSL_read_ex(session_.get(), buffer, size, &read);
      if (result == 1) {
        // What is at hand is taken without a wait: time is looked at here too.
        if (absl::Now() > limit_.deadline) {
          return absl::DeadlineExceededError("it did not answer in time");
        }
        return read;
      }
      if (SSL_get_error(session_.get(), result) == SSL_ERROR_ZERO_RETURN) return size_t{0};
      if (const absl::Status ready = AwaitTls(result); !ready.ok()) return ready;
      continue;
    }
    if (const absl::Status ready = limit_.Await(connection_.fd(), POLLIN); !ready.ok()) {
      return ready;
    }
    const ssize_t read = recv(connection_.fd(), buffer, size, 0);
    if (read >= 0) return static_cast<size_t>(read);
    if (errno != EAGAIN && errno != EINTR) return Broken("cannot receive", errno);
  }
}

// OpenSSL writes without MSG_NOSIGNAL.
void BlockSigpipe() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

class SocketHttpClient final : public HttpClient {
 public:
  SocketHttpClient(Context context, Descriptor interrupt)
      : context_(std::move(context)), interrupt_(std::move(interrupt)) {}

  absl::StatusOr<HttpResponse> Post(const HttpUrl& url, absl::string_view suffix,
                                    absl::string_view body, absl::Duration time_max) override {
    BlockSigpipe();
    const Limit limit{absl::Now() + time_max, interrupt_.fd()};
    absl::StatusOr<Descriptor> connection = Connect(url, limit);
    if (!connection.ok()) return connection.status();
    Channel channel(*std::move(connection), limit);
    absl::Status status;
    if (url.tls) status = channel.BeginTls(context_.get(), url.host);
    if (status.ok()) status = channel.Write(FormatHttpPost(url, suffix, body));
    if (!status.ok()) return status;
    HttpResponseReader reader;
    std::array<char, kReadBytes> buffer;
    while (true) {
      const absl::StatusOr<size_t> read = channel.Read(buffer.data(), buffer.size());
      if (!read.ok()) return read.status();
      if (*read == 0) {
        if (const absl::Status ended = reader.End(); !ended.ok()) return ended;
        return reader.response();
      }
      const absl::StatusOr<bool> whole = reader.Take(absl::string_view(buffer.data(), *read));
      if (!whole.ok()) return whole.status();
      if (*whole) return reader.response();
    }
  }

  void Interrupt() override {
    const uint64_t one = 1;
    // It fails only when it is readable already.
    [[maybe_unused]] const ssize_t written = write(interrupt_.fd(), &one, sizeof one);
  }

 private:
  const Context context_;
  const Descriptor interrupt_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpClient>> NewHttpClient(const std::string& ca_file) {
  Context context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return absl::InternalError(TlsError());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                     : SSL_CTX_load_verify_file(context.get(), ca_file.c_str());
  ERR_clear_error();
  if (loaded != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", ca_file, "' cannot be read or holds no certificate (PEM)"));
  }
  Descriptor interrupt(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (interrupt.fd() < 0) return absl::ErrnoToStatus(errno, "eventfd");
  return std::make_unique<SocketHttpClient>(std::move(context), std::move(interrupt));
}

}  // namespace touchstone::witness
