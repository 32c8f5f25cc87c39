// Makes what the registry hands out, passport, cards and absence files and receipts, from one
// published state: all proofs lead to its one checkpoint (docs/FORMAT.md, section 7). Not for
// judging them (verifier/verify_passport.h and its neighbours).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_ASSEMBLY_H_
#define TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_ASSEMBLY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/published.h"
#include "registry/ledger/receipt.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"
#include "verifier/verify_absence.h"

namespace touchstone::ledger {

// Errors of all: as of the store; kDataLoss.

// kNoSuchSubject where there is none.
absl::StatusOr<std::string> AssemblePassport(const Published& state, const PassportId& id);

absl::StatusOr<std::string> AssembleCards(const Published& state);

// That no piece bears `sought`, which is so.
absl::StatusOr<std::string> AssembleAbsence(const Published& state, const Sought& sought);

// The receipt for the statement entry with that frame at `position`, whose own
// leaf in the index has the key `leaf_key`.
absl::StatusOr<Receipt> AssembleReceipt(const Published& state, uint64_t position,
                                        absl::string_view frame, const Digest& leaf_key);
// The same for an entry that is to be read from the store.
absl::StatusOr<Receipt> AssembleStoredReceipt(const Published& state, uint64_t position);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_ASSEMBLY_H_
