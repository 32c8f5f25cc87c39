// What is wrong with a command line, in words that name the nearest right one. Not for the
// commands' own errors.
#ifndef TOUCHSTONE_CLI_PARSE_ERROR_H_
#define TOUCHSTONE_CLI_PARSE_ERROR_H_

#include <string>

#include "CLI/CLI.hpp"

namespace touchstone::cli {

// One line or more, with line ends; begins with the name of `app`, the program. `error` is what
// parsing `app` threw; not one that stands for
// --help or --version.
std::string DescribeParseError(const CLI::App& app, const CLI::ParseError& error);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PARSE_ERROR_H_
