// Who is enrolled, as the registry tells it: the participants' chains, folded. Nothing is proven
// here; a passport proves the chains of those who signed it.
#ifndef TOUCHSTONE_CLI_PARTICIPANT_DIRECTORY_H_
#define TOUCHSTONE_CLI_PARTICIPANT_DIRECTORY_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/context.h"
#include "verifier/participant_id.h"
#include "verifier/participant_state.h"
#include "verifier/public_key.h"

namespace touchstone::cli {

// All participants, by id. Errors: those of the registry; DataLoss for chains that are none.
absl::StatusOr<std::vector<ParticipantState>> FetchParticipants(Context& context);

// Whether `key` speaks for `participant`, as far as the registry knows: for asking before something
// is derived from a name that may be mistyped. InvalidArgument, naming whose key it is; OK where
// the key is nobody's or not valid, of which the registry says more when it is submitted to.
absl::Status CheckKeyIsOf(Context& context, const ParticipantId& participant, const PublicKey& key);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PARTICIPANT_DIRECTORY_H_
