// What a watcher knows from one run to the next: up to where the log was told, up to where each
// piece was seen to be told in full, and the log as it was last seen. A text file. Not for what
// happens (cli/watch/watch_run.h).
#ifndef TOUCHSTONE_CLI_WATCH_WATCH_STATE_H_
#define TOUCHSTONE_CLI_WATCH_WATCH_STATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/audit/log_continuity.h"
#include "verifier/passport_id.h"

namespace touchstone::cli {

struct WatchState {
  std::string origin;           // of the log
  uint64_t next_position = 0;   // everything before it was told
  std::optional<LogState> log;  // as the newest verified passport shows it
  // By passport: everything before it that concerns the piece was told, and its passport has shown
  // that it was everything.
  std::map<PassportId, uint64_t> complete_to;
};

std::string EncodeWatchState(const WatchState& state);
// InvalidArgument for anything that EncodeWatchState() does not write.
absl::StatusOr<WatchState> DecodeWatchState(absl::string_view text);

// Nothing where there is no such file. Messages name the path.
absl::StatusOr<std::optional<WatchState>> LoadWatchState(const std::string& path);
absl::Status SaveWatchState(const std::string& path, const WatchState& state);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_WATCH_WATCH_STATE_H_
