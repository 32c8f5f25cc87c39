#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/duration_text.h"
#include "cli/new_key.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "verifier/checkpoint.h"
#include "verifier/digest.h"
#include "verifier/entry.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"
#include "verifier/statement.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::cli {
namespace {

struct InitOptions {
  std::string directory;
  std::string origin;
  std::string operator_name;
  std::string notice_period;
  std::string listen = "127.0.0.1:7420";
  std::string continues_file;
  uint32_t stewards = 3;
  uint32_t threshold = 2;
  uint64_t max_age_seconds = 0;
  bool plain = false;
};

absl::Status MakeDirectory(const std::string& path, mode_t mode) {
  if (mkdir(path.c_str(), mode) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot make the directory ", path));
}

// The final checkpoint of the log that this one continues: empty where it continues none. Verified
// under the older log's policy, where --policy names one.
absl::StatusOr<std::string> ContinuedCheckpoint(Context& context, const InitOptions& options) {
  if (options.continues_file.empty()) return std::string();
  absl::StatusOr<std::string> note = ReadPublicFile(options.continues_file, limits::kNoteBytesMax);
  if (!note.ok()) return note.status();
  const absl::StatusOr<SignedNote> parsed = SignedNote::Parse(*note);
  if (!parsed.ok()) return InContext(options.continues_file, parsed.status());
  const absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Parse(parsed->text());
  if (!checkpoint.ok()) return InContext(options.continues_file, checkpoint.status());
  if (checkpoint->origin() == options.origin) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.continues_file, " is of the log ", options.origin,
        " itself: what goes on needs another --origin, or nobody can tell the two apart"));
  }
  if (context.options().policy_file.empty()) return note;
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  // It is final: what its witnesses have not seen, or a retired key has signed of a history that
  // may be another, is nothing to build a new log on.
  const absl::StatusOr<VerifiedCheckpoint> verified = VerifyCheckpointNote(**policy, *note);
  const absl::Status status =
      verified.ok() ? CheckRetiredConsistency(*verified, {}) : verified.status();
  if (!status.ok()) return InContext(options.continues_file, status);
  return note;
}

// The genesis, signed by the first `threshold` of the stewards.
absl::StatusOr<Envelope> MakeGenesis(const Context& context, const InitOptions& options,
                                     const std::string& continues,
                                     const std::vector<SecretKey>& stewards) {
  v1::Statement statement = NewStewardsStatement(options.origin, context.NowMs());
  v1::Genesis* genesis = statement.mutable_genesis();
  std::vector<std::string> keys;
  for (const SecretKey& steward : stewards) {
    keys.emplace_back(steward.public_key().encoded().data(), PublicKey::kEncodedBytes);
  }
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) genesis->add_steward_keys(key);
  genesis->set_threshold(options.threshold);
  genesis->set_continues(continues);
  genesis->set_operator_name(options.operator_name);
  if (!options.notice_period.empty()) {
    const absl::StatusOr<uint64_t> period =
        ParseDurationMs("--notice-period", options.notice_period);
    if (!period.ok()) return period.status();
    genesis->set_notice_period_ms(*period);
  }
  const absl::StatusOr<std::string> payload = FinishStatement(statement);
  if (!payload.ok()) return payload.status();
  std::vector<const SecretKey*> signers;
  for (uint32_t i = 0; i < options.threshold; ++i) signers.push_back(&stewards[i]);
  return SignEnvelope(PayloadType::kStatement, *payload, signers);
}

// What entry 0 will be, whoever starts the registry (docs/FORMAT.md, section 4).
absl::StatusOr<Digest> GenesisDigest(const Envelope& genesis) {
  absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(genesis.payload());
  if (!statement.ok()) return statement.status();
  Entry entry;
  entry.type = EntryType::kStatement;
  entry.time_ms = statement->occurred_at_ms();
  entry.payload = genesis.bytes();
  const absl::StatusOr<std::string> frame = EncodeEntry(entry);
  if (!frame.ok()) return frame.status();
  return EntryDigest(*frame);
}

std::string PolicyText(const InitOptions& options, const VerifierKey& log_key,
                       const Digest& genesis) {
  std::string text = absl::StrCat(
      "# Whom a verifier of ", options.origin, " believes. Hand this file out; it is not secret.\n",
      "log ", log_key.Format(), "\n", "quorum none\n", "genesis ", DigestToHex(genesis), "\n");
  if (options.max_age_seconds > 0)
    absl::StrAppend(&text, "max_age ", options.max_age_seconds, "\n");
  return text;
}

std::string RegistryConfigText(const InitOptions& options) {
  return absl::StrCat(
      "# touchstone-registry --config registry.toml; touchstone-registry --help explains each "
      "line.\n"
      "# Paths are relative to this file.\n",
      "origin = \"", options.origin, "\"\n", "listen = \"", options.listen, "\"\n",
      "data = \"data\"\n"
      "guard = \"guard\"\n"
      "log-key = \"keys/log.key\"\n"
      "genesis = \"genesis.envelope\"\n"
      "# Papers of pieces, sealed; on another disk than its keys, best, and backed up without "
      "them.\n"
      "vault = \"vault\"\n"
      "vault-keys = \"vault-keys\"\n");
}

