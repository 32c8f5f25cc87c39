// One document on its way in: sealed as it comes, and stored when it has come whole and is the one
// that the passport commits to. What has come of one that breaks off is kept, for going on with it.
#ifndef TOUCHSTONE_REGISTRY_VAULT_UPLOAD_H_
#define TOUCHSTONE_REGISTRY_VAULT_UPLOAD_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/view.h"
#include "registry/vault/rows.h"
#include "registry/vault/sealed_file.h"
#include "verifier/document_part.h"

namespace touchstone::vault {

struct VaultCore;

struct StoredDocument {
  uint64_t stored_at_ms = 0;
  uint64_t keep_until_ms = 0;  // 0: as long as the piece
};

class Upload {
 public:
  // Of a document that is stored already: nothing is wanted.
  Upload(uint64_t size, const StoredDocument& stored) : size_(size), stored_(stored) {}

  // The first of two steps: `row` was committed under UploadKey. It is the only upload of that
  // document (core.uploads has it), and no more when it goes.
  Upload(VaultCore& core, const DocumentName& name, DocumentRow row, absl::string_view salt);
  // The second: opens the file, and reads what has come before. Errors: as SealedFileWriter::Open.
  absl::Status Begin(const SecretBytes& key);

  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  // The first byte that is wanted; the document's size, where it is stored already.
  uint64_t offset() const { return writer_ == nullptr ? size_ : writer_->offset(); }

  // kOutOfRange: more than was announced.
  absl::Status Append(absl::string_view bytes);

  // When it returned OK, the document is stored, durably. kWrongDocument: it is not what the
  // passport commits to (what has come is thrown away); kOutOfRange: it is not whole, and can be
  // gone on with; kDocumentErased: it was erased meanwhile.
  absl::StatusOr<StoredDocument> Finish(const ledger::View& view);

 private:
  absl::StatusOr<StoredDocument> Store(const ledger::View& view);
  absl::Status ThrowAway();

  VaultCore* const core_ = nullptr;
  const uint64_t size_;
  StoredDocument stored_;
  std::optional<DocumentName> name_;
  DocumentRow row_;
  DocumentDigester digester_{""};
  std::unique_ptr<SealedFileWriter> writer_;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_UPLOAD_H_
