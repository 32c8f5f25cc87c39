#include "cli/description_file.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/json_reader.h"
#include "cli/message_description.h"
#include "cli/public_file.h"
#include "verifier/utf8.h"

namespace touchstone::cli {

absl::StatusOr<std::string> ReadDescriptionFile(absl::string_view type, const std::string& path) {
  const absl::StatusOr<std::string> text = ReadPublicFile(path, kJsonBytesMax);
  if (!text.ok()) return text.status();
  if (!ValidateUtf8(*text).ok() || text->find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is not a text in UTF-8, and so no description"));
  }
  absl::StatusOr<std::string> bytes = MessageFromDescription(type, *text);
  if (bytes.ok()) return bytes;
  const std::string where = absl::StrCat(path, ": ");
  return absl::Status(
      bytes.status().code(),
      absl::StrCat(where, absl::StrReplaceAll(bytes.status().message(),
                                              {{"\n", absl::StrCat("\n", where)}})));
}

}  // namespace touchstone::cli
