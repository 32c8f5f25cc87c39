// A document on disk, sealed in pieces (libsodium's secretstream) so that it can be written as it
// comes, gone on with after a break, and read without holding it whole. Nothing of it is ever on
// disk in the clear. Not for which documents there are (rows.h).
//
//   "TSV1" ‖ secretstream header[24] ‖ pieces: kPieceBytes of the document and 17 more each, the
//   last one shorter and tagged FINAL. `place` is authenticated with each.
#ifndef TOUCHSTONE_REGISTRY_VAULT_SEALED_FILE_H_
#define TOUCHSTONE_REGISTRY_VAULT_SEALED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/storage/file_descriptor.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::vault {

inline constexpr size_t kPieceBytes = size_t{64} << 10;

// Errors of both: as storage/disk_error.h; kDataLoss.

class SealedFileWriter {
 public:
  // Makes the file, or goes on with it behind the last whole piece that opens with the key, which
  // are handed to `seen` again. `size`: of the document, at least 1.
  static absl::StatusOr<std::unique_ptr<SealedFileWriter>> Open(
      const std::string& path, const SecretBytes& key, absl::string_view place, uint64_t size,
      absl::FunctionRef<void(absl::string_view bytes)> seen);
  ~SealedFileWriter();

  // Where to go on: how much of the document has come, whole pieces of it after Open().
  uint64_t offset() const { return offset_; }
  bool complete() const { return offset_ == size_; }

  // kOutOfRange: more than `size` in all.
  absl::Status Append(absl::string_view bytes);

  // Makes it durable. kFailedPrecondition: it is not complete.
  absl::Status Sync();

 private:
  SealedFileWriter(std::string path, storage::FileDescriptor file, SecretBytes state,
                   SecretBytes piece, absl::string_view place, uint64_t size);
  absl::Status WriteHeader(const SecretBytes& key);
  absl::Status SealPiece();

  const std::string path_;
  storage::FileDescriptor file_;
  SecretBytes state_;  // of the secretstream
  SecretBytes piece_;  // what has come of the next piece
  size_t piece_bytes_ = 0;
  const std::string place_;
  const uint64_t size_;
  uint64_t offset_ = 0;
};

class SealedFileReader {
 public:
  static absl::StatusOr<std::unique_ptr<SealedFileReader>> Open(const std::string& path,
                                                                const SecretBytes& key,
                                                                absl::string_view place,
                                                                uint64_t size);

  // The next piece; empty when the document has ended. kDataLoss: it was cut short, or changed.
  absl::StatusOr<std::string> Next();

 private:
  SealedFileReader(std::string path, storage::FileDescriptor file, SecretBytes state,
                   absl::string_view place, uint64_t size);

  const std::string path_;
  storage::FileDescriptor file_;
  SecretBytes state_;
  const std::string place_;
  const uint64_t size_;
  uint64_t offset_ = 0;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_SEALED_FILE_H_
