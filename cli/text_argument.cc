#include "cli/text_argument.h"

#include <unistd.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "cli/public_file.h"

namespace touchstone::cli {

absl::StatusOr<std::string> ReadTextArgument(const std::string& argument, absl::string_view begin,
                                             size_t bytes_max) {
  const bool is_text =
      absl::StartsWithIgnoreCase(absl::StripLeadingAsciiWhitespace(argument), begin);
  if (is_text && access(argument.c_str(), F_OK) != 0) return argument;
  return ReadPublicFile(argument, bytes_max);
}

}  // namespace touchstone::cli
