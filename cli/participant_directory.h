// Who is enrolled, as the registry tells it: the participants' chains, folded. Nothing is proven
// here; a passport proves the chains of those who signed it.
#ifndef TOUCHSTONE_CLI_PARTICIPANT_DIRECTORY_H_
#define TOUCHSTONE_CLI_PARTICIPANT_DIRECTORY_H_

#include <vector>

#include "absl/status/statusor.h"
#include "cli/context.h"
#include "verifier/participant_state.h"

namespace touchstone::cli {

// All participants, by id. Errors: those of the registry; DataLoss for chains that are none.
absl::StatusOr<std::vector<ParticipantState>> FetchParticipants(Context& context);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PARTICIPANT_DIRECTORY_H_
