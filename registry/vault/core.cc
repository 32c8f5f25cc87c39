#include "registry/vault/core.h"

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone::vault {

absl::Status OwnFault(const absl::Status& status) {
  if (status.ok() || RefusalCodeOf(status)) return status;
  switch (status.code()) {
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return status;
    default:
      return absl::InternalError(status.message());
  }
}

absl::StatusOr<std::optional<DocumentRow>> VaultCore::Find(const std::string& key) const {
  const absl::StatusOr<std::string> row = store.Get(key);
  if (absl::IsNotFound(row.status())) return std::nullopt;
  if (!row.ok()) return row.status();
  absl::StatusOr<DocumentRow> read = DocumentRow::Decode(*row);
  if (!read.ok()) return read.status();
  return *std::move(read);
}

absl::StatusOr<std::vector<std::pair<Digest, DocumentRow>>> VaultCore::All(
    const storage::KeyRange& range) const {
  std::vector<std::pair<Digest, DocumentRow>> rows;
  const auto visit = [&](absl::string_view key, absl::string_view value) -> absl::Status {
    const absl::StatusOr<DocumentName> name = DocumentNameIn(key);
    if (!name.ok()) return name.status();
    absl::StatusOr<DocumentRow> row = DocumentRow::Decode(value);
    if (!row.ok()) return row.status();
    rows.emplace_back(name->document, *std::move(row));
    return absl::OkStatus();
  };
  const auto scanned = store.Scan(range, UINT64_MAX, visit);
  if (!scanned.ok()) return scanned.status();
  return rows;
}

absl::StatusOr<DocumentSecrets> VaultCore::SecretsOf(const PassportId& passport,
                                                     const Digest& document,
                                                     const DocumentRow& row) const {
  const absl::StatusOr<SecretBytes> piece_key = piece_keys.Find(passport, row.owners_time);
  if (absl::IsNotFound(piece_key.status())) {
    return absl::DataLossError("a stored document's key is missing");
  }
  if (!piece_key.ok()) return piece_key.status();
  return DocumentSecrets::Unseal(*piece_key, passport, document, row.sealed);
}

std::string VaultCore::PathOf(const std::string& file) const {
  return absl::StrCat(options.files_directory, "/", file.substr(0, 2), "/", file);
}

}  // namespace touchstone::vault
