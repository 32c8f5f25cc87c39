// A claim code that somebody gave on the command line, where it does not belong: no message repeats
// it. Not for codes in files or typed (cli/claim_code_page.h), which no message quotes.
#ifndef TOUCHSTONE_CLI_CLAIM_CODE_ARGUMENT_H_
#define TOUCHSTONE_CLI_CLAIM_CODE_ARGUMENT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace touchstone::cli {

// The message with every argument left out that begins as a claim code does, or is one without its
// beginning, mistyped ones too; behind the '=' of an option as well.
std::string WithoutClaimCodes(absl::Span<char* const> arguments, absl::string_view message);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLAIM_CODE_ARGUMENT_H_
