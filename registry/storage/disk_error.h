// Turns what the operating system says about a file into a status that tells an operator what is
// wrong and what to do. The messages name paths and must not be sent to clients.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_DISK_ERROR_H_
#define TOUCHSTONE_REGISTRY_STORAGE_DISK_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone::storage {

// `error_number` is an errno value; `doing` completes "while ...": "writing the guard '/g'".
//   ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENOMEM: kResourceExhausted.
//   EROFS, EACCES, EPERM: kPermissionDenied.   ENOENT, ENOTDIR: kNotFound.
//   EEXIST: kAlreadyExists.   ELOOP, EISDIR: kFailedPrecondition.
//   Everything else, EIO first: kUnavailable.
absl::Status DiskError(int error_number, absl::string_view doing);

// The same for the text of a library that passes on the system's words ("No space left on device")
// and not the number. A text that holds none of them is taken as a failed disk.
absl::Status DiskErrorFromText(absl::string_view text, absl::string_view doing);

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_DISK_ERROR_H_
