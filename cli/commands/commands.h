// All commands of `touchstone`: each function adds one to the program, with its options, its help
// and what it does. A command leaves what became of it in `result`.
#ifndef TOUCHSTONE_CLI_COMMANDS_COMMANDS_H_
#define TOUCHSTONE_CLI_COMMANDS_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "cli/context.h"
#include "cli/exit_status.h"

namespace touchstone::cli {

// What a command ends with: an error to print, or an exit status of its own where it has already
// said everything (a verdict).
struct CommandResult {
  absl::Status status;
  ExitStatus exit_status = kExitOk;  // where `status` is OK
};

// Pieces.
void AddRegisterCommand(CLI::App* app, Context* context, CommandResult* result);
void AddImportCommand(CLI::App* app, Context* context, CommandResult* result);
void AddReportCommand(CLI::App* app, Context* context, CommandResult* result);
void AddCareCommand(CLI::App* app, Context* context, CommandResult* result);
void AddStoneRemovedCommand(CLI::App* app, Context* context, CommandResult* result);
void AddEndOfLifeCommand(CLI::App* app, Context* context, CommandResult* result);
void AddResolveCommand(CLI::App* app, Context* context, CommandResult* result);
void AddAssayCommand(CLI::App* app, Context* context, CommandResult* result);
void AddModifyCommand(CLI::App* app, Context* context, CommandResult* result);
void AddAppraiseCommand(CLI::App* app, Context* context, CommandResult* result);
void AddCustodyCommand(CLI::App* app, Context* context, CommandResult* result);
void AddCorrectCommand(CLI::App* app, Context* context, CommandResult* result);
void AddEntitlementCommand(CLI::App* app, Context* context, CommandResult* result);
void AddDocumentCommand(CLI::App* app, Context* context, CommandResult* result);
// More of `document`, which is there already: its vault.
void AddDocumentPutCommands(CLI::App* app, Context* context, CommandResult* result);
void AddDocumentAccessCommands(CLI::App* app, Context* context, CommandResult* result);
void AddDocumentEraseCommand(CLI::App* app, Context* context, CommandResult* result);
void AddIncidentCommand(CLI::App* app, Context* context, CommandResult* result);
void AddGetCommand(CLI::App* app, Context* context, CommandResult* result);
void AddRefreshCommand(CLI::App* app, Context* context, CommandResult* result);
void AddShowCommand(CLI::App* app, Context* context, CommandResult* result);
void AddQrCommand(CLI::App* app, Context* context, CommandResult* result);
void AddPiecesCommand(CLI::App* app, Context* context, CommandResult* result);

// Owners.
void AddSellCommand(CLI::App* app, Context* context, CommandResult* result);
void AddClaimCommand(CLI::App* app, Context* context, CommandResult* result);
void AddTransferCommand(CLI::App* app, Context* context, CommandResult* result);
void AddOfferCommand(CLI::App* app, Context* context, CommandResult* result);
void AddNoticeCommand(CLI::App* app, Context* context, CommandResult* result);
void AddPledgeCommand(CLI::App* app, Context* context, CommandResult* result);
void AddOwnershipCommand(CLI::App* app, Context* context, CommandResult* result);

// Who else may see, and what they take away.
void AddGrantCommand(CLI::App* app, Context* context, CommandResult* result);
void AddAccessCommand(CLI::App* app, Context* context, CommandResult* result);
void AddInsurerPackCommand(CLI::App* app, Context* context, CommandResult* result);

// Setting up.
void AddInitCommand(CLI::App* app, Context* context, CommandResult* result);
void AddKeygenCommand(CLI::App* app, Context* context, CommandResult* result);
void AddKeyCommand(CLI::App* app, Context* context, CommandResult* result);

// Signing by several people, by files.
void AddSignCommand(CLI::App* app, Context* context, CommandResult* result);
void AddCombineCommand(CLI::App* app, Context* context, CommandResult* result);
void AddSubmitCommand(CLI::App* app, Context* context, CommandResult* result);

// What the stewards say.
void AddParticipantCommand(CLI::App* app, Context* context, CommandResult* result);
void AddStewardsCommand(CLI::App* app, Context* context, CommandResult* result);
void AddLogCommand(CLI::App* app, Context* context, CommandResult* result);
void AddCardCommand(CLI::App* app, Context* context, CommandResult* result);

// Checking.
void AddVerifyCommand(CLI::App* app, Context* context, CommandResult* result);
void AddWatchCommand(CLI::App* app, Context* context, CommandResult* result);
void AddLookupCommand(CLI::App* app, Context* context, CommandResult* result);
void AddProveRetiredCommand(CLI::App* app, Context* context, CommandResult* result);
void AddCheckpointCommand(CLI::App* app, Context* context, CommandResult* result);
void AddAuditCommand(CLI::App* app, Context* context, CommandResult* result);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_COMMANDS_COMMANDS_H_
