// Index proofs: what is read is written back the same, and no proof shows a key both present and
// absent.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/index_proof.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  const absl::StatusOr<IndexProof> proof = ParseIndexProof(input);
  if (!proof.ok()) return;
  Expect(EncodeIndexProof(*proof) == input, "an index proof has one encoding");
  const Digest key = Sha256Of("key");
  const Digest value = Sha256Of("value");
  // Nothing that a fuzzer finds leads to this root.
  const Digest root = Sha256Of("root");
  Expect(!VerifyIndexPresent(root, key, value, *proof).ok(), "the root binds what is present");
  Expect(!VerifyIndexAbsent(root, key, *proof).ok(), "the root binds what is absent");
  Expect(VerifyIndexAbsent(kZeroDigest, key, *proof).ok() ==
             (proof->siblings.empty() && proof->terminal == IndexTerminal::kEmpty),
         "an empty index is shown in one way only");
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
