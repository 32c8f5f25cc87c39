#include "registry/witness/http_message.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "registry/limits.h"
#include "verifier/decimal.h"

namespace touchstone::witness {
namespace {

constexpr absl::string_view kLineEnd = "\r\n";
constexpr absl::string_view kHeadEnd = "\r\n\r\n";
// More digits than any chunk of an answer that is taken.
constexpr size_t kChunkSizeDigitsMax = 8;

absl::Status NoAnswer(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("its answer is no HTTP answer: ", what));
}

absl::Status TooLong(absl::string_view what, size_t max) {
  return absl::DataLossError(
      absl::StrCat("its answer's ", what, " is longer than ", max, " bytes"));
}

// "HTTP/1.1 200 OK" to 200.
absl::StatusOr<int> StatusIn(absl::string_view line) {
  constexpr size_t kDigitsAt = 9;  // after "HTTP/1.x "
  const bool well_formed =
      (absl::StartsWith(line, "HTTP/1.1 ") || absl::StartsWith(line, "HTTP/1.0 ")) &&
      line.size() >= kDigitsAt + 3 && (line.size() == kDigitsAt + 3 || line[kDigitsAt + 3] == ' ');
  int status = 0;
  for (size_t i = kDigitsAt; well_formed && i < kDigitsAt + 3; ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(line[i]))) return NoAnswer("no status");
    status = status * 10 + (line[i] - '0');
  }
  if (!well_formed || status < 100 || status > 599) return NoAnswer("no status");
  return status;
}

}  // namespace

std::string FormatHttpPost(const HttpUrl& url, absl::string_view suffix, absl::string_view body) {
  return absl::StrCat("POST ", url.path, suffix, " HTTP/1.1\r\nHost: ", url.Authority(),
                      "\r\nUser-Agent: touchstone-registry\r\nContent-Type: text/plain\r\n"
                      "Content-Length: ",
                      body.size(), "\r\nConnection: close\r\n\r\n", body);
}

absl::StatusOr<bool> HttpResponseReader::Take(absl::string_view bytes) {
  while (true) {
    // In portions, so that what is kept is bounded whatever is given at once.
    const absl::string_view portion = bytes.substr(0, limits::kHttpHeadBytesMax);
    bytes.remove_prefix(portion.size());
    absl::StrAppend(&rest_, portion);
    while (true) {
      const absl::StatusOr<bool> moved = Step();
      if (!moved.ok()) return moved.status();
      if (!*moved) break;
    }
    if (state_ == State::kWhole) return true;
    if (bytes.empty()) return false;
  }
}

absl::Status HttpResponseReader::End() {
  if (state_ == State::kUntilEnd) state_ = State::kWhole;
  if (state_ == State::kWhole) return absl::OkStatus();
  return absl::DataLossError("it ended the connection before its answer was whole");
}

absl::StatusOr<bool> HttpResponseReader::Step() {
  switch (state_) {
    case State::kHead:
      return TakeHead();
    case State::kLength:
    case State::kChunk: {
      if (rest_.empty() && wanted_ > 0) return false;
      if (const absl::Status taken = TakeBody(wanted_); !taken.ok()) return taken;
      if (wanted_ > 0) return false;
      if (state_ == State::kLength) {
        state_ = State::kWhole;
        return false;
      }
      const absl::StatusOr<std::optional<std::string>> line = TakeLine();
      if (!line.ok()) return line.status();
      if (!line->has_value()) return false;
      if (!(*line)->empty()) return NoAnswer("a chunk that is longer than it says");
      state_ = State::kChunkSize;
      return true;
    }
    case State::kUntilEnd:
      if (const absl::Status taken = TakeBody(rest_.size()); !taken.ok()) return taken;
      return false;
    case State::kChunkSize:
      return TakeChunkSize();
    case State::kTrailer: {
      const absl::StatusOr<std::optional<std::string>> line = TakeLine();
      if (!line.ok()) return line.status();
      if (!line->has_value()) return false;
      if ((*line)->empty()) state_ = State::kWhole;
      return !(*line)->empty();
    }
    case State::kWhole:
      return false;
  }
  return false;
}

absl::StatusOr<bool> HttpResponseReader::TakeHead() {
  const size_t end = absl::string_view(rest_).find(kHeadEnd);
  const size_t head_bytes = end == rest_.npos ? rest_.size() : end + kHeadEnd.size();
  if (overhead_bytes_ + head_bytes > limits::kHttpHeadBytesMax) {
    return TooLong("head", limits::kHttpHeadBytesMax);
  }
  if (end == rest_.npos) return false;
  const std::string head = rest_.substr(0, end);
  rest_.erase(0, head_bytes);
  overhead_bytes_ += head_bytes;
  if (const absl::Status read = ReadHead(head); !read.ok()) return read;
  return true;
}

