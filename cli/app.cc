#include "cli/app.h"

#include <sodium.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "cli/choice_option.h"
#include "cli/claim_code_argument.h"
#include "cli/commands/commands.h"
#include "cli/config_file.h"
#include "cli/context.h"
#include "cli/parse_error.h"
#include "cli/terminal_text.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

constexpr char kDefaultConfigFile[] = "touchstone.toml";

void AddGlobalOptions(CLI::App* app, GlobalOptions* options, double* timeout_seconds) {
  const std::string group = "Global options (also in the configuration file)";
  app->add_option("--registry", options->connection.address, "The registry")
      ->type_name("HOST:PORT")
      ->group(group);
  app->add_option("--policy", options->policy_file, "The trust policy: whom to believe")
      ->type_name("FILE")
      ->group(group);
  app->add_option("--participant", options->participant, "The id that the stewards enrolled you by")
      ->type_name("ID")
      ->group(group);
  app->add_option("--key", options->key_files, "A key file to sign with; may be repeated")
      ->type_name("FILE")
      ->group(group);
  app->add_option("--issuer-secret", options->issuer_secret_file,
                  "The secret from which an issuer's passport ids are derived")
      ->type_name("FILE")
      ->group(group);
  app->add_option("--card-key", options->card_key_file, "The key that signs QR codes")
      ->type_name("FILE")
      ->group(group);
  app->add_option("--resolver", options->resolver,
                  "Where QR codes lead to, such as https://id.example")
      ->type_name("URL")
      ->group(group);
  app->add_option("--passphrase-file", options->passphrase_file,
                  "A file, readable by you alone, whose first line opens the key files (also "
                  "TOUCHSTONE_PASSPHRASE_FILE; otherwise the terminal is asked)")
      ->type_name("FILE")
      ->group(group);
  app->add_flag("--tls", options->connection.tls, "TLS, with the system's certificate authorities")
      ->group(group);
  app->add_option("--ca", options->connection.ca_file, "TLS, with these certificate authorities")
      ->type_name("FILE")
      ->group(group);
  app->add_option("--client-cert", options->connection.client_cert_file,
                  "A client certificate, for registries that ask for one")
      ->type_name("FILE")
      ->group(group);
  app->add_option("--client-key", options->connection.client_key_file, "Its key")
      ->type_name("FILE")
      ->group(group);
  app->add_flag("--insecure", options->connection.insecure,
                "Talk to another host without TLS, in the clear")
      ->group(group);
  app->add_option("--timeout", *timeout_seconds, "Seconds that a call may take")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str()
      ->group(group);
  app->add_flag("--json", options->json, "Answer in JSON, where a command can")->group(group);
  app->add_option("--color", options->color, "Colours: auto, always or never")
      ->transform(IsOneOf<ColorChoice>({{"auto", ColorChoice::kAuto},
                                        {"always", ColorChoice::kAlways},
                                        {"never", ColorChoice::kNever}}))
      ->group(group);
}

