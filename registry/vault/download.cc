#include "registry/vault/download.h"

#include <utility>

#include "registry/vault/core.h"
#include "verifier/refusal.h"

namespace touchstone::vault {

Download::Download(VaultCore& core, std::string row_key, std::string file,
                   std::unique_ptr<SealedFileReader> reader, uint64_t size, uint64_t offset)
    : core_(core),
      row_key_(std::move(row_key)),
      file_(std::move(file)),
      reader_(std::move(reader)),
      size_(size),
      skip_(offset) {}

absl::StatusOr<std::string> Download::Next() {
  absl::StatusOr<std::string> piece = NextPiece();
  if (!piece.ok()) return OwnFault(piece.status());
  return piece;
}

absl::StatusOr<std::string> Download::NextPiece() {
  const absl::StatusOr<std::optional<DocumentRow>> row = core_.Find(row_key_);
  if (!row.ok()) return row.status();
  if (!row->has_value() || (*row)->file != file_) {
    return Refuse(RefusalCode::kDocumentErased, "the document was erased while it was read");
  }
  for (;;) {
    absl::StatusOr<std::string> piece = reader_->Next();
    if (!piece.ok() || piece->empty()) return piece;
    if (skip_ >= piece->size()) {
      skip_ -= piece->size();
      continue;
    }
    piece->erase(0, static_cast<size_t>(std::exchange(skip_, 0)));
    return piece;
  }
}

}  // namespace touchstone::vault
