// Text of unknown origin on its way to a terminal. Not for layout (cli/text_page.h).
#ifndef TOUCHSTONE_CLI_TERMINAL_TEXT_H_
#define TOUCHSTONE_CLI_TERMINAL_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace touchstone::cli {

// `text`, which may be any bytes, with nothing in it that acts on a terminal or turns the direction
// of reading: control characters but for line ends, and what PlainText of verifier/verdict_text.h
// takes out; where it is not UTF-8, every byte beyond ASCII.
std::string ForTerminal(absl::string_view text);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_TERMINAL_TEXT_H_
