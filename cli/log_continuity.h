// Whether a log that a registry shows now goes on from one that was proven before. Not for whether
// either was signed: both were verified.
#ifndef TOUCHSTONE_CLI_LOG_CONTINUITY_H_
#define TOUCHSTONE_CLI_LOG_CONTINUITY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "cli/client/registry_client.h"
#include "verifier/digest.h"

namespace touchstone::cli {

struct LogState {
  uint64_t size = 0;
  Digest root = {};
};

// Asks the registry for the consistency proof (RFC 6962 section 2.1.2) and checks it. Errors:
// DataLoss, saying what to keep and whom to tell, if entries were lost or rewritten; those of the
// registry.
absl::Status CheckLogGoesOn(RegistryClient& client, const LogState& older, const LogState& newer);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_LOG_CONTINUITY_H_
