// How a `bytes` field of the public messages reads in JSON, by its name. Not for text-proto, where
// bytes are escaped strings.
#ifndef TOUCHSTONE_CLI_BYTES_TEXT_H_
#define TOUCHSTONE_CLI_BYTES_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// passport_id: as people see it (docs/FORMAT.md, section 11), e.g. "0123-4567-…".
// Digests, keys, key ids, nonces (sha256, *_sha256, digest, builds_on, key, *_key, steward_keys,
//   keys, keyid, key_id, nonce): lower-case hexadecimal.
// Everything else (payload, sig, path, entry, checkpoint, …): base64 with padding.
std::string BytesToText(absl::string_view field_name, absl::string_view bytes);

// The way back, in the field's own form only; hexadecimal digits of either case. InvalidArgument
// says which form is expected.
absl::StatusOr<std::string> BytesFromText(absl::string_view field_name, absl::string_view text);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_BYTES_TEXT_H_
