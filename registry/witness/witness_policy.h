// Whom a registry asks to cosign: a trust policy (verifier/policy.h) of which every witness has a
// URL to be asked at.
#ifndef TOUCHSTONE_REGISTRY_WITNESS_WITNESS_POLICY_H_
#define TOUCHSTONE_REGISTRY_WITNESS_WITNESS_POLICY_H_

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/witness/http_url.h"
#include "verifier/policy.h"
#include "verifier/signed_note.h"

namespace touchstone::witness {

class WitnessPolicy {
 public:
  // Errors: as TrustPolicy::Parse; kInvalidArgument: its log is not `log_key`, it asks for no
  // quorum, or a witness has no URL, or none that can be asked. Messages are for the operator.
  static absl::StatusOr<WitnessPolicy> Parse(absl::string_view text, const VerifierKey& log_key);

  const TrustPolicy& policy() const { return policy_; }
  // In the order of policy().witnesses().
  const std::vector<HttpUrl>& urls() const { return urls_; }

 private:
  WitnessPolicy(TrustPolicy policy, std::vector<HttpUrl> urls)
      : policy_(std::move(policy)), urls_(std::move(urls)) {}

  TrustPolicy policy_;
  std::vector<HttpUrl> urls_;
};

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_REGISTRY_WITNESS_WITNESS_POLICY_H_
