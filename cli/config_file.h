// The configuration file of `touchstone` (touchstone.toml): global options by their long names, one
// a line, in a small part of TOML. Read in place of CLI11's own reader, which cuts quoted values at
// '#' and does not say which line it is talking about.
#ifndef TOUCHSTONE_CLI_CONFIG_FILE_H_
#define TOUCHSTONE_CLI_CONFIG_FILE_H_

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

inline constexpr size_t kConfigFileBytesMax = size_t{64} << 10;

struct ConfigLine {
  int number = 0;  // from 1
  std::string key;
  std::vector<std::string> values;  // one, or those of an array
};

// Lines are empty, comments (# to the end) or `key = value`; a value is "a string" (escapes \" and
// \\), 'a literal string', a bare word without blanks, or ["an", "array"] of these on one line.
// InvalidArgument names the line: what cannot be read, a [section], a key twice.
absl::StatusOr<std::vector<ConfigLine>> ParseConfig(absl::string_view text);

// Gives CLI11 the lines of the file that `app`'s --config names. Relative paths (the options whose
// type is called FILE) become relative to the file. Throws CLI::ConfigError, as CLI11 expects,
// naming file and line: what ParseConfig refuses, names that are no option of `app`.
class ConfigReader : public CLI::Config {
 public:
  explicit ConfigReader(const CLI::App* app) : app_(app) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return ""; }

 private:
  const CLI::App* const app_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CONFIG_FILE_H_
