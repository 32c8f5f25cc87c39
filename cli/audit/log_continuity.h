// Whether a log that is shown now goes on from one that was shown before. Not for whether either
// was signed: both were verified.
#ifndef TOUCHSTONE_CLI_AUDIT_LOG_CONTINUITY_H_
#define TOUCHSTONE_CLI_AUDIT_LOG_CONTINUITY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/audit/log_source.h"
#include "verifier/digest.h"

namespace touchstone::cli {

struct LogState {
  uint64_t size = 0;
  Digest root = {};
};

// Asks the source for the consistency proof (RFC 6962 section 2.1.2) and checks it. Errors:
// DataLoss, with both states, if entries were lost, hidden or rewritten; it ends in `evidence`,
// what the reader has in hand and shall keep ("Keep ring.passport"). Those of the source.
absl::Status CheckLogGoesOn(LogSource& source, const LogState& older, const LogState& newer,
                            absl::string_view evidence);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_LOG_CONTINUITY_H_
