// SHA-256 (FIPS 180-4). There are two implementations of this one interface, chosen when a program
// is linked: touchstone_sha256_sodium (the small verifier, which links libsodium only) and
// touchstone_sha256_openssl (servers; several times faster on processors with SHA instructions).
// Not for keyed hashes or passwords.
#ifndef TOUCHSTONE_VERIFIER_SHA256_H_
#define TOUCHSTONE_VERIFIER_SHA256_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/digest.h"

namespace touchstone {

// A hash under way. A copy of one that has read a prefix continues from that prefix.
class Sha256 {
 public:
  Sha256();

  void Update(absl::string_view bytes);

  // The digest of everything read so far. Afterwards the object may only be assigned or destroyed.
  Digest Final();

 private:
  static constexpr size_t kStateBytes = 128;
  alignas(16) unsigned char state_[kStateBytes];
};

// The digest of the concatenated parts.
Digest Sha256Of(absl::Span<const absl::string_view> parts);
Digest Sha256Of(absl::string_view bytes);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SHA256_H_
