// A short text that is handed on by mail, chat or QR code, and so may be given to a command as
// itself as well as in a file: the questions and answers of verifier/ownership_proof.h. Not for
// secrets.
#ifndef TOUCHSTONE_CLI_TEXT_ARGUMENT_H_
#define TOUCHSTONE_CLI_TEXT_ARGUMENT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// The contents of the file `argument` (standard input for "-"); or `argument` itself, if there is
// no such file and it begins with `begin`, in either case. Errors: those of ReadPublicFile.
absl::StatusOr<std::string> ReadTextArgument(const std::string& argument, absl::string_view begin,
                                             size_t bytes_max);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_TEXT_ARGUMENT_H_