absl::Status HttpResponseReader::ReadHead(absl::string_view head) {
  const std::vector<absl::string_view> lines = absl::StrSplit(head, kLineEnd);
  const absl::StatusOr<int> status = StatusIn(lines[0]);
  if (!status.ok()) return status.status();
  if (*status < 200) {
    if (*status == 101) return NoAnswer("another protocol");
    return absl::OkStatus();  // an interim answer: the next head follows
  }
  response_.status = *status;
  std::optional<uint64_t> length;
  bool chunked = false;
  for (size_t i = 1; i < lines.size(); ++i) {
    const size_t colon = lines[i].find(':');
    if (colon == 0 || colon == lines[i].npos) return NoAnswer("a header without a name");
    const std::string name = absl::AsciiStrToLower(lines[i].substr(0, colon));
    const absl::string_view value = absl::StripAsciiWhitespace(lines[i].substr(colon + 1));
    if (name == "content-length") {
      const absl::StatusOr<uint64_t> number = ParseDecimal(value, UINT64_MAX);
      if (!number.ok() || (length && *length != *number)) return NoAnswer("no content length");
      length = *number;
    } else if (name == "transfer-encoding") {
      if (!absl::EqualsIgnoreCase(value, "chunked"))
        return NoAnswer("an encoding that is not known");
      chunked = true;
    } else if (name == "content-encoding") {
      if (!absl::EqualsIgnoreCase(value, "identity")) return NoAnswer("it is compressed");
    } else if (name == "content-type") {
      const absl::string_view type = value.substr(0, value.find(';'));
      response_.content_type = absl::AsciiStrToLower(absl::StripAsciiWhitespace(type));
    }
  }
  if (chunked && length) return NoAnswer("both a length and chunks");
  if (length && *length > limits::kHttpBodyBytesMax) {
    return TooLong("body", limits::kHttpBodyBytesMax);
  }
  wanted_ = static_cast<size_t>(length.value_or(0));
  state_ = chunked ? State::kChunkSize : length ? State::kLength : State::kUntilEnd;
  // Such an answer has no body, whatever it says.
  if (*status == 204 || *status == 304) state_ = State::kWhole;
  return absl::OkStatus();
}

absl::StatusOr<bool> HttpResponseReader::TakeChunkSize() {
  const absl::StatusOr<std::optional<std::string>> line = TakeLine();
  if (!line.ok()) return line.status();
  if (!line->has_value()) return false;
  const absl::string_view digits =
      absl::StripAsciiWhitespace(absl::string_view(**line).substr(0, (*line)->find(';')));
  if (digits.empty() || digits.size() > kChunkSizeDigitsMax) return NoAnswer("no chunk size");
  wanted_ = 0;
  for (const char symbol : digits) {
    const auto c = static_cast<unsigned char>(symbol);
    if (!absl::ascii_isxdigit(c)) return NoAnswer("no chunk size");
    const int digit = absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
    wanted_ = wanted_ * 16 + static_cast<size_t>(digit);
  }
  state_ = wanted_ == 0 ? State::kTrailer : State::kChunk;
  return true;
}

absl::StatusOr<std::optional<std::string>> HttpResponseReader::TakeLine() {
  const size_t end = absl::string_view(rest_).find(kLineEnd);
  const size_t line_bytes = end == rest_.npos ? rest_.size() : end + kLineEnd.size();
  if (overhead_bytes_ + line_bytes > limits::kHttpHeadBytesMax) {
    return TooLong("head", limits::kHttpHeadBytesMax);
  }
  if (end == rest_.npos) return std::optional<std::string>();
  std::optional<std::string> line = rest_.substr(0, end);
  rest_.erase(0, line_bytes);
  overhead_bytes_ += line_bytes;
  return line;
}

absl::Status HttpResponseReader::TakeBody(size_t wanted) {
  const size_t taken = std::min(wanted, rest_.size());
  if (response_.body.size() + taken > limits::kHttpBodyBytesMax) {
    return TooLong("body", limits::kHttpBodyBytesMax);
  }
  response_.body.append(rest_, 0, taken);
  rest_.erase(0, taken);
  wanted_ -= std::min(wanted_, taken);
  return absl::OkStatus();
}

}  // namespace touchstone::witness
