// What the place that output goes to can show: width, colours, Unicode. Not for reading from it.
#ifndef TOUCHSTONE_CLI_TERMINAL_H_
#define TOUCHSTONE_CLI_TERMINAL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace touchstone::cli {

// The --color option.
enum class ColorChoice { kAuto, kAlways, kNever };

// "auto", "always", "never".
std::optional<ColorChoice> ParseColorChoice(absl::string_view text);

struct Terminal {
  bool interactive = false;  // a terminal, with somebody before it, not a pipe or a file
  int width = 80;            // columns; COLUMNS, or what the terminal says
  bool color = false;        // may be sent ANSI escape sequences
  bool unicode = false;      // the locale is UTF-8
};

// Looks at `descriptor` (1 or 2) and the environment: NO_COLOR (https://no-color.org), TERM=dumb,
// COLUMNS, LC_ALL, LC_CTYPE, LANG.
Terminal DescribeTerminal(int descriptor, ColorChoice choice);

enum class Style { kBold, kDim, kGreen, kYellow, kRed };

// `text` in that style where the terminal shows colours, as it is otherwise.
std::string Styled(const Terminal& terminal, Style style, absl::string_view text);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_TERMINAL_H_
