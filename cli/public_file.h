// Reading and writing files that are not secret: passports, envelopes, policies, pictures. Keys and
// passphrases are verifier/signing/private_file.h's.
#ifndef TOUCHSTONE_CLI_PUBLIC_FILE_H_
#define TOUCHSTONE_CLI_PUBLIC_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// The whole file, or standard input for "-". Errors: NotFound; InvalidArgument (a directory, more
// than `bytes_max` bytes); PermissionDenied. Messages name the path.
absl::StatusOr<std::string> ReadPublicFile(const std::string& path, size_t bytes_max);

// Writes a new file, whole or not at all; "-" is standard output. With `replace`, what was there is
// replaced in one step; without, AlreadyExists. Other errors: PermissionDenied, NotFound (no such
// directory), ResourceExhausted (the disk is full).
absl::Status WritePublicFile(const std::string& path, absl::string_view contents, bool replace);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PUBLIC_FILE_H_
