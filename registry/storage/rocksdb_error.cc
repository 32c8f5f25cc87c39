#include "registry/storage/rocksdb_error.h"

#include <rocksdb/listener.h>
#include <rocksdb/status.h>

#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "registry/storage/disk_error.h"

namespace touchstone::storage {

absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = status.ToString();
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat(
        "the database is damaged: while ", doing, ": ", text,
        "; do not write to it any more: check the disk, and restore the newest backup"));
  }
  // RocksDB locks its directory too and has no code of its own for "held".
  if (status.IsIOError() && (absl::StrContains(text, "While lock file") ||
                             absl::StrContains(text, "lock hold by current process"))) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database is open in another process: while ", doing, ": ", text));
  }
  return DiskErrorFromText(text, doing);
}

void FailureListener::Record(const absl::Status& failure) {
  const std::lock_guard<std::mutex> lock(mutex_);
  failure_.Update(failure);
}

absl::Status FailureListener::failure() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failure_;
}

void FailureListener::OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                                        rocksdb::Status* error) {
  Record(FromRocksDb(*error, absl::StrCat("writing to the database in '", directory_, "'")));
}

void FailureListener::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                           rocksdb::Status error, bool* auto_recovery) {
  error.PermitUncheckedError();
  *auto_recovery = false;
}

}  // namespace touchstone::storage
