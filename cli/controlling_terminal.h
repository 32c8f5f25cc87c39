// The terminal from which the program was started (/dev/tty), whatever its input and output are:
// where a person is asked, and shown what nobody else should have. Not for ordinary output
// (cli/terminal.h says what that can show).
#ifndef TOUCHSTONE_CLI_CONTROLLING_TERMINAL_H_
#define TOUCHSTONE_CLI_CONTROLLING_TERMINAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

class ControllingTerminal {
 public:
  ControllingTerminal();
  ~ControllingTerminal();
  ControllingTerminal(const ControllingTerminal&) = delete;
  ControllingTerminal& operator=(const ControllingTerminal&) = delete;

  // Whether there is one. The calls below want one.
  bool is_there() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  void Say(absl::string_view text) const;

  // Whether the person answers `question` with "y" or "yes". Anything else, the end of input too,
  // is a no.
  bool Confirms(absl::string_view question) const;

 private:
  const int descriptor_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CONTROLLING_TERMINAL_H_
