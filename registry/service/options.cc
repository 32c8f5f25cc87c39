#include "registry/service/options.h"

#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <istream>
#include <map>
#include <ostream>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "registry/service/config_file.h"
#include "registry/service/options_check.h"

namespace touchstone::service {
namespace {

constexpr char kRegistryGroup[] = "The log and its files";
constexpr char kNetworkGroup[] = "Network";
constexpr char kWitnessGroup[] = "Witnesses";
constexpr char kVaultGroup[] = "Documents";
constexpr char kLimitsGroup[] = "Limits";
constexpr char kLoggingGroup[] = "Logging";
constexpr char kModesGroup[] = "Instead of serving";

constexpr char kFooter[] =
    "Every option can stand in the configuration file under its long name: bulk-streams = 8.\n"
    "Paths in the file are relative to the file. The command line wins over the file.\n"
    "\n"
    "Signals: SIGTERM and SIGINT finish what was begun (at most --drain-seconds) and end with\n"
    "status 0; a second one ends at once.\n"
    "Exit status: 0 ended as asked; 1 could not start; 64 wrong options; 70 a commit failed in a\n"
    "way that leaves its outcome open (the next start finds out), or a witness has seen more than\n"
    "this log has.\n";

// "host:port" into its parts; nothing if it is not of that form.
struct HostPort {
  std::string host;
  std::string port;
};
absl::optional<HostPort> SplitHostPort(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return absl::nullopt;
  HostPort parts{text.substr(0, colon), text.substr(colon + 1)};
  const bool bracketed = parts.host.front() == '[' && parts.host.back() == ']';
  // A bare v6 address has more colons than the one that stands before the port.
  if (!bracketed && absl::StrContains(parts.host, ":")) return absl::nullopt;
  int port = -1;
  if (!absl::SimpleAtoi(parts.port, &port) || port < 0 || port > 65535) return absl::nullopt;
  return parts;
}

// Lines that fit a terminal of 100 columns beside the names of the options; CLI11 indents them.
std::string Wrapped(absl::string_view help) {
  constexpr size_t kColumns = 64;
  std::string lines;
  size_t column = 0;
  for (const absl::string_view word : absl::StrSplit(help, ' ')) {
    if (column > 0) {
      const bool fits = column + 1 + word.size() <= kColumns;
      lines.push_back(fits ? ' ' : '\n');
      column = fits ? column + 1 : 0;
    }
    absl::StrAppend(&lines, word);
    column += word.size();
  }
  return lines;
}

CLI::Validator IsHostPort() {
  return CLI::Validator(
      [](std::string& text) -> std::string {
        if (SplitHostPort(text).has_value()) return "";
        return absl::StrCat("'", text,
                            "' is not HOST:PORT, with a port from 0 (any that is free) to 65535; a "
                            "v6 address stands in brackets");
      },
      "", "host and port");
}

CLI::Validator Between(uint32_t least, uint32_t most) {
  return CLI::Validator(
      [least, most](std::string& text) -> std::string {
        uint32_t value = 0;
        if (absl::SimpleAtoi(text, &value) && value >= least && value <= most) return "";
        return absl::StrCat("'", text, "' is not a number from ", least, " to ", most);
      },
      "", "range");
}

template <typename Enum>
CLI::Validator OneOf(const std::map<std::string, Enum>& names) {
  return CLI::Validator(
      [names](std::string& text) -> std::string {
        if (names.count(text) != 0) return "";
        return absl::StrCat("'", text, "' is not one of ",
                            absl::StrJoin(names, ", ", [](std::string* out, const auto& entry) {
                              out->append(entry.first);
                            }));
      },
      "", "names");
}

CLI::Validator NotEmpty() {
  return CLI::Validator(
      [](std::string& text) -> std::string { return text.empty() ? "must not be empty" : ""; }, "",
      "not empty");
}

// CLI11's view of a configuration file, which it asks for by from_config().
class RegistryConfig : public CLI::Config {
 public:
  explicit RegistryConfig(CLI::App* app) : app_(app) {}

  void AddPathOption(const std::string& name) { paths_.insert(name); }

  // The file and line that set `option` ("--name"); empty if none did.
  std::string Where(const std::string& option) const {
    const auto found = lines_.find(option);
    return found == lines_.end() ? "" : absl::StrCat(file_, ":", found->second);
  }

  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return ""; }

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    file_ = app_->get_config_ptr()->as<std::string>();
    std::string text(kConfigFileBytesMax + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(input.gcount()));
    if (text.size() > kConfigFileBytesMax) {
      throw CLI::ConfigError(absl::StrCat(file_, ": longer than a configuration file can be"));
    }
    const absl::StatusOr<std::vector<ConfigLine>> lines = ParseConfig(text);
    if (!lines.ok()) throw CLI::ConfigError(absl::StrCat(file_, ": ", lines.status().message()));

