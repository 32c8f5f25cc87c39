// How much room the log gives to each subject, so that every passport fits its file
// (registry/limits.h). The rules' own quota on the number of entries is the verifier's
// (verifier/authorization.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_QUOTAS_H_
#define TOUCHSTONE_REGISTRY_LEDGER_QUOTAS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/passport_book.h"
#include "registry/ledger/submission.h"

namespace touchstone::ledger {

// OK if there is room for one more entry with a frame of `frame_bytes`; kQuotaExceeded otherwise.
// The record before is null for the first entry.

// `vouching`: who vouches for it, null for claim and transfer.
absl::Status CheckPassportRoom(const PassportBook* before, const Submission& submission,
                               size_t frame_bytes, const ParticipantState* vouching);
absl::Status CheckParticipantRoom(const ParticipantRecord* before, const Submission& submission,
                                  size_t frame_bytes);
absl::Status CheckStewardsRoom(const StewardsRecord* before, const Submission& submission,
                               size_t frame_bytes);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_QUOTAS_H_
