#include "tests/benchmarks/load/bare_limits.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"

namespace touchstone::load {

Measured MeasureBareVerify(int threads, absl::Duration duration) {
  const std::string message(1024, 'm');
  const SecretKey& key = NamedKey("bare");
  const std::string signature = key.Sign(message);
  const absl::string_view public_key = key.public_key().ed25519();
  return RunClosedLoop(threads, duration, [&](int) {
    return crypto_sign_verify_detached(
               reinterpret_cast<const unsigned char*>(signature.data()),
               reinterpret_cast<const unsigned char*>(message.data()), message.size(),
               reinterpret_cast<const unsigned char*>(public_key.data())) == 0;
  });
}

Measured MeasureBareFlush(const std::string& directory, absl::Duration duration) {
  const std::string path = absl::StrCat(directory, "/flush");
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string record(1024, 'r');
  const Measured measured = RunClosedLoop(1, duration, [&](int) {
    return write(fd, record.data(), record.size()) == static_cast<ssize_t>(record.size()) &&
           fdatasync(fd) == 0;
  });
  close(fd);
  unlink(path.c_str());
  return measured;
}

}  // namespace touchstone::load
