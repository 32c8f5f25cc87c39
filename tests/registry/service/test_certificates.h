// Certificates for tests, made by the openssl program when a test starts: an authority, a server
// for localhost and 127.0.0.1, a client, a stranger whose authority nobody knows.
#ifndef TOUCHSTONE_TESTS_REGISTRY_SERVICE_TEST_CERTIFICATES_H_
#define TOUCHSTONE_TESTS_REGISTRY_SERVICE_TEST_CERTIFICATES_H_

#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace touchstone::service {

class TestCertificates {
 public:
  // In a directory of the test's own.
  explicit TestCertificates(std::string directory) : directory_(std::move(directory)) {
    const std::string new_key = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    Run(absl::StrCat(new_key, " -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"));
    Run(absl::StrCat(new_key, " -x509 -days 2 -subj /CN=other -keyout other.key -out other.pem"));
    Issue(new_key, "server", "ca", "-days 2");
    Issue(new_key, "client", "ca", "-days 2");
    Issue(new_key, "stranger", "other", "-days 2");
    Issue(new_key, "expired", "ca", "-days -1");
  }

  std::string Certificate(const std::string& name) const { return File(name + ".pem"); }
  std::string Key(const std::string& name) const { return File(name + ".key"); }
  std::string File(const std::string& name) const { return absl::StrCat(directory_, "/", name); }

  // In the directory; a command that fails ends the test.
  void Run(const std::string& command) const {
    const std::string line = absl::StrCat("cd '", directory_, "' && { ", command,
                                          " 2>openssl.log || { cat openssl.log >&2; false; }; }");
    if (std::system(line.c_str()) != 0) std::abort();
  }

 private:
  void Issue(const std::string& new_key, const std::string& name, const std::string& authority,
             const std::string& days) {
    Run(absl::StrCat(new_key, " -subj /CN=", name, " -keyout ", name, ".key -out ", name, ".csr",
                     " -addext subjectAltName=DNS:localhost,IP:127.0.0.1"));
    Run(absl::StrCat("openssl x509 -req -copy_extensions copy -in ", name, ".csr -CA ", authority,
                     ".pem -CAkey ", authority, ".key -CAcreateserial ", days, " -out ", name,
                     ".pem"));
  }

  const std::string directory_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_TESTS_REGISTRY_SERVICE_TEST_CERTIFICATES_H_
