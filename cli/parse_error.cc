#include "cli/parse_error.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/closest_word.h"

namespace touchstone::cli {
namespace {

// The command that was reached: `touchstone`, or `touchstone care add`.
const CLI::App& Reached(const CLI::App& app) {
  const CLI::App* reached = &app;
  while (!reached->get_subcommands().empty()) reached = reached->get_subcommands().front();
  return *reached;
}

std::string CommandLine(const CLI::App& command) {
  return command.get_parent() == nullptr
             ? command.get_name()
             : absl::StrCat(CommandLine(*command.get_parent()), " ", command.get_name());
}

// Its own options and those that it inherits.
std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames())
        names.push_back(absl::StrCat("--", name));
    }
  }
  return names;
}

std::vector<std::string> CommandNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* child : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(child->get_name());
  }
  return names;
}

std::string Suggestion(const std::string& word, const std::vector<std::string>& names) {
  const std::vector<absl::string_view> candidates(names.begin(), names.end());
  return DidYouMean(word, candidates);
}

}  // namespace

std::string DescribeParseError(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = Reached(app);
  const std::vector<std::string> commands = CommandNames(command);
  const std::vector<std::string> extra = app.remaining(/*recurse=*/true);
  const std::string program = absl::StrCat(app.get_name(), ": ");
  const std::string help = absl::StrCat(CommandLine(command), " --help says more.\n");
  if (!extra.empty() && absl::StartsWith(extra.front(), "-") && extra.front() != "-") {
    const std::string option = extra.front().substr(0, extra.front().find('='));
    return absl::StrCat(program, CommandLine(command), " has no option ", option,
                        Suggestion(option, OptionNames(command)), "\n", help);
  }
  if (!extra.empty() && !commands.empty()) {
    return absl::StrCat(program, "there is no command '", CommandLine(command), " ", extra.front(),
                        "'", Suggestion(extra.front(), commands), "\n", help);
  }
  if (!extra.empty()) {
    return absl::StrCat(program, CommandLine(command), " does not know what to do with '",
                        extra.front(), "'\n", help);
  }
  // A command that only has commands below it: they are what is wanted.
  if (!commands.empty() && error.get_name() == "RequiredError") {
    return command.help(command.get_parent() == nullptr ? "" : CommandLine(*command.get_parent()));
  }
  return absl::StrCat(program, error.what(), "\n", help);
}

}  // namespace touchstone::cli
