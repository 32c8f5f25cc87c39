#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/passport_changes.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/reservations.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

absl::Status Refresh(Context& context, const std::string& path, const std::string& out_file,
                     CheckpointChoice checkpoint, CommandResult* result) {
  const PassportFile name{path};
  const absl::StatusOr<HeldPassport> held = GetHeldPassport(context, name);
  if (!held.ok()) return held.status();
  // Also that the registry's log goes on from the one in the file.
  const absl::StatusOr<HeldPassport> newest =
      FetchNewestPassport(context, name, AsOfChoice(checkpoint));
  if (!newest.ok()) {
    return InContext(absl::StrCat(path, " was left as it is"), WithCosignedHint(newest.status()));
  }
  const absl::StatusOr<PassportChanges> changes = ChangesBetween(held->record, newest->record);
  if (!changes.ok()) return changes.status();
  const absl::Status saved =
      SavePassport(context, out_file.empty() ? path : out_file, *newest, /*force=*/false);
  if (!saved.ok()) return saved;
  Reservations reservations;
  ReserveRecord(newest->record, {}, &reservations);
  result->exit_status = reservations.exit_status();
  const std::string last_line = reservations.Text();
  if (context.options().json) {
    std::fputs(last_line.c_str(), stderr);
    return WritePublicFile("-", ChangesToJson(*changes, held->record, newest->record), false);
  }
  return WritePublicFile(
      "-", absl::StrCat(ChangesToText(*changes, held->record, newest->record), last_line), false);
}

}  // namespace

void AddRefreshCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("refresh", "Fetch a passport anew, and say what has changed since")
          ->group("Pieces");
  command->footer(
      "The newer passport is verified, and so is that its log goes on from the one in the file; "
      "only\n"
      "then is the file replaced. Exit status as `touchstone verify` has it for the newer one: 1 "
      "or "
      "4 if\n"
      "it is disputed, lost, doubted, at its end, or too old.");
  auto path = std::make_shared<std::string>();
  auto out_file = std::make_shared<std::string>();
  command->add_option("FILE", *path, "The .passport file")->required();
  command->add_option("--out", *out_file, "Save it there, and leave the file as it is")
      ->type_name("FILE");
  auto checkpoint = std::make_shared<CheckpointChoice>(CheckpointChoice::kNewest);
  AddCosignedOption(command, checkpoint.get());
  command->callback(
      [=] { result->status = Refresh(*context, *path, *out_file, *checkpoint, result); });
}

}  // namespace touchstone::cli
