// Watching pieces: listens to a registry, for ever if need be, verifies each thing that it says
// against the piece's passport, and writes one line for it. What the registry leaves out is found
// by the passports, and said. Not for the command line (cli/commands/watch.cc).
#ifndef TOUCHSTONE_CLI_WATCH_WATCH_RUN_H_
#define TOUCHSTONE_CLI_WATCH_WATCH_RUN_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/context.h"
#include "verifier/happening.h"
#include "verifier/passport_id.h"

namespace touchstone::cli {

// As many as a registry takes on one stream.
inline constexpr size_t kWatchedPassportsMax = 256;

struct WatchOptions {
  std::vector<PassportId> passports;  // 1 to kWatchedPassportsMax, each once
  std::set<HappeningKind> kinds;      // of what to write lines; none: of everything
  std::string state_file;             // empty: nothing is kept
  std::optional<uint64_t> from;       // where there is no state: not from now, but from there on
  bool until_caught_up = false;       // end when there is nothing more to tell
  absl::Duration check_every = absl::Hours(1);  // every passport, whether or not anything was said
  // How long the registry may say nothing at all. Honest ones say every so often that nothing has
  // happened.
  absl::Duration silence_max = absl::Minutes(2);
};

// Returns when it has caught up, if that was asked for; else only with an error:
//   DataLoss: the registry left something out, said what is not so, or has another history, or an
//   older one than was seen.
//   Whatever was verified until then was written, and is in the state file. Others: what does not
//   pass by itself. Without until_caught_up, what passes is waited for.
absl::Status RunWatch(Context& context, const WatchOptions& options);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_WATCH_WATCH_RUN_H_