    std::vector<CLI::ConfigItem> read;
    for (const ConfigLine& line : *lines) {
      const std::string option = "--" + line.key;
      const CLI::Option* known = app_->get_option_no_throw(option);
      if (known == nullptr || !known->get_configurable()) {
        throw CLI::ConfigError(absl::StrCat(file_, ":", line.number, ": there is no option '",
                                            line.key, "'; the options are ", OptionNames()));
      }
      lines_[option] = line.number;
      CLI::ConfigItem item;
      item.name = line.key;
      item.inputs = {paths_.count(line.key) != 0 ? Resolved(line.value) : line.value};
      if (known->get_expected_min() == 0 && line.value != "true" && line.value != "false") {
        throw CLI::ConfigError(absl::StrCat(file_, ":", line.number, ": ", line.key, ": '",
                                            line.value, "' is not one of true, false"));
      }
      read.push_back(std::move(item));
    }
    return read;
  }

 private:
  std::string Resolved(const std::string& path) const {
    if (path.empty()) return path;
    return (std::filesystem::path(file_).parent_path() / path).string();
  }

  std::string OptionNames() const {
    std::vector<std::string> names;
    for (const CLI::Option* option : app_->get_options()) {
      if (option->get_configurable()) names.push_back(option->get_single_name());
    }
    return absl::StrJoin(names, ", ");
  }

  CLI::App* const app_;
  std::set<std::string> paths_;
  // CLI11 calls from_config() on a const object; what it learns is kept for messages.
  mutable std::string file_;
  mutable std::map<std::string, int> lines_;
};

// Declares the options in groups, in the order in which --help shows them.
class Declaration {
 public:
  Declaration(CLI::App* app, RegistryConfig* config, Options* options)
      : app_(app), config_(config), options_(options) {}

  void DeclareAll() {
    DeclareFiles();
    DeclareNetwork();
    DeclareWitnesses();
    DeclareVault();
    DeclareLimits();
    DeclareLogging();
    DeclareModes();
  }

 private:
  CLI::Option* Path(const std::string& name, std::string* value, const char* help) {
    config_->AddPathOption(name);
    return app_->add_option("--" + name, *value, Wrapped(help))
        ->type_name("PATH")
        ->check(NotEmpty())
        ->group(group_);
  }

  void Flag(const std::string& name, bool* value, const char* help) {
    app_->add_flag("--" + name, *value, Wrapped(help))->group(group_);
  }

  void Number(const std::string& name, uint32_t* value, uint32_t least, uint32_t most,
              const char* help) {
    app_->add_option("--" + name, *value,
                     Wrapped(absl::StrCat(help, " (", least, " to ", most, ")")))
        ->type_name("N")
        ->check(Between(least, most))
        ->capture_default_str()
        ->group(group_);
  }

  template <typename Enum>
  void Choice(const std::string& name, Enum* value, const std::map<std::string, Enum>& names,
              const char* default_name, const char* help) {
    app_->add_option_function<std::string>(
            "--" + name, [value, names](const std::string& text) { *value = names.at(text); },
            Wrapped(help))
        ->type_name("NAME")
        ->check(OneOf(names))
        ->default_str(default_name)
        ->group(group_);
  }

  void DeclareFiles() {
    group_ = kRegistryGroup;
    app_->add_option("--origin", options_->origin,
                     "Name of the log, as its checkpoints say it: passports.example/log")
        ->type_name("NAME")
        ->check(NotEmpty())
        ->group(group_);
    Path("data", &options_->data_directory, "Directory of the database; made if there is none");
    Path("guard", &options_->guard_file,
         "File that remembers the newest checkpoint; outside the data directory, best on another "
         "disk");
    Path("log-key", &options_->log_key_file, "Secret key that signs checkpoints");
    Path("passphrase-file", &options_->passphrase_file,
         "First line is the passphrase of the log key, where it has one");
    Path("genesis", &options_->genesis_file,
         "Signed genesis statement, to begin a new log in an empty data directory");
    Number("block-cache-mib", &options_->block_cache_mib, 8, 1u << 20,
           "Memory for what was read from the database");
    Number(
        "index-memory-mib", &options_->index_memory_mib, 16, 1u << 20,
        "Memory for the index, about 100 bytes a key; what does not fit lies in a scratch file in "
        "the data directory, and proofs of it take longer");
    Number("index-root-seconds", &options_->index_root_seconds, 1, 86400,
           "Without statements, a new checkpoint this often, so that records can be seen to be "
           "fresh");
    Flag("recheck", &options_->recheck,
         "Before serving, make everything in the database anew from its entries and compare: after "
         "a repair or a move, or when in doubt. It takes as long as there are entries; a start "
         "without it takes seconds");
  }

