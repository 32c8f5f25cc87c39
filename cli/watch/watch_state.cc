#include "cli/watch/watch_state.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/public_file.h"
#include "verifier/digest.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

constexpr absl::string_view kFirstLine = "touchstone watch v1";
constexpr size_t kStateBytesMax = size_t{1} << 20;

absl::Status Broken(absl::string_view line) {
  return absl::InvalidArgumentError(absl::StrCat(
      "'", line.substr(0, 80),
      "' is no line of a watch's state. Restore the file from a copy; or remove it, and "
      "say with --from from which position on to be told again"));
}

absl::Status ReadLine(absl::string_view line, WatchState& state) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  uint64_t number = 0;
  if (words.size() == 2 && words[0] == "origin" && !words[1].empty()) {
    state.origin = words[1];
  } else if (words.size() == 2 && words[0] == "next" && absl::SimpleAtoi(words[1], &number)) {
    state.next_position = number;
  } else if (words.size() == 3 && words[0] == "log" && absl::SimpleAtoi(words[1], &number)) {
    const absl::StatusOr<Digest> root = DigestFromHex(words[2]);
    if (!root.ok()) return Broken(line);
    state.log = LogState{number, *root};
  } else if (words.size() == 3 && words[0] == "passport" && absl::SimpleAtoi(words[2], &number)) {
    const absl::StatusOr<PassportId> id = PassportId::Parse(words[1]);
    if (!id.ok()) return Broken(line);
    state.complete_to[*id] = number;
  } else {
    return Broken(line);
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeWatchState(const WatchState& state) {
  std::string text =
      absl::StrCat(kFirstLine, "\norigin ", state.origin, "\nnext ", state.next_position, "\n");
  if (state.log) {
    absl::StrAppend(&text, "log ", state.log->size, " ", DigestToHex(state.log->root), "\n");
  }
  for (const auto& [id, position] : state.complete_to) {
    absl::StrAppend(&text, "passport ", id.Format(), " ", position, "\n");
  }
  return text;
}

absl::StatusOr<WatchState> DecodeWatchState(absl::string_view text) {
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.front() != kFirstLine || !lines.back().empty()) return Broken(lines.front());
  lines.pop_back();
  WatchState state;
  for (size_t i = 1; i < lines.size(); ++i) {
    const absl::Status status = ReadLine(lines[i], state);
    if (!status.ok()) return status;
  }
  // What was edited or cut short reads otherwise than it writes.
  if (state.origin.empty() || EncodeWatchState(state) != text) return Broken(lines.front());
  return state;
}

absl::StatusOr<std::optional<WatchState>> LoadWatchState(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadPublicFile(path, kStateBytesMax);
  if (absl::IsNotFound(text.status())) return std::optional<WatchState>();
  if (!text.ok()) return text.status();
  absl::StatusOr<WatchState> state = DecodeWatchState(*text);
  if (!state.ok()) return InContext(path, state.status());
  return std::optional<WatchState>(*std::move(state));
}

absl::Status SaveWatchState(const std::string& path, const WatchState& state) {
  return WritePublicFile(path, EncodeWatchState(state), /*replace=*/true);
}

}  // namespace touchstone::cli
