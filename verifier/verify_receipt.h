// The submitter's check of what a registry answers: that the very envelope that was sent is in the
// log, and stays findable in the index. Not for passports (verifier/verify_passport.h).
#ifndef TOUCHSTONE_VERIFIER_VERIFY_RECEIPT_H_
#define TOUCHSTONE_VERIFIER_VERIFY_RECEIPT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/chain_head.h"
#include "verifier/digest.h"
#include "verifier/envelope.h"
#include "verifier/policy.h"
#include "verifier/statement.h"

namespace touchstone {

struct VerifiedReceipt {
  Subject subject;
  EventKind event = EventKind::kRegistration;
  uint32_t number = 0;  // within the subject
  EntryPlace place;     // position, the registry's time, the entry's digest
  uint64_t log_size = 0;
  Digest log_root = {};
  // False while the witnesses that the policy asks for have not cosigned yet.
  bool quorum_met = false;
};

// `receipt` is the bytes of touchstone.v1.Receipt, `sent` the envelope that was submitted. Errors:
// those of VerifyProvisionalCheckpointNote; kBadInclusionProof, kBadIndexProof; kWrongReceipt (for
// another submission); those of reading statement and entry.
absl::StatusOr<VerifiedReceipt> VerifyReceipt(const TrustPolicy& policy, absl::string_view receipt,
                                              const Envelope& sent);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERIFY_RECEIPT_H_
