#include "cli/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace touchstone::cli {
namespace {

constexpr absl::Duration kRedrawEvery = absl::Milliseconds(100);
constexpr absl::Duration kLogEvery = absl::Seconds(10);
constexpr size_t kBarMax = 40;
constexpr size_t kBarMin = 8;
constexpr absl::string_view kEraseToEnd = "\033[K";

// 1234567 -> "1,234,567".
std::string WithCommas(uint64_t number) {
  std::string digits = absl::StrCat(number);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

// "0:32", "1:05:10".
std::string FormatClock(absl::Duration duration) {
  const int64_t seconds = absl::ToInt64Seconds(duration);
  if (seconds < 3600) return absl::StrFormat("%d:%02d", seconds / 60, seconds % 60);
  return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string Bar(double part, size_t width, bool unicode) {
  const auto filled = static_cast<size_t>(part * static_cast<double>(width));
  std::string bar = "[";
  for (size_t i = 0; i < width; ++i) {
    if (unicode) {
      absl::StrAppend(&bar, i < filled ? "█" : "░");
    } else {
      bar.push_back(i < filled ? '=' : i == filled ? '>' : ' ');
    }
  }
  return absl::StrCat(bar, "]");
}

}  // namespace

std::string FormatProgress(const ProgressState& state, const Terminal& terminal) {
  const double seconds = absl::ToDoubleSeconds(state.elapsed);
  const uint64_t now_done = state.done - std::min(state.done, state.already_done);
  const double rate = seconds > 0 ? static_cast<double>(now_done) / seconds : 0;

  std::string counts = WithCommas(state.done);
  if (state.total != 0) absl::StrAppend(&counts, " of ", WithCommas(state.total));
  if (rate >= 1) absl::StrAppend(&counts, "  ", WithCommas(static_cast<uint64_t>(rate)), "/s");
  if (state.total > state.done && rate > 0) {
    const double left = static_cast<double>(state.total - state.done) / rate;
    absl::StrAppend(&counts, "  ", FormatClock(absl::Seconds(left)), " left");
  } else if (state.done >= state.total) {
    absl::StrAppend(&counts, "  ", FormatClock(state.elapsed));
  }
  if (state.total == 0) return absl::StrCat(state.what, "  ", counts);

  const double part =
      std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total));
  const std::string percent = absl::StrFormat("%3d %%", static_cast<int>(part * 100));
  const size_t taken = state.what.size() + percent.size() + counts.size() + 8;
  const auto width = static_cast<size_t>(terminal.width);
  if (!terminal.interactive || width < taken + kBarMin) {
    return absl::StrCat(state.what, "  ", percent, "  ", counts);
  }
  const size_t bar = std::min(kBarMax, width - taken);
  return absl::StrCat(state.what, "  ", percent, " ", Bar(part, bar, terminal.unicode), "  ",
                      counts);
}

Progress::Progress(const Terminal& terminal, std::string what, uint64_t total,
                   uint64_t already_done, std::function<void(absl::string_view)> print,
                   std::function<absl::Time()> now)
    : terminal_(terminal),
      print_(std::move(print)),
      now_(std::move(now)),
      started_(now_()),
      drawn_(terminal.interactive ? absl::InfinitePast() : started_) {
  state_.what = std::move(what);
  state_.total = total;
  state_.already_done = already_done;
  state_.done = already_done;
}

void Progress::Update(uint64_t done) {
  state_.done = done;
  const absl::Time now = now_();
  if (now - drawn_ >= (terminal_.interactive ? kRedrawEvery : kLogEvery)) Draw(now);
}

void Progress::Draw(absl::Time now) {
  drawn_ = now;
  state_.elapsed = now - started_;
  const std::string line = FormatProgress(state_, terminal_);
  print_(terminal_.interactive ? absl::StrCat("\r", line, kEraseToEnd) : absl::StrCat(line, "\n"));
}

void Progress::Note(absl::string_view text) {
  if (!terminal_.interactive) return print_(absl::StrCat(text, "\n"));
  print_(absl::StrCat("\r", kEraseToEnd, text, "\n"));
  Draw(now_());
}

void Progress::Finish() {
  Draw(now_());
  if (terminal_.interactive) print_("\n");
}

}  // namespace touchstone::cli
