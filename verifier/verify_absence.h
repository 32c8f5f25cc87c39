// The check of an absence file (docs/FORMAT.md, section 7): that no piece bears what was looked
// for, as of a checkpoint. Offline, from nothing but its arguments. Not for pieces that there are
// (verifier/verify_passport.h).
#ifndef TOUCHSTONE_VERIFIER_VERIFY_ABSENCE_H_
#define TOUCHSTONE_VERIFIER_VERIFY_ABSENCE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/claim.h"
#include "verifier/index_hash.h"
#include "verifier/passport_id.h"
#include "verifier/policy.h"
#include "verifier/verdict.h"

namespace touchstone {

// What somebody looks for, as the index has it: a passport by its id, or a claim in its normal
// form.
struct Sought {
  static Sought Id(const PassportId& id);
  static Sought Claim(const ClaimSubject& claim) { return {claim.kind, claim.subject}; }

  IndexKind kind = IndexKind::kPassportEntry;  // or one of the claim kinds
  std::string subject;

  friend auto operator<=>(const Sought&, const Sought&) = default;
};

// For people: "passport 17W6-...", "report GIA 2141438167".
std::string DescribeSought(const Sought& sought);

// That as of this checkpoint no piece bears it.
struct ProvenAbsence {
  Sought sought;
  // How many events the claim had before it was free again; 0 if nobody ever made it.
  uint32_t past_events = 0;
  LogEvidence log;
  Freshness freshness;
};

// `file` is the bytes of an .absence file; `now_ms` bears on freshness only. What was looked for is
// for the caller to compare: a registry may answer a question that was not asked. Every error
// carries a refusal code, as those of CheckPassport do; besides, kWrongClaims: a piece does bear
// it.
absl::StatusOr<ProvenAbsence> CheckAbsence(const TrustPolicy& policy, absl::string_view file,
                                           uint64_t now_ms);

struct AbsenceVerdict {
  static AbsenceVerdict From(absl::StatusOr<ProvenAbsence> checked);

  Outcome outcome = Outcome::kRefused;
  std::optional<RefusalReason> reason;   // unless verified
  std::optional<ProvenAbsence> absence;  // if verified
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERIFY_ABSENCE_H_
