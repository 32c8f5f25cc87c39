// Where a witness is: an http or https URL in its parts. Not a general URL: no user, no query, no
// fragment, since a submission prefix has none.
#ifndef TOUCHSTONE_REGISTRY_WITNESS_HTTP_URL_H_
#define TOUCHSTONE_REGISTRY_WITNESS_HTTP_URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::witness {

struct HttpUrl {
  bool tls = false;
  std::string host;  // a name or an address; a v6 address without its brackets
  std::string port;  // digits
  std::string path;  // begins with '/' or is empty; no '/' at its end

  // host[:port] as the Host header has it: without the port where that goes without saying.
  std::string Authority() const;

  friend bool operator==(const HttpUrl& a, const HttpUrl& b) = default;
};

// kInvalidArgument says what is wrong with it.
absl::StatusOr<HttpUrl> ParseHttpUrl(absl::string_view text);

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_REGISTRY_WITNESS_HTTP_URL_H_
