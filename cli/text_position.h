// Where in a text file something stands, as editors count it. Not for byte offsets.
#ifndef TOUCHSTONE_CLI_TEXT_POSITION_H_
#define TOUCHSTONE_CLI_TEXT_POSITION_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace touchstone::cli {

// Both from 1; a column is one character (a code point), whatever its width.
struct TextPosition {
  uint64_t line = 1;
  uint64_t column = 1;
};

inline std::string FormatPosition(const TextPosition& position) {
  return absl::StrCat("line ", position.line, ", column ", position.column);
}

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_TEXT_POSITION_H_
