// The configuration file: `key = value` lines, where a key is a long option without its dashes. A
// strict part of TOML, read in place of CLI11's own reader, which cuts quoted values at '#', skips
// what it does not understand and does not say which line it is talking about.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_CONFIG_FILE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_CONFIG_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::service {

struct ConfigLine {
  int number = 0;  // from 1
  std::string key;
  std::string value;  // without its quotes
};

inline constexpr size_t kConfigFileBytesMax = size_t{1} << 20;

// Lines are empty, comments (# to the end, outside quotes) or `key = value`; a value is a "string"
// (escapes \" and \\), a 'literal string', or a bare word (numbers, true, false). InvalidArgument
// names the line: no '=', a [section], an unfinished string, something after the value, a key
// twice.
absl::StatusOr<std::vector<ConfigLine>> ParseConfig(absl::string_view text);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_CONFIG_FILE_H_
