// Durations as people give them: "90s", "30m", "24h", "7d".
#ifndef TOUCHSTONE_CLI_DURATION_TEXT_H_
#define TOUCHSTONE_CLI_DURATION_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// Milliseconds. InvalidArgument, naming `option` and what is accepted; also for what is negative.
absl::StatusOr<uint64_t> ParseDurationMs(absl::string_view option, const std::string& text);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_DURATION_TEXT_H_
