// Names and media types of documents: the names under which they are written here, which are made
// here and never come from the registry, and types by the ends of names. Not for what is in them.
#ifndef TOUCHSTONE_CLI_DOCUMENT_NAME_H_
#define TOUCHSTONE_CLI_DOCUMENT_NAME_H_

#include <string>

#include "absl/strings/string_view.h"
#include "verifier/document_part.h"

namespace touchstone::cli {

// "receipt-1a2b3c4d5e6f.pdf": kind, the first digits of what the log holds of it, and an ending by
// its type; letters, digits, '-' and one '.' only, whatever is passed.
std::string DocumentFileName(const DocumentPart& part, absl::string_view media_type);

// By the end of the name, "image/jpeg"; "application/octet-stream" where that says nothing.
std::string MediaTypeOf(absl::string_view path);

// What stands behind the last '/', cut to what the vault takes for a name.
std::string BaseName(absl::string_view path);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_DOCUMENT_NAME_H_
