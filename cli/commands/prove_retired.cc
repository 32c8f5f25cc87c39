#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"

namespace touchstone::cli {
namespace {

absl::Status ProveRetired(Context& context, const std::string& path, const std::string& out_file) {
  const PassportFile name{path};
  const absl::StatusOr<std::string> before = GetPassportBytes(context, name);
  if (!before.ok()) return before.status();
  const absl::StatusOr<HeldPassport> proven = GetHeldPassport(context, name);
  if (!proven.ok()) return proven.status();
  const std::string& out = out_file.empty() ? path : out_file;
  if (proven->file == *before) {
    std::fprintf(stderr, "%s verifies as it is; nothing was added.\n", path.c_str());
    if (out == path) return absl::OkStatus();
  }
  return SavePassport(context, out, *proven, /*force=*/false);
}

}  // namespace

void AddProveRetiredCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("prove-retired",
                          "Have an old passport file verify though its log key was retired")
          ->group("Checking");
  command->footer(
      "Asks the registry for the proof that the log in the file is the one that went on, checks "
      "it,\n"
      "and keeps it in the file, which then verifies offline under the policy with the `retired`\n"
      "line. `refresh` fetches a newer passport instead, which needs no such proof.");
  auto path = std::make_shared<std::string>();
  auto out_file = std::make_shared<std::string>();
  command->add_option("FILE", *path, "The .passport file")->required();
  command->add_option("--out", *out_file, "Save it there, and leave the file as it is")
      ->type_name("FILE");
  command->callback([=] { result->status = ProveRetired(*context, *path, *out_file); });
}

}  // namespace touchstone::cli