void AddCommands(CLI::App* app, Context* context, CommandResult* result) {
  // In the order in which --help shows them.
  AddRegisterCommand(app, context, result);
  AddImportCommand(app, context, result);
  AddReportCommand(app, context, result);
  AddCareCommand(app, context, result);
  AddAssayCommand(app, context, result);
  AddAppraiseCommand(app, context, result);
  AddModifyCommand(app, context, result);
  AddCustodyCommand(app, context, result);
  AddCorrectCommand(app, context, result);
  AddEntitlementCommand(app, context, result);
  AddDocumentCommand(app, context, result);
  AddDocumentPutCommands(app, context, result);
  AddDocumentAccessCommands(app, context, result);
  AddDocumentEraseCommand(app, context, result);
  AddIncidentCommand(app, context, result);
  AddStoneRemovedCommand(app, context, result);
  AddEndOfLifeCommand(app, context, result);
  AddResolveCommand(app, context, result);
  AddGetCommand(app, context, result);
  AddRefreshCommand(app, context, result);
  AddShowCommand(app, context, result);
  AddQrCommand(app, context, result);
  AddPiecesCommand(app, context, result);
  AddSellCommand(app, context, result);
  AddClaimCommand(app, context, result);
  AddTransferCommand(app, context, result);
  AddOfferCommand(app, context, result);
  AddNoticeCommand(app, context, result);
  AddPledgeCommand(app, context, result);
  AddGrantCommand(app, context, result);
  AddAccessCommand(app, context, result);
  AddInsurerPackCommand(app, context, result);
  AddOwnershipCommand(app, context, result);
  AddVerifyCommand(app, context, result);
  AddWatchCommand(app, context, result);
  AddLookupCommand(app, context, result);
  AddProveRetiredCommand(app, context, result);
  AddCheckpointCommand(app, context, result);
  AddInitCommand(app, context, result);
  AddParticipantCommand(app, context, result);
  AddStewardsCommand(app, context, result);
  AddLogCommand(app, context, result);
  AddCardCommand(app, context, result);
  AddKeygenCommand(app, context, result);
  AddKeyCommand(app, context, result);
  AddSignCommand(app, context, result);
  AddCombineCommand(app, context, result);
  AddSubmitCommand(app, context, result);
  AddAuditCommand(app, context, result);
}

// One line for a person, and the name of the refusal for whoever looks it up.
void PrintError(const absl::Status& status, absl::Span<char* const> arguments) {
  std::string name;
  if (const std::optional<RefusalCode> code = RefusalCodeOf(status)) {
    name = std::string(RefusalCodeName(*code));
  } else {
    name = RefusalNameOf(status);
  }
  // It may quote a file that is none of ours.
  const std::string message = ForTerminal(WithoutClaimCodes(arguments, status.message()));
  if (name.empty()) {
    std::fprintf(stderr, "touchstone: %s\n", message.c_str());
  } else {
    std::fprintf(stderr, "touchstone: %s [%s]\n", message.c_str(), name.c_str());
  }
}

}  // namespace

int RunTouchstone(int argc, char** argv) {
  const absl::Span<char* const> arguments(argv, static_cast<size_t>(argc));
  if (sodium_init() < 0) {
    std::fprintf(stderr, "touchstone: libsodium could not be initialised\n");
    return kExitRefused;
  }
  CLI::App app("The registry in which a piece of fine jewellery proves what it is.", "touchstone");
  app.footer("touchstone COMMAND --help says more of each.");
  app.set_version_flag("--version", TOUCHSTONE_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.set_help_all_flag("--help-all", "Print the help of all commands");

  Context context;
  CommandResult result;
  double timeout_seconds = 20;
  AddGlobalOptions(&app, &context.options(), &timeout_seconds);
  // CLI11 looks at environment variables only after it has read the file.
  const char* config_file = std::getenv("TOUCHSTONE_CONFIG");
  app.set_config("--config", config_file != nullptr ? config_file : kDefaultConfigFile,
                 "The configuration file (also TOUCHSTONE_CONFIG)", config_file != nullptr)
      ->type_name("FILE");
  app.config_formatter(std::make_shared<ConfigReader>(&app));
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.parse_complete_callback([&context, &timeout_seconds] {
    context.options().connection.timeout = absl::Seconds(timeout_seconds);
  });
  AddCommands(&app, &context, &result);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // how CLI11 reports --help too
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return kExitOk;
    }
    std::fprintf(stderr, "%s",
                 ForTerminal(WithoutClaimCodes(arguments, DescribeParseError(app, error))).c_str());
    return kExitUsage;
  }
  if (!result.status.ok()) {
    PrintError(result.status, arguments);
    return ExitStatusFor(result.status);
  }
  return result.exit_status;
}

}  // namespace touchstone::cli
