// Trust policies: a quorum that was read is met by all witnesses, and by none only if there is
// none.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tests/fuzz/expect.h"
#include "verifier/policy.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  const absl::StatusOr<TrustPolicy> policy = TrustPolicy::Parse(input);
  if (!policy.ok()) {
    Expect(!policy.status().message().empty(), "a refusal says why");
    return;
  }
  Expect(!policy->origin().empty(), "a policy names its log");
  if (!policy->quorum().has_value()) return;
  std::vector<std::optional<uint64_t>> times(policy->witnesses().size());
  Expect(!QuorumTime(*policy->quorum(), times).has_value(), "no witness is no quorum");
  for (auto& time : times) time = 7;
  Expect(QuorumTime(*policy->quorum(), times) == 7, "all witnesses are a quorum");
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
