// What the programs of cli/ exit with, so that scripts can tell one "no" from another. docs/CLI.md
// repeats the table.
#ifndef TOUCHSTONE_CLI_EXIT_STATUS_H_
#define TOUCHSTONE_CLI_EXIT_STATUS_H_

#include "absl/status/status.h"

namespace touchstone::cli {

enum ExitStatus : int {
  kExitOk = 0,           // everything that was asked for was done, or holds
  kExitRefused = 1,      // a check failed, or the registry refused what was submitted
  kExitUsage = 2,        // the command line, a file or a configuration is wrong
  kExitUnavailable = 3,  // the registry does not answer, or the outcome is unknown: try again
  kExitCannotJudge = 4,  // nothing is shown to be wrong, but the check could not be made
};

// For a command that failed with `status`.
ExitStatus ExitStatusFor(const absl::Status& status);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_EXIT_STATUS_H_
