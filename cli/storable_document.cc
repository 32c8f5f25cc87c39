#include "cli/storable_document.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/claim_code_page.h"
#include "cli/opening_file.h"
#include "verifier/limits.h"
#include "verifier/utf8.h"

namespace touchstone::cli {
namespace {

bool IsKeyFile(absl::string_view text) {
  return absl::StartsWith(text, "touchstone-key v") ||
         absl::StartsWith(text, "touchstone-secret v");
}

absl::string_view SecretKind(absl::string_view document) {
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(document);
  if (IsKeyFile(text)) return "a key file: whoever reads it may act with the key";
  if (IsClaimCodePage(document)) return "a claim code: whoever reads it may claim the piece";
  if (IsOpening(document)) return "the opening of a document, which belongs beside it";
  return "";
}

absl::Status CheckText(absl::string_view what, absl::string_view text, size_t bytes_max) {
  if (text.size() > bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " has ", text.size(), " bytes; at most ", bytes_max));
  }
  if (std::any_of(text.begin(), text.end(),
                  [](unsigned char c) { return absl::ascii_iscntrl(c); })) {
    return absl::InvalidArgumentError(absl::StrCat(what, " holds a control character"));
  }
  if (!ValidateUtf8(text).ok()) {
    return absl::InvalidArgumentError(absl::StrCat(what, " is not UTF-8"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckStorable(const std::string& path, absl::string_view document) {
  if (document.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is empty: there is nothing to keep"));
  }
  const absl::string_view secret = SecretKind(document);
  if (secret.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path, " is ", secret, ", and no document; nothing was sent"));
}

absl::Status CheckStorableName(absl::string_view name, absl::string_view media_type) {
  absl::Status status =
      CheckText("the file's name (rename it)", name, limits::kDocumentNameBytesMax);
  if (!status.ok()) return status;
  return CheckText("--media-type", media_type, limits::kMediaTypeBytesMax);
}

}  // namespace touchstone::cli
