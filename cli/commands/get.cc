// get, show: passports from the registry or from files, verified before they are saved or shown.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/passport_source.h"
#include "cli/passport_text.h"
#include "cli/public_file.h"
#include "verifier/refusal.h"
#include "verifier/verdict_json.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

struct GetOptions {
  PassportNameOptions name;
  std::string out_file;
  bool force = false;
  bool unverified = false;
  CheckpointChoice checkpoint = CheckpointChoice::kNewest;
};

// The id without its check symbol, which may be one that shells take for something else.
std::string DefaultFile(const PassportId& id) {
  std::string text = id.Format();
  text.pop_back();
  return absl::StrCat(text, ".passport");
}

absl::Status Get(Context& context, const GetOptions& options) {
  const absl::StatusOr<PassportName> name = PassportNameFromOptions(options.name);
  if (!name.ok()) return name.status();
  if (options.unverified) {
    if (options.out_file.empty()) {
      return absl::InvalidArgumentError("--unverified needs --out FILE: what comes has no name");
    }
    const absl::StatusOr<std::string> file = GetPassportBytes(context, *name, options.checkpoint);
    if (!file.ok()) return file.status();
    const absl::Status written = WritePublicFile(options.out_file, *file, options.force);
    if (written.ok()) {
      std::fprintf(stderr, "Saved %s as it came, unverified: believe nothing of it.\n",
                   options.out_file.c_str());
    }
    return written;
  }
  const absl::StatusOr<HeldPassport> passport =
      FetchNewestPassport(context, *name, AsOfChoice(options.checkpoint));
  if (!passport.ok()) {
    // What does not verify is not saved; whoever wants to look into it can say so.
    if (!RefusalCodeOf(passport.status()).has_value()) return passport.status();
    return SameRefusal(passport.status(),
                       absl::StrCat("what the registry sent does not hold, and was not saved: ",
                                    WithCosignedHint(passport.status()).message(),
                                    " (--unverified --out FILE saves it all the same)"));
  }
  const VerifiedRecord& record = passport->record;
  std::string out_file = options.out_file;
  if (out_file.empty()) {
    out_file = std::holds_alternative<PassportFile>(*name) ? std::get<PassportFile>(*name).path
                                                           : DefaultFile(record.passport_id);
  }
  const absl::Status saved = SavePassport(context, out_file, *passport, options.force);
  if (!saved.ok() || out_file == "-") return saved;
  if (context.options().json) {
    std::printf("%s", VerdictToJson(Verdict::FromRecord(record)).c_str());
  } else {
    std::printf("%s: %s\n", PlainText(record.piece.title()).c_str(),
                DescribeHolding(record.status).c_str());
  }
  return absl::OkStatus();
}

absl::Status Show(Context& context, const PassportNameOptions& options) {
  const absl::StatusOr<PassportName> name = PassportNameFromOptions(options);
  if (!name.ok()) return name.status();
  const absl::StatusOr<HeldPassport> passport = GetPassport(context, *name);
  if (!passport.ok()) return passport.status();
  const std::string text = context.options().json
                               ? VerdictToJson(Verdict::FromRecord(passport->record))
                               : PassportToText(passport->record, context.OutputTerminal());
  return WritePublicFile("-", text, false);
}

}  // namespace

void AddGetCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("get", "Fetch a passport, verify it, save it")->group("Pieces");
  command->footer(
      "Given a file, fetches what the registry has now, checks that its log goes on from the one "
      "in\n"
      "the file, and replaces the file.");
  auto options = std::make_shared<GetOptions>();
  AddPassportNameOptions(command, &options->name);
  command
      ->add_option("--out", options->out_file,
                   "Where to save it (default: a name made of its id, or the file itself)")
      ->type_name("FILE");
  command->add_flag("--force", options->force, "Replace whatever is there");
  command->add_flag("--unverified", options->unverified,
                    "Save what the registry sends without looking at it");
  AddCosignedOption(command, &options->checkpoint);
  command->callback([=] { result->status = Get(*context, *options); });
}

void AddShowCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("show", "A piece and its history, for reading")->group("Pieces");
  command->footer("A file is shown as it is, with no network; everything else is fetched first.");
  auto options = std::make_shared<PassportNameOptions>();
  AddPassportNameOptions(command, options.get());
  command->callback([=] { result->status = Show(*context, *options); });
}

}  // namespace touchstone::cli
