// What the commands have in common that add one statement of a piece's later life to its passport:
// who signs, and the way from the newest passport to the receipt. Not for what the statements say
// (cli/commands/life_*.cc).
#ifndef TOUCHSTONE_CLI_LIFE_STATEMENT_H_
#define TOUCHSTONE_CLI_LIFE_STATEMENT_H_

#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/piece_statement.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/digest.h"
#include "verifier/event_rules.h"
#include "verifier/signing/secret_key.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// Whose keys sign: of --key, the participant's; of --owner-key, that of whoever holds the piece.
enum class Signers {
  kParticipant,
  kHolder,
  kEither,               // the holder alone where --owner-key is given, else the participant
  kParticipantAndMaybe,  // the participant, and the holder where --owner-key is given
};

struct LifeOptions {
  PieceStatementOptions piece;
  std::string owner_key;
};

// PASSPORT, --out and the like; --owner-key where `signers` can ask for it.
void AddLifeOptions(CLI::App* command, Signers signers, LifeOptions* options);

// One statement: its event, who signs it, what is said when it is logged ("Appraised"), and what
// fills its event in. `more_keys` sign besides.
struct LifeStatement {
  EventKind event = EventKind::kCareRecord;
  Signers signers = Signers::kParticipant;
  std::string done;
  absl::FunctionRef<absl::Status(const VerifiedRecord& record, v1::Statement& statement)> fill;
  std::vector<SecretKey> more_keys = {};
};
absl::Status SayOfPiece(Context& context, const LifeOptions& options, LifeStatement life);

// The entry of the passport with that number. InvalidArgument, naming those that there are.
absl::StatusOr<TimelineEntry> EntryOfNumber(const VerifiedRecord& record, uint32_t number);

// A day that was given, or today.
std::string DayOrToday(const Context& context, const std::string& day);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_LIFE_STATEMENT_H_
