#include "registry/witness/witness_policy.h"

#include "absl/strings/str_cat.h"

namespace touchstone::witness {

absl::StatusOr<WitnessPolicy> WitnessPolicy::Parse(absl::string_view text,
                                                   const VerifierKey& log_key) {
  absl::StatusOr<TrustPolicy> policy = TrustPolicy::Parse(text);
  if (!policy.ok()) return policy.status();
  if (!(policy->log_key() == log_key)) {
    return absl::InvalidArgumentError(absl::StrCat("its log is ", policy->log_key().Format(),
                                                   ", and this registry's is ", log_key.Format(),
                                                   ": the cosignatures would be for another log"));
  }
  if (!policy->quorum().has_value()) {
    return absl::InvalidArgumentError(
        "its quorum is 'none', so there is nothing to ask witnesses for: name a witness or a group "
        "in the quorum line, or leave the policy out");
  }
  std::vector<HttpUrl> urls;
  for (const PolicyWitness& witness : policy->witnesses()) {
    if (witness.url.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the witness '", witness.name,
                       "' has no URL to be asked at: witness <name> <vkey> <url>"));
    }
    absl::StatusOr<HttpUrl> url = ParseHttpUrl(witness.url);
    if (!url.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the witness '", witness.name, "': ", url.status().message()));
    }
    urls.push_back(*std::move(url));
  }
  return WitnessPolicy(*std::move(policy), std::move(urls));
}

}  // namespace touchstone::witness
