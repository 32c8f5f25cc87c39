#include "registry/storage/disk_error.h"

#include <cerrno>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace touchstone::storage {
namespace {

std::string SystemWords(int error_number) {
  return std::generic_category().message(error_number);  // thread-safe, unlike strerror()
}

absl::Status Explain(int error_number, absl::string_view while_doing) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(
          absl::StrCat("the disk that holds the ledger is full: ", while_doing,
                       "; free space there (or raise the quota), then start again"));
    case EFBIG:
      return absl::ResourceExhaustedError(
          absl::StrCat("a file would exceed the largest size allowed: ", while_doing,
                       "; raise the limit (ulimit -f), then start again"));
    case EMFILE:
    case ENFILE:
      return absl::ResourceExhaustedError(absl::StrCat(
          "too many open files: ", while_doing, "; raise the limit (ulimit -n), then start again"));
    case ENOMEM:
      return absl::ResourceExhaustedError(absl::StrCat("out of memory: ", while_doing));
    case EROFS:
      return absl::PermissionDeniedError(
          absl::StrCat("the file system is read-only: ", while_doing,
                       "; mount it writable, then start again (a kernel makes it read-only by "
                       "itself after a disk error: look into its log)"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          absl::StrCat("no permission: ", while_doing,
                       "; give the user that runs the registry read and write permission there"));
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(absl::StrCat("no such file or directory: ", while_doing));
    case EEXIST:
      return absl::AlreadyExistsError(absl::StrCat("it exists already: ", while_doing));
    case ELOOP:
      return absl::FailedPreconditionError(
          absl::StrCat("it is a symbolic link: ", while_doing, "; name the file itself"));
    case EISDIR:
      return absl::FailedPreconditionError(
          absl::StrCat("it is a directory: ", while_doing, "; name a file"));
    default:  // of errno's values, not of an enum of ours
      return absl::UnavailableError(
          absl::StrCat("the disk that holds the ledger failed: ", while_doing,
                       "; look into the kernel's log, check the disk, then start again"));
  }
}

}  // namespace

absl::Status DiskError(int error_number, absl::string_view doing) {
  return Explain(error_number, absl::StrCat("while ", doing, ": ", SystemWords(error_number)));
}

absl::Status DiskErrorFromText(absl::string_view text, absl::string_view doing) {
  const std::string while_doing = absl::StrCat("while ", doing, ": ", text);
  for (const int error_number :
       {ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENOMEM, EROFS, EACCES, EPERM, ENOENT, ENOTDIR}) {
    if (absl::StrContains(text, SystemWords(error_number)))
      return Explain(error_number, while_doing);
  }
  return Explain(EIO, while_doing);
}

}  // namespace touchstone::storage
