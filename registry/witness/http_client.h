// One HTTP request on a connection of its own, over TCP or TLS, within a time and a size. Not for
// what is asked (add_checkpoint.h), nor for asking again (asker.h).
#ifndef TOUCHSTONE_REGISTRY_WITNESS_HTTP_CLIENT_H_
#define TOUCHSTONE_REGISTRY_WITNESS_HTTP_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "registry/witness/http_message.h"
#include "registry/witness/http_url.h"

namespace touchstone::witness {

class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // Posts `body` to `url` ‖ `suffix`. Safe to call from several threads.
  //   kUnavailable: it cannot be reached, or broke off.   kDeadlineExceeded: it took longer than
  //   `time_max`, connecting and all.   kDataLoss: what it answered is no HTTP answer, or too long.
  //   kUnauthenticated: its certificate is not good.   kCancelled: after Interrupt().
  virtual absl::StatusOr<HttpResponse> Post(const HttpUrl& url, absl::string_view suffix,
                                            absl::string_view body, absl::Duration time_max) = 0;

  // Ends all that is under way, and what is asked from now on. A name that is being looked up is
  // waited for (the system's resolver knows no other way; it gives up by itself).
  virtual void Interrupt() = 0;
};

// `ca_file`: certificate authorities (PEM) for https; empty: the system's. Blocks SIGPIPE on the
// threads that call Post(). kInvalidArgument: the file holds no certificate.
absl::StatusOr<std::unique_ptr<HttpClient>> NewHttpClient(const std::string& ca_file);

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_REGISTRY_WITNESS_HTTP_CLIENT_H_
