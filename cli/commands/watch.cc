#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/commands/commands.h"
#include "cli/duration_text.h"
#include "cli/passport_name.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/watch/watch_run.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

constexpr size_t kListBytesMax = size_t{1} << 20;

struct WatchCommandOptions {
  std::vector<std::string> passports;
  std::string list_file;
  std::vector<std::string> kinds;
  std::string check_every = "1h";
  std::string silence_max = "2m";
  WatchOptions watch;
};

absl::Status AddPassport(Context& context, const std::string& argument, WatchOptions& options) {
  const absl::StatusOr<PassportName> name = PassportNameFromArgument(argument);
  if (!name.ok()) return name.status();
  absl::StatusOr<PassportId> id = absl::InvalidArgumentError("no passport");
  if (const auto* named = std::get_if<PassportId>(&*name)) {
    id = *named;
  } else {
    const absl::StatusOr<HeldPassport> held = GetPassport(context, *name);
    if (!held.ok()) return held.status();
    id = held->record.passport_id;
  }
  const auto& ids = options.passports;
  if (std::find(ids.begin(), ids.end(), *id) == ids.end()) options.passports.push_back(*id);
  return absl::OkStatus();
}

absl::Status AddList(Context& context, const std::string& path, WatchOptions& options) {
  const absl::StatusOr<std::string> text = ReadPublicFile(path, kListBytesMax);
  if (!text.ok()) return text.status();
  int number = 0;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const absl::Status added = AddPassport(context, std::string(line), options);
    if (!added.ok()) return InContext(absl::StrCat(path, ", line ", number), added);
  }
  return absl::OkStatus();
}

std::string AllKindNames() {
  return absl::StrJoin(AllHappeningKinds(), ", ", [](std::string* out, HappeningKind kind) {
    absl::StrAppend(out, HappeningKindName(kind));
  });
}

absl::Status AddKind(const std::string& name, WatchOptions& options) {
  for (const HappeningKind kind : AllHappeningKinds()) {
    if (HappeningKindName(kind) != name) continue;
    options.kinds.insert(kind);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--kinds '", name, "' is none of ", AllKindNames()));
}

absl::Status Watch(Context& context, const WatchCommandOptions& given) {
  WatchOptions options = given.watch;
  for (const std::string& argument : given.passports) {
    const absl::Status added = AddPassport(context, argument, options);
    if (!added.ok()) return added;
  }
  if (!given.list_file.empty()) {
    const absl::Status added = AddList(context, given.list_file, options);
    if (!added.ok()) return added;
  }
  if (options.passports.empty()) {
    return absl::InvalidArgumentError("nothing to watch: give passport ids, or --from-file LIST");
  }
  if (options.passports.size() > kWatchedPassportsMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.passports.size(), " passports; one watch has at most ", kWatchedPassportsMax,
        ". Run several, each with a list and a state of its own"));
  }
  for (const std::string& kind : given.kinds) {
    const absl::Status added = AddKind(kind, options);
    if (!added.ok()) return added;
  }
  const absl::StatusOr<uint64_t> check_every = ParseDurationMs("--check-every", given.check_every);
  if (!check_every.ok()) return check_every.status();
  options.check_every = absl::Milliseconds(*check_every);
  const absl::StatusOr<uint64_t> silence_max = ParseDurationMs("--silence-max", given.silence_max);
  if (!silence_max.ok()) return silence_max.status();
  options.silence_max = absl::Milliseconds(*silence_max);
  return RunWatch(context, options);
}

}  // namespace

void AddWatchCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command = app->add_subcommand("watch", "Be told what happens to pieces, as it happens")
                          ->group("Checking");
  command->footer(absl::StrCat(
      "One line for each thing that happens (with --json one object), verified against the "
      "piece's\n"
      "passport before it is written. Goes on for ever, through stops of the registry and of the\n"
      "network; with --state, a later run goes on where this one ended, without a gap. Exit status "
      "1 if\n"
      "the registry leaves something out or says what is not so.\nKinds: ",
      AllKindNames(), "."));
  auto options = std::make_shared<WatchCommandOptions>();
  command->add_option("PASSPORT", options->passports, "Passport ids, or passport files");
  command
      ->add_option("--from-file", options->list_file,
                   "A file with more of them, one a line; # begins a remark")
      ->type_name("LIST");
  command->add_option("--kinds", options->kinds, "Write only of these, such as stolen,transferred")
      ->delimiter(',')
      ->type_name("KIND,...");
  command
      ->add_option("--state", options->watch.state_file,
                   "A file that remembers what was told, replaced after each line")
      ->type_name("FILE");
  command
      ->add_option("--from", options->watch.from,
                   "Without a state: tell from this position of the log on, 0 for all (default: "
                   "from now)")
      ->type_name("POSITION");
  command
      ->add_option("--check-every", options->check_every,
                   "How often all passports are verified though nothing was said, to find out what "
                   "was left out")
      ->type_name("DURATION")
      ->capture_default_str();
  command
      ->add_option("--silence-max", options->silence_max,
                   "How long the registry may say nothing at all before it counts as lost, and is "
                   "asked again; longer than it lets pass between two heartbeats")
      ->type_name("DURATION")
      ->capture_default_str();
  command->add_flag("--once,--until-caught-up", options->watch.until_caught_up,
                    "End when everything is told, all passports verified");
  command->callback([=] { result->status = Watch(*context, *options); });
}

}  // namespace touchstone::cli