std::string ClientConfigText(const InitOptions& options) {
  return absl::StrCat(
      "# The command line reads this file from the directory that it is started in, or from where\n"
      "# --config or TOUCHSTONE_CONFIG says. Paths are relative to this file.\n",
      "registry = \"", options.listen, "\"\n",
      "policy = \"trust-policy.txt\"\n"
      "card-key = \"keys/card.key\"\n");
}

absl::Status Init(Context& context, const InitOptions& options) {
  const absl::Status name = ValidateKeyName(options.origin);
  if (!name.ok()) return name;
  if (options.threshold < 1 || options.threshold > options.stewards) {
    return absl::InvalidArgumentError(
        absl::StrCat("--threshold ", options.threshold, " of --stewards ", options.stewards,
                     ": it must be at least 1 and at most the number of stewards"));
  }
  const absl::StatusOr<std::string> continues = ContinuedCheckpoint(context, options);
  if (!continues.ok()) return continues.status();
  absl::StatusOr<NewKeyProtection> protection = NewKeyProtection::Choose(
      options.plain, context.options().passphrase_file, "the keys of the new registry");
  if (!protection.ok()) return protection.status();

  const std::string keys = absl::StrCat(options.directory, "/keys");
  absl::Status status = MakeDirectory(options.directory, 0755);
  if (status.ok()) status = MakeDirectory(keys, 0700);
  if (!status.ok()) return status;

  absl::StatusOr<SecretKey> log_key = CreateNewKey(
      absl::StrCat(keys, "/log.key"), absl::StrCat("log key of ", options.origin), *protection);
  if (!log_key.ok()) return log_key.status();
  std::vector<SecretKey> stewards;
  for (uint32_t i = 1; i <= options.stewards; ++i) {
    absl::StatusOr<SecretKey> key =
        CreateNewKey(absl::StrCat(keys, "/steward-", i, ".key"),
                     absl::StrCat("steward ", i, " of ", options.origin), *protection);
    if (!key.ok()) return key.status();
    stewards.push_back(*std::move(key));
  }
  const absl::StatusOr<SecretKey> card_key = CreateNewKey(
      absl::StrCat(keys, "/card.key"), absl::StrCat("card key of ", options.origin), *protection);
  if (!card_key.ok()) return card_key.status();

  const absl::StatusOr<Envelope> genesis = MakeGenesis(context, options, *continues, stewards);
  if (!genesis.ok()) return genesis.status();
  const absl::StatusOr<Digest> digest = GenesisDigest(*genesis);
  if (!digest.ok()) return digest.status();
  const absl::StatusOr<VerifierKey> verifier_key =
      VerifierKey::Create(options.origin, NoteSignatureType::kEd25519, log_key->public_key());
  if (!verifier_key.ok()) return verifier_key.status();

  const std::pair<const char*, std::string> files[] = {
      {"genesis.envelope", genesis->bytes()},
      {"trust-policy.txt", PolicyText(options, *verifier_key, *digest)},
      {"registry.toml", RegistryConfigText(options)},
      {"touchstone.toml", ClientConfigText(options)},
  };
  for (const auto& [file, contents] : files) {
    status = WritePublicFile(absl::StrCat(options.directory, "/", file), contents, false);
    if (!status.ok()) return status;
  }
  std::printf(
      "Made the registry %s in %s:\n"
      "  keys/log.key         signs checkpoints; goes to the server\n"
      "  keys/steward-N.key   %u of %u enrol participants; give each to one person, keep none on "
      "the server\n"
      "  keys/card.key        signs QR codes\n"
      "  genesis.envelope     the log's first entry\n"
      "  trust-policy.txt     what verifiers are given\n"
      "  registry.toml        for touchstone-registry\n"
      "  touchstone.toml      for touchstone\n"
      "Next: touchstone-registry --config %s/registry.toml\n",
      options.origin.c_str(), options.directory.c_str(), options.threshold, options.stewards,
      options.directory.c_str());
  return absl::OkStatus();
}

}  // namespace

void AddInitCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("init", "Make a new registry: keys, genesis, trust policy, configuration")
          ->group("Setting up");
  auto options = std::make_shared<InitOptions>();
  command->add_option("DIRECTORY", options->directory, "A new directory")->required();
  command
      ->add_option("--origin", options->origin,
                   "The log's name for ever, a host and path of yours without scheme, such as "
                   "passports.example/log")
      ->required();
  command->add_option("--operator", options->operator_name, "Who runs the registry, for people");
  command
      ->add_option("--notice-period", options->notice_period,
                   "How long an owner can object before a piece moves without its key (default: "
                   "30d); never changes")
      ->type_name("DURATION");
  command->add_option("--stewards", options->stewards, "How many steward keys to make")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  command->add_option("--threshold", options->threshold, "How many of them must sign")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  command->add_option("--listen", options->listen, "Where the registry will listen")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command->add_option("--max-age", options->max_age_seconds,
                      "Seconds after which verifiers call a passport stale (default: never)");
  command
      ->add_option("--continues", options->continues_file,
                   "The final checkpoint of an older log that this one continues (touchstone "
                   "checkpoint --out FILE, after touchstone log close); with --policy, the older "
                   "log's, it is verified")
      ->type_name("FILE");
  command->add_flag("--plain-keys", options->plain,
                    "No passphrase on the key files: whoever can read them can use them");
  command->callback([=] { result->status = Init(*context, *options); });
}

}  // namespace touchstone::cli
