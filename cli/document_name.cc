#include "cli/document_name.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "verifier/digest.h"
#include "verifier/limits.h"

namespace touchstone::cli {
namespace {

constexpr size_t kDigestDigits = 12;

struct Ending {
  absl::string_view ending;
  absl::string_view media_type;
};
// The first of a type is the one that is written.
constexpr Ending kEndings[] = {
    {"pdf", "application/pdf"}, {"jpg", "image/jpeg"},        {"jpeg", "image/jpeg"},
    {"png", "image/png"},       {"tif", "image/tiff"},        {"tiff", "image/tiff"},
    {"webp", "image/webp"},     {"heic", "image/heic"},       {"svg", "image/svg+xml"},
    {"mp4", "video/mp4"},       {"mov", "video/quicktime"},   {"txt", "text/plain"},
    {"csv", "text/csv"},        {"json", "application/json"}, {"xml", "application/xml"},
};

}  // namespace

std::string DocumentFileName(const DocumentPart& part, absl::string_view media_type) {
  absl::string_view ending = "bin";
  for (const Ending& one : kEndings) {
    if (one.media_type == media_type) {
      ending = one.ending;
      break;
    }
  }
  return absl::StrCat(absl::StrReplaceAll(DocumentKindText(part), {{" ", "-"}}), "-",
                      DigestToHex(part.digest).substr(0, kDigestDigits), ".", ending);
}

std::string MediaTypeOf(absl::string_view path) {
  for (const Ending& one : kEndings) {
    if (absl::EndsWithIgnoreCase(path, absl::StrCat(".", one.ending))) {
      return std::string(one.media_type);
    }
  }
  return "application/octet-stream";
}

std::string BaseName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != absl::string_view::npos) path.remove_prefix(slash + 1);
  size_t size = std::min(path.size(), limits::kDocumentNameBytesMax);
  // Not in the middle of a character.
  while (size < path.size() && size > 0 &&
         (static_cast<unsigned char>(path[size]) & 0xC0) == 0x80) {
    --size;
  }
  return std::string(path.substr(0, size));
}

}  // namespace touchstone::cli
