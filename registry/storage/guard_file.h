// The guard: a small file outside the database directory that holds the newest checkpoint note, so
// that a database which was rolled back (a restored backup, a disk that lied about a flush) is
// noticed on the next start. It keeps bytes; what they say and whether the database contains it is
// the ledger's business.
//
// The file has two slots that are written in turn, each with a sequence number and a checksum, in
// place, with one fdatasync: a write that is cut short at any byte spoils only the slot that held
// the older of the two contents. (The reason, with figures, is in guard_file.cc.)
//
// It does not withstand somebody who may write to it: a checksum is no signature. Whoever reads it
// must check the note's own signature.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_GUARD_FILE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_GUARD_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::storage {

// The longest content. A checkpoint note with sixteen cosignatures takes about 3 KiB.
inline constexpr size_t kMaxGuardBytes = size_t{12} << 10;

// Not thread-safe: one thread writes, and reads contents(), at a time. Holds the file open and
// locked, so that two processes, each with its own copy of a database, cannot share a guard.
class GuardFile {
 public:
  // Makes a new guard that holds `contents`, durably, its directory entry included.
  //   kAlreadyExists: `path` is there (whatever it is; nothing is overwritten).
  //   kNotFound: its directory is not.   kInvalidArgument: more than kMaxGuardBytes, or none.
  //   kResourceExhausted, kPermissionDenied, kUnavailable: the disk is full, read-only, failed.
  static absl::StatusOr<std::unique_ptr<GuardFile>> Create(const std::string& path,
                                                           absl::string_view contents);

  // Opens a guard for reading and writing.
  //   kNotFound: there is none; never made up silently.
  //   kDataLoss: the file is not a guard, or is damaged so that no content can be told for sure.
  //   kFailedPrecondition: another process has it open; or it is not a plain file (a symbolic link
  //   is refused).
  static absl::StatusOr<std::unique_ptr<GuardFile>> Open(const std::string& path);

  GuardFile(const GuardFile&) = delete;
  GuardFile& operator=(const GuardFile&) = delete;
  ~GuardFile();

  // The newest content: as it was found or last written without error. After a write that was cut
  // short by a crash that is the content before it; if both slots were whole, never an older one.
  const std::string& contents() const { return contents_; }

  // Replaces the contents, durably. After an error (other than kInvalidArgument, for a bad size) it
  // is unknown whether the next Open() finds the old or the new; every further write is refused
  // with kFailedPrecondition, and the caller must stop, as with Store::Commit().
  absl::Status Write(absl::string_view contents);

  const std::string& path() const { return path_; }

 private:
  GuardFile(std::string path, int fd, uint64_t sequence, std::string contents);

  const std::string path_;
  const int fd_;
  uint64_t sequence_;  // of the newest slot; slot = sequence mod 2
  std::string contents_;
  absl::Status failure_;  // of the first write that failed
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_GUARD_FILE_H_
