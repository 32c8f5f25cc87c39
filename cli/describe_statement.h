// A statement's bytes as text for the person who is about to sign it: everything that it says,
// nothing left out. Not for timelines (verifier/verdict.h).
#ifndef TOUCHSTONE_CLI_DESCRIBE_STATEMENT_H_
#define TOUCHSTONE_CLI_DESCRIBE_STATEMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// Lines that end with newlines. Errors: those of ParsedStatement::Parse: what a registry would
// refuse, nobody should sign.
absl::StatusOr<std::string> DescribeStatement(absl::string_view statement);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_DESCRIBE_STATEMENT_H_
