// What both implementations of verifier/sha256.h share.
#include "verifier/sha256.h"

namespace touchstone {

Digest Sha256Of(absl::Span<const absl::string_view> parts) {
  Sha256 hash;
  for (const absl::string_view part : parts) hash.Update(part);
  return hash.Final();
}

Digest Sha256Of(absl::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Final();
}

}  // namespace touchstone