  void DeclareNetwork() {
    group_ = kNetworkGroup;
    app_->add_option("--listen", options_->listen, "Address to serve on; port 0 takes any free one")
        ->type_name("HOST:PORT")
        ->check(IsHostPort())
        ->capture_default_str()
        ->group(group_);
    Path("port-file", &options_->port_file,
         "Written with the port once the registry serves (for port 0)");
    Path("tls-cert", &options_->tls_certificate_file, "Certificate chain, PEM");
    Path("tls-key", &options_->tls_key_file, "Its private key, PEM");
    Path("client-ca", &options_->client_ca_file,
         "Ask clients for a certificate of this authority, PEM (mutual TLS)");
    Flag("insecure", &options_->insecure,
         "Serve without TLS beyond this machine; anyone on the way can read and delay, not forge");
    Flag("no-reflection", &options_->no_reflection,
         "Do not tell clients the service's schema when they ask");
  }

  void DeclareWitnesses() {
    group_ = kWitnessGroup;
    Path("witness-policy", &options_->witness_policy_file,
         "Trust policy (C2SP tlog-policy) whose witnesses are asked to cosign checkpoints, each at "
         "the URL in its line, and whose quorum makes a checkpoint a cosigned one");
    Path("witness-ca", &options_->witness_ca_file,
         "Certificate authorities for witnesses' https, PEM, in place of the system's");
    Number("witness-round-seconds", &options_->witness_round_seconds, 0, 3600,
           "Witnesses are shown a newer checkpoint this often at most");
    Number("witness-timeout-seconds", &options_->witness_timeout_seconds, 1, 120,
           "A witness that has not cosigned by then is asked again later");
  }

  void DeclareVault() {
    group_ = kVaultGroup;
    Path("vault", &options_->vault_directory,
         "Directory of the vault, which keeps documents sealed beside the log; made if there is "
         "none. Without it none are kept");
    Path("vault-keys", &options_->vault_keys_directory,
         "Directory of the keys that seal all others of the vault; outside the vault, the data "
         "directory and every backup of them, or erasing erases nothing (docs/PRIVACY.md)");
    app_->add_option("--vault-retention", options_->vault_retention,
                     Wrapped("How long documents are kept, by kind: KIND=DAYS/DAYS, days after "
                             "they were stored and days after their owner's time, 0 for without "
                             "end; several with commas. Other kinds keep their defaults"))
        ->type_name("RULES")
        ->group(group_);
    Number("vault-mib", &options_->vault_mib, 1, 1u << 31, "Room for documents in all");
    Number("vault-streams", &options_->vault_streams, 1, 4096,
           "Documents that may be on their way at a time");
    Number("vault-at-once", &options_->vault_at_once, 1, 256,
           "Threads that seal and open documents");
  }

  void DeclareLimits() {
    group_ = kLimitsGroup;
    Options& o = *options_;
    Number("bulk-streams", &o.bulk_streams, 1, 1024, "Bulk streams that may be open at a time");
    Number("stream-window", &o.stream_window, 1, 8192,
           "Statements of one stream that may be unanswered before it is read further");
    Number("watch-streams", &o.watch_streams, 1, 65536, "Streams at a time that watch pieces");
    Number("watch-streams-per-address", &o.watch_streams_per_address, 1, 65536,
           "And of those, by one address");
    Number("watch-heartbeat-seconds", &o.watch_heartbeat_seconds, 1, 3600,
           "How often such a stream says that nothing has happened");
    Number("reads-at-once", &o.reads_at_once, 1, 256, "Passports and pages put together at a time");
    Number("reads-waiting", &o.reads_waiting, 1, 65536, "And those that may wait for it");
    Number(
        "lookups-per-minute", &o.lookups_per_minute, 0, 1u << 20,
        "Passports that one address may ask for by inscription, report number or GTIN, which can "
        "be guessed; 0: as many as it likes");
    Number("connections-max", &o.connections_max, 1, 1u << 20,
           "Connections at a time; more have to wait. It needs a file descriptor for each");
    Number("streams-per-connection", &o.streams_per_connection, 1, 65536,
           "Calls that a connection may have open");
    Number("calls-max", &o.calls_max, 1, 1u << 20, "Calls that may be open in all");
    Number("call-seconds", &o.call_seconds, 1, 3600,
           "The longest that a call may take, its answer delivered, whatever deadline its caller "
           "set; bulk streams apart");
    Number("rpc-memory-mib", &o.rpc_memory_mib, 16, 1u << 20,
           "Memory for connections and for messages on their way in");
    Number("answer-memory-mib", &o.answer_memory_mib, 32, 1u << 20,
           "Memory for passports and pages on their way out; beyond it, reads are turned away");
    Number("stream-idle-seconds", &o.stream_idle_seconds, 1, 86400,
           "A stream that says nothing for so long is ended");
    Number("handshake-seconds", &o.handshake_seconds, 1, 120,
           "A connection that has not begun to speak the protocol by then is closed");
    Number("keepalive-seconds", &o.keepalive_seconds, 10, 86400,
           "How often a silent connection is asked whether it still is one");
    Number("idle-connection-seconds", &o.idle_connection_seconds, 10, 86400,
           "A connection without calls is closed after this");
    Number("drain-seconds", &o.drain_seconds, 0, 3600,
           "At the end, how long open calls may take to finish");
  }

