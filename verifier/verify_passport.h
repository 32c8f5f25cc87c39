// The check of a passport file (docs/FORMAT.md, section 7): the whole of it, offline, from nothing
// but its arguments. Not for making passports.
#ifndef TOUCHSTONE_VERIFIER_VERIFY_PASSPORT_H_
#define TOUCHSTONE_VERIFIER_VERIFY_PASSPORT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/observed.h"
#include "verifier/policy.h"
#include "verifier/verdict.h"

namespace touchstone {

// Checks in the order of docs/FORMAT.md, and stops at the first failure. `file` is the bytes of a
// .passport file; `now_ms` is since 1970-01-01T00:00:00Z, and bears on freshness only.
Verdict VerifyPassport(const TrustPolicy& policy, absl::string_view file, const Observed& observed,
                       uint64_t now_ms);

// The same as a value or the first failure, which carries a refusal code.
absl::StatusOr<VerifiedRecord> CheckPassport(const TrustPolicy& policy, absl::string_view file,
                                             const Observed& observed, uint64_t now_ms);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERIFY_PASSPORT_H_
