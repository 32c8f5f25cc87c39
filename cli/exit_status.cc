#include "cli/exit_status.h"

#include <optional>

#include "cli/client/registry_client.h"
#include "verifier/refusal.h"

namespace touchstone::cli {

ExitStatus ExitStatusFor(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  if (const std::optional<RefusalCode> code = RefusalCodeOf(status)) {
    switch (RefusalKindOf(*code)) {
      case RefusalKind::kRefused:
        return kExitRefused;
      case RefusalKind::kCannotJudge:
        return kExitCannotJudge;
    }
  }
  if (!RefusalNameOf(status).empty()) return kExitRefused;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kResourceExhausted:
      return kExitUnavailable;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    // Files: what the registry does not find or allow bears a refusal.
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
      return kExitUsage;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return kExitRefused;
    case absl::StatusCode::kOk:
    case absl::StatusCode::kDoNotUseReservedForFutureExpansionUseDefaultInSwitchInstead_:
      break;
  }
  return kExitRefused;
}

}  // namespace touchstone::cli
