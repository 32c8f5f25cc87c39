#include "verifier/freshness.h"

#include <limits>

namespace touchstone {
namespace {

// Times come from outside: a witness may claim any second.
uint64_t MillisecondsOf(uint64_t seconds) {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  return seconds > kMax / 1000 ? kMax : seconds * 1000;
}

FreshnessKind KindOf(const Freshness& freshness) {
  if (freshness.as_of_ms > freshness.now_ms &&
      freshness.as_of_ms - freshness.now_ms > kClockSkewMsMax) {
    return FreshnessKind::kClockBehind;
  }
  if (!freshness.max_age_ms) return FreshnessKind::kNoMaxAge;
  return freshness.age_ms > *freshness.max_age_ms ? FreshnessKind::kStale
                                                  : FreshnessKind::kWithinMaxAge;
}

}  // namespace

LogEvidence EvidenceOf(const TrustPolicy& policy, const LogSnapshot& log,
                       const StewardsState& stewards) {
  const VerifiedCheckpoint& verified = log.verified();
  LogEvidence evidence;
  evidence.origin = verified.checkpoint.origin();
  evidence.operator_name = stewards.operator_name();
  evidence.size = verified.checkpoint.size();
  evidence.root = verified.checkpoint.root();
  evidence.signed_by_retired_key = verified.retired.has_value();
  evidence.quorum_asked = policy.quorum().has_value();
  for (const WitnessCosignature& cosignature : verified.cosignatures) {
    evidence.witnesses.push_back(
        {policy.witnesses()[cosignature.witness].name, cosignature.time_seconds});
  }
  return evidence;
}

Freshness FreshnessOf(const TrustPolicy& policy, const LogSnapshot& log,
                      const StewardsState& stewards, uint64_t now_ms) {
  Freshness freshness;
  freshness.by_witnesses = log.verified().quorum_time_seconds.has_value();
  freshness.as_of_ms =
      freshness.by_witnesses ? MillisecondsOf(*log.verified().quorum_time_seconds) : log.time_ms();
  freshness.now_ms = now_ms;
  freshness.age_ms = now_ms > freshness.as_of_ms ? now_ms - freshness.as_of_ms : 0;
  if (policy.max_age_seconds()) freshness.max_age_ms = MillisecondsOf(*policy.max_age_seconds());
  freshness.kind = KindOf(freshness);
  if (stewards.closing()) {
    freshness.kind = FreshnessKind::kFinal;
    freshness.continued_at = stewards.closing()->continued_at;
    freshness.closing_reason = stewards.closing()->reason;
  }
  return freshness;
}

}  // namespace touchstone
