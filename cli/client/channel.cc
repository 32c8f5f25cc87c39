#include "cli/client/channel.h"

#include <grpc/support/log.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace touchstone::cli {
namespace {

constexpr char kRefusalPayload[] = "touchstone-refusal";
constexpr int kAnswerBytesMax = 20 << 20;  // a passport file of the largest size, and its wrapping
constexpr size_t kPemBytesMax = size_t{1} << 20;

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  std::string text(kPemBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (text.size() > kPemBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is too large for a PEM file"));
  }
  if (!absl::StrContains(text, "-----BEGIN ")) {
    return absl::InvalidArgumentError(absl::StrCat(
        path,
        " is no PEM file: a certificate begins with -----BEGIN CERTIFICATE-----, a key with "
        "-----BEGIN PRIVATE KEY-----"));
  }
  return text;
}

bool IsLoopback(absl::string_view address) {
  const size_t colon = address.rfind(':');
  const absl::string_view host = address.substr(0, colon);
  return host == "localhost" || host == "[::1]" ||
         (host.substr(0, 4) == "127." && host.find_first_not_of("0123456789.") == host.npos);
}

bool IsTls(const ConnectionOptions& options) {
  return options.tls || !options.ca_file.empty() || !options.client_cert_file.empty();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(
    const ConnectionOptions& options) {
  if (options.client_cert_file.empty() != options.client_key_file.empty()) {
    return absl::InvalidArgumentError(
        "a client certificate needs both its file and its key's file");
  }
  if (!IsTls(options)) {
    if (!options.insecure && !IsLoopback(options.address)) {
      return absl::InvalidArgumentError(absl::StrCat(
          options.address,
          " is another host: connect with --tls (or --ca FILE), or say --insecure to send what "
          "you sign in the clear"));
    }
    return grpc::InsecureChannelCredentials();
  }
  grpc::SslCredentialsOptions ssl;
  const std::pair<const std::string*, std::string*> files[] = {
      {&options.ca_file, &ssl.pem_root_certs},
      {&options.client_cert_file, &ssl.pem_cert_chain},
      {&options.client_key_file, &ssl.pem_private_key},
  };
  for (const auto& [path, target] : files) {
    if (path->empty()) continue;
    absl::StatusOr<std::string> pem = ReadPem(*path);
    if (!pem.ok()) return pem.status();
    *target = *std::move(pem);
  }
  return grpc::SslCredentials(ssl);
}

}  // namespace

absl::Status WithRefusal(absl::StatusCode code, absl::string_view message,
                         absl::string_view refusal) {
  absl::Status status(code, message);
  if (!refusal.empty()) status.SetPayload(kRefusalPayload, absl::Cord(refusal));
  return status;
}

std::string RefusalNameOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kRefusalPayload);
  return payload.has_value() ? std::string(*payload) : std::string();
}

absl::Status SameRefusal(const absl::Status& status, absl::string_view message) {
  absl::Status same(status.code(), message);
  status.ForEachPayload(
      [&same](absl::string_view url, const absl::Cord& payload) { same.SetPayload(url, payload); });
  return same;
}

absl::StatusOr<RegistryChannel> RegistryChannel::Open(const ConnectionOptions& options) {
  if (options.address.empty()) {
    return absl::InvalidArgumentError(
        "no registry given: say --registry HOST:PORT, or name it in the configuration file");
  }
  // gRPC writes to standard error what the statuses say too. Who looks for more asks it to.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
  auto credentials = Credentials(options);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // So that a stream on which nothing is said for long is not mistaken for one that is dead.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  return RegistryChannel(options,
                         grpc::CreateCustomChannel(options.address, *credentials, arguments));
}

void RegistryChannel::SetDeadline(grpc::ClientContext* context, absl::Duration more) const {
  context->set_deadline(absl::ToChronoTime(absl::Now() + options_.timeout + more));
}

absl::Status RegistryChannel::ToAbsl(const grpc::Status& status,
                                     const grpc::ClientContext& context) const {
  if (status.ok()) return absl::OkStatus();
  std::string message = status.error_message();
  absl::StatusCode code = static_cast<absl::StatusCode>(status.error_code());
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    // We cancel nothing: a registry that is stopping ends so what arrives at its last moment.
    code = absl::StatusCode::kUnavailable;
    message = absl::StrCat("the registry at ", options_.address,
                           " ended the call without an answer; ask again, which is safe");
  }
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
      status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    message = absl::StrCat("the registry at ", options_.address, " does not answer (", message, ")",
                           Hint(message));
  }
  std::string refusal;
  const auto& trailing = context.GetServerTrailingMetadata();
  const auto found = trailing.find(kRefusalPayload);
  if (found != trailing.end()) refusal.assign(found->second.data(), found->second.size());
  return WithRefusal(code, message, refusal);
}

// What may be wrong with the connection's options, seen from how it failed.
absl::string_view RegistryChannel::Hint(absl::string_view failure) const {
  if (absl::StrContains(failure, "certificate verify failed")) {
    return "; no authority that is trusted here has signed its certificate: name one with --ca";
  }
  if (absl::StrContains(failure, "is not in peer certificate")) {
    return "; connect by a name that is in its certificate";
  }
  if (absl::StrContains(failure, "wrong version number")) {
    return "; it does not speak TLS, perhaps: leave out --tls, --ca and --client-cert then";
  }
  if (!absl::StrContains(failure, "Socket closed")) return "";
  if (!IsTls(options_)) return "; if it speaks TLS, say --tls, or --ca FILE";
  if (options_.client_cert_file.empty()) {
    return "; if it asks for a client certificate, say --client-cert and --client-key";
  }
  return "; it may not accept the client certificate: an authority of its --client-ca must have "
         "signed it";
}

}  // namespace touchstone::cli
