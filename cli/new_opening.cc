#include "cli/new_opening.h"

#include <sodium.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/signing/private_file.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::cli {

std::string OpeningPathOf(const std::string& document_path) {
  return absl::StrCat(document_path, ".opening");
}

DocumentOpening NewOpening(const std::optional<PassportId>& passport, v1::Commitment::Kind kind,
                           absl::string_view document, absl::string_view name,
                           absl::string_view media_type) {
  DocumentOpening opening;
  opening.passport = passport;
  opening.kind = v1::Commitment::Kind_Name(kind);
  opening.salt.resize(limits::kDocumentSaltBytes);
  randombytes_buf(opening.salt.data(), opening.salt.size());
  opening.document_sha256 = DocumentDigest(opening.salt, document);
  opening.name = std::string(name);
  opening.media_type = std::string(media_type);
  opening.size = document.size();
  return opening;
}

absl::Status SaveOpening(const std::string& path, const DocumentOpening& opening) {
  std::string text = FormatOpening(opening);
  // What could not be read again would be lost with what it opens.
  if (const absl::Status readable = ParseOpening(text).status(); !readable.ok()) {
    sodium_memzero(text.data(), text.size());
    return InContext(path, readable);
  }
  const absl::StatusOr<SecretBytes> contents = SecretBytes::CopyOf(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  sodium_memzero(text.data(), text.size());
  if (!contents.ok()) return contents.status();
  return CreatePrivateFile(path, *contents);
}

absl::StatusOr<DocumentOpening> KeptOrSaved(const std::string& path, absl::string_view document,
                                            const DocumentOpening& made) {
  if (access(path.c_str(), F_OK) != 0) {
    if (absl::Status saved = SaveOpening(path, made); !saved.ok()) return saved;
    return made;
  }
  absl::StatusOr<DocumentOpening> kept = ReadOpeningFile(path);
  if (!kept.ok()) return kept.status();
  std::string wrong;
  if (!CheckOpens(*kept, document).ok()) wrong = "another document";
  if (kept->kind != made.kind) wrong = absl::StrCat("a document of another kind, ", kept->kind);
  if (kept->passport.has_value() && made.passport.has_value() && kept->passport != made.passport) {
    wrong = absl::StrCat("a document of another piece, ", kept->passport->Format());
  }
  if (wrong.empty()) return kept;
  return absl::AlreadyExistsError(absl::StrCat(
      path, " is there already, and is the opening of ", wrong,
      "; name another file with --opening-out, or move it away (it is not made again: keep it)"));
}

}  // namespace touchstone::cli
