// Looking a piece up at a registry: its passport, or the proof that there is none, either checked
// before anybody looks into it. Not for passports that somebody has (cli/passport_source.h).
#ifndef TOUCHSTONE_CLI_PIECE_LOOKUP_H_
#define TOUCHSTONE_CLI_PIECE_LOOKUP_H_

#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/passport_name.h"
#include "cli/passport_source.h"
#include "verifier/verify_absence.h"

namespace touchstone::cli {

// An absence file whose every check held, and which is about what was asked for.
struct HeldAbsence {
  std::string file;  // its bytes
  ProvenAbsence absence;
};

using LookedUp = std::variant<HeldPassport, HeldAbsence>;

// Errors: InvalidArgument for a file, and for what cannot be borne; those of the registry; a
// refusal where its answer does not hold; DataLoss where it is about something else.
absl::StatusOr<LookedUp> LookUpPiece(Context& context, const PassportName& name,
                                     AsOf as_of = AsOf::kEither);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PIECE_LOOKUP_H_
