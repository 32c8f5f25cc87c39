// Reads the two files that registries hand out, as far as they can be read without checking what
// is in them; and the part of the check that both have in common. Not for what only passports have
// (verifier/verify_passport.h).
#ifndef TOUCHSTONE_VERIFIER_PASSPORT_FILE_H_
#define TOUCHSTONE_VERIFIER_PASSPORT_FILE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/container.h"
#include "verifier/log_snapshot.h"
#include "verifier/policy.h"
#include "verifier/stewards_state.h"

namespace touchstone {

// Errors: those of OpenContainer and CheckCanonical.
absl::StatusOr<v1::Passport> ReadPassportFile(ContainerType type, absl::string_view file);

// The stewards' chain, checked and folded, of a log that was not closed before the checkpoint's
// last commit. Errors: those of CheckChain and FoldStewards; kLogClosed.
absl::StatusOr<StewardsState> CheckStewards(const TrustPolicy& policy, LogSnapshot& log,
                                            const v1::Chain& chain);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PASSPORT_FILE_H_
