// What the commands have in common that add an entry to a passport: how the piece is named, where
// the passport is saved afterwards, what is said in the end. Not for what the entries say
// (cli/commands/).
#ifndef TOUCHSTONE_CLI_PIECE_STATEMENT_H_
#define TOUCHSTONE_CLI_PIECE_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/context.h"
#include "cli/passport_source.h"
#include "cli/submission.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/digest.h"

namespace touchstone::cli {

// Where the passport goes after an entry was added.
struct PassportOutOptions {
  std::string file;  // not saved if empty
  bool force = false;
};
void AddPassportOutOptions(CLI::App* command, PassportOutOptions* options);

// Asks whether the passport can be saved, and can be at all (with --out nothing is submitted).
absl::Status CheckPassportOut(Context& context, const PassportOutOptions& options,
                              const StatementOptions& statement, const PassportId& id);

// Fetches, verifies and saves the passport, where that was asked for.
absl::Status SavePassportOut(Context& context, const PassportOutOptions& options,
                             const PassportId& id);

struct PieceStatementOptions {
  std::string passport;  // an id or a file
  StatementOptions statement;
  PassportOutOptions passport_out;
};
void AddPieceStatementOptions(CLI::App* command, PieceStatementOptions* options);

// The newest passport of the piece, fetched and verified, when everything in `options` makes sense.
absl::StatusOr<HeldPassport> BeginPieceStatement(Context& context,
                                                 const PieceStatementOptions& options);

// Says that `done` is logged, if there is a receipt, and saves the passport.
absl::Status EndPieceStatement(Context& context, const PieceStatementOptions& options,
                               const std::string& done,
                               const std::optional<VerifiedReceipt>& receipt);

// An entry of the passport that the key signed and whose statement `says` the same; nullptr if
// there is none. A command that is run twice finds what it did the first time.
const TimelineEntry* FindOwnEntry(const HeldPassport& passport, const Digest& key_id,
                                  absl::FunctionRef<bool(const v1::Statement&)> says);

// Says that `entry` is there already, so that nothing was done; for exit status 0.
void ReportAlreadyThere(const Context& context, const VerifiedRecord& record,
                        const TimelineEntry& entry, absl::string_view advice);

// The days that commands default to.
std::string TodayText(const Context& context);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PIECE_STATEMENT_H_