  void DeclareLogging() {
    group_ = kLoggingGroup;
    Choice<LogLevel>("log-level", &options_->log_level,
                     {{"debug", LogLevel::kDebug},
                      {"info", LogLevel::kInfo},
                      {"warning", LogLevel::kWarning},
                      {"error", LogLevel::kError}},
                     "info", "The least that is logged: debug, info, warning or error");
    Choice<LogFormat>("log-format", &options_->log_format,
                      {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}, "text",
                      "text, or json: one object a line");
  }

  void DeclareModes() {
    group_ = kModesGroup;
    Path("restore-guard", &options_->restore_guard_checkpoint,
         "Make a lost guard anew, if the database contains this checkpoint from outside (a "
         "witness's, one in a passport file, a copy of the guard)")
        ->configurable(false);
    Path("export", &options_->export_directory,
         "Write the log there as files, for touchstone audit and for serving as static files "
         "(docs/EXPORT.md)")
        ->configurable(false);
    Path("rotate-log-key", &options_->new_log_key_file,
         "Change the log's key to this one, and print the lines of the policy for it (KEYS.md)")
        ->configurable(false);
    Path("new-passphrase-file", &options_->new_passphrase_file,
         "First line is the passphrase of that key, where it has one")
        ->configurable(false);
  }

  CLI::App* const app_;
  RegistryConfig* const config_;
  Options* const options_;
  const char* group_ = "";
};

// CLI11's messages begin with "--name: "; adds where in the configuration file that was set.
std::string Located(const CLI::ParseError& error, const RegistryConfig& config, int argc,
                    const char* const* argv) {
  const std::string message = error.what();
  const std::string option = message.substr(0, message.find(':'));
  for (int i = 1; i < argc; ++i) {
    const absl::string_view argument = argv[i];
    if (argument == option || absl::StartsWith(argument, option + "=")) return message;
  }
  const std::string where = config.Where(option);
  return where.empty() ? message : absl::StrCat(where, ": ", message);
}

}  // namespace

bool IsLoopback(const std::string& listen) {
  const absl::optional<HostPort> parts = SplitHostPort(listen);
  if (!parts.has_value()) return false;
  if (parts->host == "localhost" || parts->host == "[::1]") return true;
  in_addr address = {};  // all of 127.0.0.0/8; a name such as 127.example is none
  return inet_pton(AF_INET, parts->host.c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24) == 127;
}

std::variant<Options, int> ParseOptions(int argc, const char* const* argv, std::ostream& out,
                                        std::ostream& err) {
  Options options;
  CLI::App app(
      "The Touchstone registry: keeps the log of signed statements about pieces of jewellery, and\n"
      "hands out passports that prove themselves.",
      "touchstone-registry");
  const auto config = std::make_shared<RegistryConfig>(&app);
  app.config_formatter(config);
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_config("--config", "", "Configuration file")->type_name("FILE");
  app.set_help_flag("-h,--help", "Show this and end");
  app.set_version_flag("--version", "touchstone-registry " TOUCHSTONE_VERSION,
                       "Show the version and end");
  app.footer(kFooter);
  app.get_formatter()->column_width(34);
  Declaration(&app, config.get(), &options).DeclareAll();

  std::string mistake;
  try {
    app.parse(argc, argv);
    mistake = OptionsContradiction(options);
  } catch (const CLI::Success& wanted) {  // --help, --version
    app.exit(wanted, out, err);
    return 0;
  } catch (const CLI::ParseError& error) {
    mistake = Located(error, *config, argc, argv);
  }
  if (mistake.empty()) return options;
  err << "touchstone-registry: " << mistake << "\n"
      << "touchstone-registry --help lists the options.\n";
  return kExitWrongOptions;
}

}  // namespace touchstone::service
