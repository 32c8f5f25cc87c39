#include "cli/config_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/closest_word.h"

namespace touchstone::cli {
namespace {

absl::Status Wrong(absl::string_view what) { return absl::InvalidArgumentError(what); }

// Takes a string in quotes or a bare word off the front of `rest`.
absl::StatusOr<std::string> TakeString(absl::string_view* rest) {
  const char quote = rest->empty() ? '\0' : rest->front();
  if (quote != '"' && quote != '\'') {
    const size_t end = std::min(rest->find_first_of(" \t#,[]\"'"), rest->size());
    if (end == 0) return Wrong("a value is missing; write key = \"value\"");
    std::string word(rest->substr(0, end));
    rest->remove_prefix(end);
    return word;
  }
  std::string value;
  for (size_t i = 1; i < rest->size(); ++i) {
    char c = (*rest)[i];
    if (c == quote) {
      rest->remove_prefix(i + 1);
      return value;
    }
    if (c == '\\' && quote == '"') {
      c = ++i < rest->size() ? (*rest)[i] : '\0';
      if (c != '"' && c != '\\') {
        return Wrong("only \\\" and \\\\ can be written with a backslash; or use '...'");
      }
    }
    value.push_back(c);
  }
  return Wrong(absl::StrCat("a string does not end with ", absl::string_view(&quote, 1)));
}

void SkipBlanks(absl::string_view* rest) { *rest = absl::StripLeadingAsciiWhitespace(*rest); }

absl::StatusOr<std::vector<std::string>> TakeValues(absl::string_view* rest) {
  std::vector<std::string> values;
  const bool array = !rest->empty() && rest->front() == '[';
  if (array) rest->remove_prefix(1);
  do {
    SkipBlanks(rest);
    if (array && !rest->empty() && rest->front() == ']') break;
    absl::StatusOr<std::string> value = TakeString(rest);
    if (!value.ok()) return value.status();
    values.push_back(*std::move(value));
    SkipBlanks(rest);
    if (!array || rest->empty() || rest->front() != ',') break;
    rest->remove_prefix(1);
  } while (true);
  if (!array) return values;
  if (rest->empty() || rest->front() != ']') {
    return Wrong("an array does not end with ] on the same line");
  }
  rest->remove_prefix(1);
  return values;
}

// The line is not empty and no comment.
absl::StatusOr<ConfigLine> ParseLine(absl::string_view line) {
  if (line.front() == '[') return Wrong("there are no [sections]; write each option by its name");
  const size_t equals = line.find('=');
  if (equals == absl::string_view::npos) return Wrong("there is no '='; write key = \"value\"");
  const absl::string_view key = absl::StripAsciiWhitespace(line.substr(0, equals));
  const bool named = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
  if (!named || key.front() == '-') {
    return Wrong(absl::StrCat("'", key, "' is no name; write that of an option, without dashes"));
  }
  absl::string_view rest = absl::StripLeadingAsciiWhitespace(line.substr(equals + 1));
  absl::StatusOr<std::vector<std::string>> values = TakeValues(&rest);
  if (!values.ok()) return values.status();
  SkipBlanks(&rest);
  if (!rest.empty() && rest.front() != '#') {
    return Wrong(absl::StrCat("'", rest, "' stands behind the value of ", key));
  }
  return ConfigLine{0, std::string(key), *std::move(values)};
}

// The options that may stand in the file.
std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_configurable() || option == app.get_help_ptr() ||
        option == app.get_help_all_ptr() || option == app.get_config_ptr() ||
        option->check_lname("version")) {
      continue;
    }
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
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
    absl::StatusOr<ConfigLine> parsed = ParseLine(line);
    if (!parsed.ok()) return Wrong(absl::StrCat("line ", number, ": ", parsed.status().message()));
    if (!seen.insert(parsed->key).second) {
      return Wrong(absl::StrCat("line ", number, ": ", parsed->key,
                                " is set twice; several values make an array, [\"a\", \"b\"]"));
    }
    parsed->number = number;
    lines.push_back(*std::move(parsed));
  }
  return lines;
}

std::vector<CLI::ConfigItem> ConfigReader::from_config(std::istream& input) const {
  const std::string file = app_->get_config_ptr()->as<std::string>();
  const std::string directory = file.substr(0, file.rfind('/') + 1);  // npos + 1 is 0
  std::string text(kConfigFileBytesMax + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(input.gcount()));
  if (text.size() > kConfigFileBytesMax) {
    throw CLI::ConfigError(absl::StrCat(file, ": too large for a configuration file"));
  }
  const absl::StatusOr<std::vector<ConfigLine>> lines = ParseConfig(text);
  if (!lines.ok()) throw CLI::ConfigError(absl::StrCat(file, ": ", lines.status().message()));

  const std::vector<std::string> names = OptionNames(*app_);
  std::vector<CLI::ConfigItem> found;
  for (const ConfigLine& line : *lines) {
    if (std::find(names.begin(), names.end(), line.key) == names.end()) {
      const std::vector<absl::string_view> candidates(names.begin(), names.end());
      throw CLI::ConfigError(absl::StrCat(file, ": line ", line.number, ": there is no option ",
                                          line.key, DidYouMean(line.key, candidates)));
    }
    const CLI::Option* option = app_->get_option("--" + line.key);
    CLI::ConfigItem item;
    item.name = line.key;
    for (const std::string& value : line.values) {
      const bool relative_path =
          option->get_type_name() == "FILE" && !value.empty() && value.front() != '/';
      item.inputs.push_back(relative_path ? directory + value : value);
    }
    found.push_back(std::move(item));
  }
  return found;
}

}  // namespace touchstone::cli
