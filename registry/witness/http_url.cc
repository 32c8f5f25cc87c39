#include "registry/witness/http_url.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "verifier/decimal.h"

namespace touchstone::witness {
namespace {

constexpr size_t kUrlBytesMax = 2048;
constexpr size_t kHostBytesMax = 253;

absl::Status Wrong(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is not a URL of the form https://HOST[:PORT][/PATH]: ", what));
}

bool IsHostCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
}
bool IsAddressCharacter(char c) {
  return absl::ascii_isxdigit(static_cast<unsigned char>(c)) || c == ':' || c == '.';
}

// What RFC 3986 lets stand in a path as it is.
bool IsPathCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("-._~!$&'()*+,;=:@%/", c);
}

template <typename Predicate>
bool All(absl::string_view text, Predicate predicate) {
  for (const char c : text) {
    if (!predicate(c)) return false;
  }
  return true;
}

}  // namespace

std::string HttpUrl::Authority() const {
  const bool v6 = absl::StrContains(host, ":");
  const std::string name = v6 ? absl::StrCat("[", host, "]") : host;
  return port == (tls ? "443" : "80") ? name : absl::StrCat(name, ":", port);
}

absl::StatusOr<HttpUrl> ParseHttpUrl(absl::string_view text) {
  if (text.size() > kUrlBytesMax) return absl::InvalidArgumentError("a URL is too long");
  HttpUrl url;
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "https://")) {
    url.tls = true;
  } else if (!absl::ConsumePrefix(&rest, "http://")) {
    return Wrong(text, "it begins with neither https:// nor http://");
  }
  const size_t slash = rest.find('/');
  absl::string_view authority = rest.substr(0, slash);
  absl::string_view path = slash == rest.npos ? absl::string_view() : rest.substr(slash);
  while (absl::ConsumeSuffix(&path, "/")) {
  }
  if (!All(path, IsPathCharacter)) return Wrong(text, "its path holds what no path can hold");
  url.path = std::string(path);

  absl::string_view port = url.tls ? "443" : "80";
  if (absl::ConsumePrefix(&authority, "[")) {
    const size_t end = authority.find(']');
    if (end == authority.npos) return Wrong(text, "a '[' without its ']'");
    url.host = std::string(authority.substr(0, end));
    if (url.host.empty() || !All(url.host, IsAddressCharacter)) {
      return Wrong(text, "what stands in brackets is no v6 address");
    }
    authority.remove_prefix(end + 1);
    if (absl::ConsumePrefix(&authority, ":")) {
      port = authority;
    } else if (!authority.empty()) {
      return Wrong(text, "something other than a port follows the address");
    }
  } else {
    const size_t colon = authority.find(':');
    url.host = std::string(authority.substr(0, colon));
    if (colon != authority.npos) port = authority.substr(colon + 1);
    if (url.host.empty() || url.host.size() > kHostBytesMax || !All(url.host, IsHostCharacter)) {
      return Wrong(text, "it names no host");
    }
  }
  const absl::StatusOr<uint64_t> number = ParseDecimal(port, 65535);
  if (!number.ok() || *number == 0) return Wrong(text, "its port is not a number from 1 to 65535");
  url.port = std::string(port);
  return url;
}

}  // namespace touchstone::witness
