// Grants, as an envelope's bytes and as text: what is read is written back the same, and no key
// has signed it.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/base32.h"
#include "verifier/grant.h"

namespace touchstone {
namespace {

void Check(const absl::StatusOr<SignedGrant>& grant, absl::string_view envelope) {
  if (!grant.ok()) return;
  Expect(grant->envelope().bytes() == envelope, "a grant has one envelope");
  Expect(CheckGrantFields(grant->grant()).ok(), "what is read is what may be made");
  const absl::StatusOr<SignedGrant> again = SignedGrant::ParseText(grant->Format());
  Expect(again.ok() && again->envelope().bytes() == envelope, "a grant has one text");
}

void Fuzz(absl::string_view input) {
  Check(SignedGrant::Parse(input), input);
  const absl::StatusOr<SignedGrant> read = SignedGrant::ParseText(input);
  if (read.ok()) Check(read, read->envelope().bytes());
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
