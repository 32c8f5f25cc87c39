// What has happened to a piece, as its verified passport shows it: the watcher's side of what a
// registry tells (registry/ledger/news.h says the same from its rows), so that nothing that a
// registry leaves out stays unseen. Not for getting hold of passports (cli/passport_source.h).
#ifndef TOUCHSTONE_CLI_WATCH_PASSPORT_NEWS_H_
#define TOUCHSTONE_CLI_WATCH_PASSPORT_NEWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/passport_source.h"
#include "verifier/happening.h"

namespace touchstone::cli {

struct PassportNews {
  uint64_t position = 0;
  std::vector<HappeningKind> kinds;  // ascending
  std::optional<uint32_t> number;    // of the entry, where it is the piece's own
  uint64_t time_ms = 0;  // the registry's; 0 for other pieces' entries, which are not shown
  std::string what;      // one line for people
};

// All that stands at `from` or later and before `until`, ascending by position. `until` is at most
// the size of the log in the passport. Errors: none but for a file that CheckPassport() would not
// have let through.
absl::StatusOr<std::vector<PassportNews>> NewsIn(const HeldPassport& passport, uint64_t from,
                                                 uint64_t until);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_WATCH_PASSPORT_NEWS_H_
