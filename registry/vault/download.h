// One document on its way out, opened piece by piece; it ends when the document is erased
// meanwhile.
#ifndef TOUCHSTONE_REGISTRY_VAULT_DOWNLOAD_H_
#define TOUCHSTONE_REGISTRY_VAULT_DOWNLOAD_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "registry/vault/sealed_file.h"

namespace touchstone::vault {

struct VaultCore;

class Download {
 public:
  // Behind `row_key` lies the document's row, which names `file`.
  Download(VaultCore& core, std::string row_key, std::string file,
           std::unique_ptr<SealedFileReader> reader, uint64_t size, uint64_t offset);

  uint64_t size() const { return size_; }  // of the whole document
  std::string media_type;
  std::string name;
  std::string salt;  // empty for a public document

  // What comes next, at most kPieceBytes; empty at the end. kDocumentErased; kDataLoss.
  absl::StatusOr<std::string> Next();

 private:
  absl::StatusOr<std::string> NextPiece();

  VaultCore& core_;
  const std::string row_key_;
  const std::string file_;
  const std::unique_ptr<SealedFileReader> reader_;
  const uint64_t size_;
  uint64_t skip_;  // bytes that are not wanted yet
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_DOWNLOAD_H_
