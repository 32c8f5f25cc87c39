// What may go into a vault, judged before anything is logged of it: no secret of this program's own
// that somebody took for a document, and nothing that the registry refuses for how it is called.
// Not for whose documents are whose (registry/vault/rights.h).
#ifndef TOUCHSTONE_CLI_STORABLE_DOCUMENT_H_
#define TOUCHSTONE_CLI_STORABLE_DOCUMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// InvalidArgument, naming the path, for an empty document, a key file, an issuer's secret, a claim
// code and an opening. Messages quote nothing of it.
absl::Status CheckStorable(const std::string& path, absl::string_view document);

// InvalidArgument unless a document may be stored under that name and media type.
absl::Status CheckStorableName(absl::string_view name, absl::string_view media_type);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_STORABLE_DOCUMENT_H_
