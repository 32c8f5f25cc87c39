// How a registry is reached, and what its refusals look like on this side. Not for calls
// (cli/client/registry_client.h, cli/client/vault_client.h).
#ifndef TOUCHSTONE_CLI_CLIENT_CONNECTION_H_
#define TOUCHSTONE_CLI_CLIENT_CONNECTION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace touchstone::cli {

struct ConnectionOptions {
  std::string address;  // host:port
  // PEM files. With any of these the connection is TLS; `client_cert` and `client_key` together,
  // for registries that ask for them.
  std::string ca_file;
  std::string client_cert_file;
  std::string client_key_file;
  // TLS with the system's certificate authorities.
  bool tls = false;
  // Allows a connection without TLS to another host than this one.
  bool insecure = false;
  absl::Duration timeout = absl::Seconds(20);  // of each call
};

// The registry's refusal name ("stale_builds_on"), empty where the status has none.
std::string RefusalNameOf(const absl::Status& status);

// `status` in other words: `message`, with the same code and refusal.
absl::Status SameRefusal(const absl::Status& status, absl::string_view message);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLIENT_CONNECTION_H_
