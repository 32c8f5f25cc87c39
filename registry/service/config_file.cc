#include "registry/service/config_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace touchstone::service {
namespace {

absl::Status LineError(int number, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", what));
}

bool IsKey(absl::string_view key) {
  return !key.empty() && key.front() != '-' && std::all_of(key.begin(), key.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

// Takes the value off the front of `rest`.
absl::StatusOr<std::string> TakeValue(int number, absl::string_view* rest) {
  std::string value;
  const char quote = rest->empty() ? '\0' : rest->front();
  if (quote != '"' && quote != '\'') {
    const size_t end = std::min(rest->find_first_of(" \t#"), rest->size());
    value = std::string(rest->substr(0, end));
    rest->remove_prefix(end);
    if (value.empty()) return LineError(number, "a key without a value; write key = value");
    return value;
  }
  for (size_t i = 1; i < rest->size(); ++i) {
    const char c = (*rest)[i];
    if (c == quote) {
      rest->remove_prefix(i + 1);
      return value;
    }
    if (c == '\\' && quote == '"') {
      ++i;
      if (i == rest->size()) break;
      if ((*rest)[i] != '"' && (*rest)[i] != '\\') {
        return LineError(number,
                         "a string knows the escapes \\\" and \\\\ only; use '...' for a "
                         "string with backslashes");
      }
    }
    value.push_back((*rest)[i]);
  }
  return LineError(number,
                   absl::StrCat("a string that does not end with ", absl::string_view(&quote, 1)));
}

absl::StatusOr<ConfigLine> ParseLine(int number, absl::string_view line) {
  if (line.front() == '[') {
    return LineError(number, "there are no [sections] here; write the option's name alone");
  }
  const size_t equals = line.find('=');
  if (equals == absl::string_view::npos) {
    return LineError(number, absl::StrCat("'", line, "' has no '='; write key = value"));
  }
  const absl::string_view key = absl::StripAsciiWhitespace(line.substr(0, equals));
  if (!IsKey(key)) {
    return LineError(number, absl::StrCat("'", key,
                                          "' is no name of an option; write it without "
                                          "dashes in front and without quotes"));
  }
  absl::string_view rest = absl::StripAsciiWhitespace(line.substr(equals + 1));
  absl::StatusOr<std::string> value = TakeValue(number, &rest);
  if (!value.ok()) return value.status();
  rest = absl::StripLeadingAsciiWhitespace(rest);
  if (!rest.empty() && rest.front() != '#') {
    return LineError(number, absl::StrCat("'", rest, "' after the value of ", key,
                                          "; a value with spaces needs quotes"));
  }
  return ConfigLine{number, std::string(key), *std::move(value)};
}

}  // namespace

absl::StatusOr<std::vector<ConfigLine>> ParseConfig(absl::string_view text) {
  std::vector<ConfigLine> lines;
  std::set<std::string> seen;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    absl::StatusOr<ConfigLine> parsed = ParseLine(number, line);
    if (!parsed.ok()) return parsed.status();
    if (!seen.insert(parsed->key).second) {
      return LineError(number, absl::StrCat(parsed->key, " is set twice"));
    }
    lines.push_back(*std::move(parsed));
  }
  return lines;
}

}  // namespace touchstone::service
