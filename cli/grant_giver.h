// Whether a grant was given by who may give it, as a verified passport has it. What a registry asks
// too; not for whether it was withdrawn, which only the registry knows.
#ifndef TOUCHSTONE_CLI_GRANT_GIVER_H_
#define TOUCHSTONE_CLI_GRANT_GIVER_H_

#include <optional>

#include "absl/status/status.h"
#include "verifier/grant.h"
#include "verifier/public_key.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// The owner's key, who alone gives grants; nothing while the piece is unclaimed, with the store or
// on consignment, and once it is retired.
std::optional<PublicKey> PresentOwnerOf(const VerifiedRecord& record);

// kWrongGrantee: it is for another piece. kGrantWithdrawn: it was given by another key than the
// present owner's. Those of SignedGrant::CheckSignedBy.
absl::Status CheckGivenByOwner(const SignedGrant& grant, const VerifiedRecord& record);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_GRANT_GIVER_H_
