// The TLS files of --tls-cert, --tls-key and --client-ca, read and found to be what they should be:
// gRPC itself only says that it could not start. Not for the handshake, which is gRPC's.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_PEM_FILES_H_
#define TOUCHSTONE_REGISTRY_SERVICE_PEM_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace touchstone::service {

struct PemFiles {
  std::string certificate_chain;
  std::string private_key;
  std::string client_ca;   // empty: clients need no certificate
  absl::Time valid_until;  // of the server's own certificate
};

// `client_ca_file` may be empty. InvalidArgument names the option and the file: it cannot be read,
// is not PEM of that kind, the key is not the certificate's, the certificate's time is over or not
// come.
absl::StatusOr<PemFiles> ReadPemFiles(const std::string& certificate_file,
                                      const std::string& key_file,
                                      const std::string& client_ca_file, absl::Time now);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_PEM_FILES_H_
