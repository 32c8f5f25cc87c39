#include <cstdio>
#include <memory>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/passport_source.h"
#include "cli/piece_lookup.h"
#include "cli/public_file.h"
#include "cli/reservations.h"
#include "verifier/verdict_json.h"
#include "verifier/verdict_text.h"
#include "verifier/verify_absence.h"

namespace touchstone::cli {
namespace {

struct LookupOptions {
  PassportNameOptions name;
  std::string out_file;
  bool force = false;
  CheckpointChoice checkpoint = CheckpointChoice::kNewest;
};

absl::Status SaveAbsence(const LookupOptions& options, const std::string& file) {
  if (options.out_file.empty()) return absl::OkStatus();
  absl::Status status = WritePublicFile(options.out_file, file, options.force);
  if (status.ok() && options.out_file != "-") {
    std::fprintf(stderr, "Saved %s (%zu bytes, verified).\n", options.out_file.c_str(),
                 file.size());
  }
  return status;
}

// What is printed of an answer, and what keeps it from being one to go on with.
struct Shown {
  absl::Status saved;
  std::string text;
  Reservations reservations;
};

Shown Show(Context& context, const LookupOptions& options, const HeldPassport& passport) {
  Shown shown;
  if (!options.out_file.empty()) {
    shown.saved = SavePassport(context, options.out_file, passport, options.force);
  }
  const Verdict verdict = Verdict::FromRecord(passport.record);
  shown.text = context.options().json ? VerdictToJson(verdict) : VerdictToText(verdict);
  ReserveRecord(passport.record, {}, &shown.reservations);
  return shown;
}

Shown Show(Context& context, const LookupOptions& options, const HeldAbsence& held) {
  Shown shown;
  shown.saved = SaveAbsence(options, held.file);
  const AbsenceVerdict verdict = AbsenceVerdict::From(held.absence);
  shown.text =
      context.options().json ? AbsenceVerdictToJson(verdict) : AbsenceVerdictToText(verdict);
  ReserveFreshness(held.absence.freshness, {}, &shown.reservations);
  return shown;
}

absl::Status Lookup(Context& context, const LookupOptions& options, CommandResult* result) {
  const absl::StatusOr<PassportName> name = PassportNameFromOptions(options.name);
  if (!name.ok()) return name.status();
  const absl::StatusOr<LookedUp> found =
      LookUpPiece(context, *name, AsOfChoice(options.checkpoint));
  if (!found.ok()) return found.status();
  const Shown shown = std::visit(
      [&context, &options](const auto& answer) { return Show(context, options, answer); }, *found);
  result->exit_status = shown.reservations.exit_status();
  if (!shown.saved.ok()) return shown.saved;
  const std::string last_line = shown.reservations.Text();
  // JSON and files stay what they are.
  if (options.out_file == "-" || context.options().json) {
    std::fputs(last_line.c_str(), stderr);
    return options.out_file == "-" ? absl::OkStatus() : WritePublicFile("-", shown.text, false);
  }
  return WritePublicFile("-", absl::StrCat(shown.text, last_line), false);
}

}  // namespace

void AddLookupCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand(
             "lookup",
             "Whether a piece bears an inscription, a report number, a GTIN with serial "
             "or an id: its passport, or the proof that there is none")
          ->group("Checking");
  command->footer(
      "Either answer is proven and checked here; the registry's word alone is never believed. "
      "Exit\n"
      "status 0 for both: --json tells them apart by \"touchstone_verdict\" and\n"
      "\"touchstone_absence_verdict\". As with `touchstone verify`, 1 or 4 if the answer is one "
      "not to\n"
      "go on with: it is too old, or the piece disputed, lost, doubted or at its end. A saved "
      "proof is\n"
      "checked again by `touchstone verify FILE`.");
  auto options = std::make_shared<LookupOptions>();
  AddPassportNameOptions(command, &options->name);
  command->add_option("--out", options->out_file, "Where to save the passport, or the proof")
      ->type_name("FILE");
  command->add_flag("--force", options->force, "Replace whatever is there");
  AddCosignedOption(command, &options->checkpoint);
  command->callback([=] { result->status = Lookup(*context, *options, result); });
}

}  // namespace touchstone::cli
