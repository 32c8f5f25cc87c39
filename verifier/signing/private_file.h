// Files that only their owner may read: key files, passphrase files, issuer secrets. Not for
// anything that may be overwritten.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_PRIVATE_FILE_H_
#define TOUCHSTONE_VERIFIER_SIGNING_PRIVATE_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone {

// Writes a new file of mode 0600. When it returns OK the file is there whole and on disk; otherwise
// there is nothing new under that name. AlreadyExists if something is there, which is left alone.
absl::Status CreatePrivateFile(const std::string& path, const SecretBytes& contents);

// The whole of a regular file that belongs to this user or root and that nobody else may read or
// write. Errors: NotFound; PermissionDenied (owner, mode, or not ours to read); InvalidArgument
// (not a regular file, or longer than `bytes_max`). Messages name the path and what to do.
absl::StatusOr<SecretBytes> ReadPrivateFile(const std::string& path, size_t bytes_max);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_PRIVATE_FILE_H_
