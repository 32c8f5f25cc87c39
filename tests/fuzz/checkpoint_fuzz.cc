// Checkpoints and their notes under a policy: what is read is written back the same, and only the
// published note is believed.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "tests/verifier/published_checkpoint.h"
#include "verifier/checkpoint.h"
#include "verifier/policy.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  if (const absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Parse(input); checkpoint.ok()) {
    Expect(checkpoint->Format() == input, "a checkpoint has one text");
  }
  static const absl::StatusOr<TrustPolicy> policy = TrustPolicy::Parse(kPublishedPolicy);
  if (const absl::StatusOr<VerifiedCheckpoint> verified =
          VerifyProvisionalCheckpointNote(*policy, input);
      verified.ok()) {
    Expect(verified->checkpoint.Format() == kPublishedText, "that log signed one checkpoint only");
  }
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
