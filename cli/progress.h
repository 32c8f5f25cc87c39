// Shows how far a long run has come: a bar with rate and remaining time on a terminal, a line now
// and then in a log. Not thread-safe.
#ifndef TOUCHSTONE_CLI_PROGRESS_H_
#define TOUCHSTONE_CLI_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/terminal.h"

namespace touchstone::cli {

struct ProgressState {
  std::string what;  // "rows", "entries"
  uint64_t done = 0;
  uint64_t total = 0;         // 0 if it is not known
  uint64_t already_done = 0;  // of `done`, before this run: they do not count for the rate
  absl::Duration elapsed;
};

// One line without its end, at most `width` columns, e.g.
// "rows  41 % [=======>          ]  412,340 of 1,000,000  18,204/s  0:32 left".
std::string FormatProgress(const ProgressState& state, const Terminal& terminal);

class Progress {
 public:
  // `print` is given text to write at once (standard error); `now` is the time.
  Progress(const Terminal& terminal, std::string what, uint64_t total, uint64_t already_done,
           std::function<void(absl::string_view)> print, std::function<absl::Time()> now);

  // Cheap enough for every row: prints ten times a second on a terminal, else every ten seconds.
  void Update(uint64_t done);

  // A line of text above the bar, e.g. what is wrong with a row.
  void Note(absl::string_view text);

  // The last state, and the end of the line.
  void Finish();

 private:
  void Draw(absl::Time now);

  const Terminal terminal_;
  ProgressState state_;
  const std::function<void(absl::string_view)> print_;
  const std::function<absl::Time()> now_;
  const absl::Time started_;
  absl::Time drawn_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PROGRESS_H_
