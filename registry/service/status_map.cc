#include "registry/service/status_map.h"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "verifier/refusal.h"

namespace touchstone::service {
namespace {

constexpr char kForClientPayload[] = "touchstone-for-client";

// What ties a client's complaint to a line of the log; says nothing by itself.
std::string NewIncidentId() {
  std::array<uint8_t, 8> random = {};
  // Small reads from a seeded pool neither fail nor return short.
  [[maybe_unused]] const ssize_t got = getrandom(random.data(), random.size(), 0);
  uint64_t number = 0;
  for (const uint8_t byte : random) number = number << 8 | byte;
  return absl::StrCat(absl::Hex(number, absl::kZeroPad16));
}

// For a client, a signature that does not verify is a matter of who it is, and something that this
// registry does not know yet is a matter of what it sent: UNIMPLEMENTED would say that the RPC
// itself is missing.
absl::StatusCode CodeOfRefusal(RefusalCode refusal, absl::StatusCode code) {
  if (refusal == RefusalCode::kBadSignature) return absl::StatusCode::kUnauthenticated;
  if (code == absl::StatusCode::kUnimplemented) return absl::StatusCode::kInvalidArgument;
  return code;
}

// At most kErrorMessageBytesMax, and never a part of a UTF-8 character.
std::string Shortened(absl::string_view message) {
  constexpr absl::string_view kCut = "...";
  if (message.size() <= kErrorMessageBytesMax) return std::string(message);
  size_t end = kErrorMessageBytesMax - kCut.size();
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;
  return absl::StrCat(message.substr(0, end), kCut);
}

ClientError Plain(absl::StatusCode code, absl::string_view message) {
  return ClientError{static_cast<int>(code), Shortened(message), ""};
}

ClientError Incident(absl::StatusCode code, absl::string_view sentence, const absl::Status& status,
                     Log& log) {
  const std::string id = NewIncidentId();
  log.Error("rpc_incident", "a call failed by a fault of the registry's",
            {{"incident", id}, {"status", status.ToString()}});
  return Plain(code, absl::StrCat(sentence, " (incident ", id, ")"));
}

}  // namespace

absl::Status ForClient(absl::StatusCode code, absl::string_view message) {
  absl::Status status(code, message);
  status.SetPayload(kForClientPayload, absl::Cord());
  return status;
}

ClientError ToClientError(const absl::Status& status, Log& log) {
  if (const std::optional<RefusalCode> refusal = RefusalCodeOf(status); refusal.has_value()) {
    return ClientError{static_cast<int>(CodeOfRefusal(*refusal, status.code())),
                       Shortened(status.message()), std::string(RefusalCodeName(*refusal))};
  }
  if (status.GetPayload(kForClientPayload).has_value()) {
    return Plain(status.code(), status.message());
  }
  switch (status.code()) {
    // Ledger and service give these for what the client asked, and say so in their own words.
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
      return Plain(status.code(), status.message());
    case absl::StatusCode::kResourceExhausted:
      return Plain(status.code(), "the registry has as much to do as it takes on; try again later");
    case absl::StatusCode::kUnavailable:
      return Plain(status.code(),
                   "the registry is starting, stopping, or cannot read its store; try again later");
    case absl::StatusCode::kDeadlineExceeded:
      return Plain(status.code(),
                   "the call's time was over before its turn came; nothing was done");
    case absl::StatusCode::kCancelled:
      return Plain(status.code(), "the call was cancelled");
    case absl::StatusCode::kUnknown:
      return Incident(status.code(),
                      "the outcome of the commit is not known; send the same envelope again later, "
                      "which is safe",
                      status, log);
    case absl::StatusCode::kOk:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kDoNotUseReservedForFutureExpansionUseDefaultInSwitchInstead_:
      break;
  }
  return Incident(absl::StatusCode::kInternal, "the registry could not do this by its own fault",
                  status, log);
}

}  // namespace touchstone::service
