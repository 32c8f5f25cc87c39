// Getting a passphrase from whoever runs the command. Never from the command line or from an
// environment variable's value, which other users of the machine can read.
#ifndef TOUCHSTONE_CLI_PASSPHRASE_H_
#define TOUCHSTONE_CLI_PASSPHRASE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::cli {

// The passphrase of `what`, e.g. a key file's name: the first line of `passphrase_file`; if that is
// empty, of the file that the environment variable TOUCHSTONE_PASSPHRASE_FILE names; if there is
// none, typed at the terminal (/dev/tty), unseen. Not empty, at most kPassphraseBytesMax. Errors:
// those of ReadPrivateFile; FailedPrecondition (no terminal: says which files would do);
// Cancelled (end of input).
absl::StatusOr<SecretBytes> GetPassphrase(const std::string& passphrase_file,
                                          absl::string_view what);

// The same for a passphrase that is to protect `what` from now on: typed twice, and asked for again
// while the two differ (three times, then InvalidArgument).
absl::StatusOr<SecretBytes> GetNewPassphrase(const std::string& passphrase_file,
                                             absl::string_view what);

// One line from the terminal `descriptor`, unseen, after writing `prompt` to it. Its settings are
// put back whatever happens: a signal that ends or stops the program acts after that. Errors:
// Cancelled, InvalidArgument (too long).
absl::StatusOr<SecretBytes> ReadUnseen(int descriptor, absl::string_view prompt);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PASSPHRASE_H_
