// The program `touchstone` as CLI11 sees it: global options, configuration file, and the list of
// commands. What each command does is in cli/commands/.
#ifndef TOUCHSTONE_CLI_APP_H_
#define TOUCHSTONE_CLI_APP_H_

namespace touchstone::cli {

// Runs the command line, prints what failed, and returns the exit status (cli/exit_status.h).
int RunTouchstone(int argc, char** argv);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_APP_H_
