// The guard: a small file outside the database directory that holds the newest checkpoint note, so
// that a database which was rolled back (a restored backup, a disk that lied about a flush) is
// noticed on the next start. It keeps bytes; what they say, and whether the database contains it,
// is the ledger's business.
//
// The file has two slots that are written in turn, in place, each with a sequence number and a
// checksum, with one fdatasync: a write that is cut short at any byte spoils only the slot that
// held the older of the two contents. (The reason, with figures, is in guard_file.cc.)
//
// It does not withstand somebody who may write to it: a checksum is no signature. Whoever reads it
// must check the note's own signature.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_GUARD_FILE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_GUARD_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/storage/file_descriptor.h"

namespace touchstone::storage {

// The longest content; the shortest is one byte. A checkpoint with sixteen cosignatures takes about
// 3 KiB.
inline constexpr size_t kMaxGuardBytes = size_t{12} << 10;

// Not thread-safe: one thread at a time. Holds the file open and locked, so that two processes,
// each with its own copy of a database, cannot share a guard.
class GuardFile {
 public:
  // Makes a new guard that holds `contents`, durably, its directory entry included.
  //   kAlreadyExists: `path` is there, whatever it is; nothing is ever overwritten.
  //   kNotFound: its directory is not.   kInvalidArgument: no contents, or more than
  //   kMaxGuardBytes. kResourceExhausted, kPermissionDenied, kUnavailable: the disk is full,
  //   read-only, failed.
  static absl::StatusOr<std::unique_ptr<GuardFile>> Create(const std::string& path,
                                                           absl::string_view contents);

  // Opens a guard for reading and writing.
  //   kNotFound: there is none. It is never made up silently.
  //   kDataLoss: the file is no guard, or so damaged that no content can be told for certain.
  //   kFailedPrecondition: another process has it open, or it is no plain file (a symbolic link).
  //   kPermissionDenied, kUnavailable: it cannot be written to; the disk failed.
  static absl::StatusOr<std::unique_ptr<GuardFile>> Open(const std::string& path);

  GuardFile(const GuardFile&) = delete;
  GuardFile& operator=(const GuardFile&) = delete;

  // The newest content: as it was found, or as it was last written without error. If the last write
  // was cut short by a crash, Open() finds the content before it. (It does, too, when the newest
  // slot was damaged in another way: the two cannot be told apart.)
  const std::string& contents() const { return contents_; }

  // Replaces the contents, durably. After an error (other than kInvalidArgument, for the size) it
  // is unknown whether the next Open() finds the old or the new; every further write is refused
  // with kFailedPrecondition, and the caller must stop, as with Store::Commit().
  absl::Status Write(absl::string_view contents);

  const std::string& path() const { return path_; }

 private:
  GuardFile(std::string path, FileDescriptor file, uint64_t sequence, std::string contents)
      : path_(std::move(path)),
        file_(std::move(file)),
        sequence_(sequence),
        contents_(std::move(contents)) {}

  const std::string path_;
  const FileDescriptor file_;
  uint64_t sequence_;  // of the newest slot; slot = sequence mod 2
  std::string contents_;
  absl::Status failure_;  // of the first write that failed
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_GUARD_FILE_H_
