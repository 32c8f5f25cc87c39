// stewards, log: what the stewards say of themselves and of the log as a whole.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/json_writer.h"
#include "cli/statement_draft.h"
#include "cli/stewards_source.h"
#include "cli/submission.h"
#include "cli/terminal_text.h"
#include "verifier/digest.h"
#include "verifier/hex.h"
#include "verifier/time_text.h"

namespace touchstone::cli {
namespace {

struct ChangeOptions {
  std::vector<std::string> add;
  std::vector<std::string> remove;
  std::optional<uint32_t> threshold;
  std::string reason;
  StatementOptions statement;
};

struct CloseOptions {
  std::string reason;
  std::string continued_at;
  bool for_good = false;
  StatementOptions statement;
};

void PrintText(const VerifiedCards& now) {
  std::printf("%zu of these %zu stewards sign, since entry %llu:\n", now.stewards.threshold,
              now.stewards.stewards.size(), static_cast<unsigned long long>(now.stewards.since));
  for (const StewardsState::Steward& steward : now.stewards.stewards) {
    std::printf("  key %s  %s\n", DigestToHex(steward.key_id).c_str(),
                HexEncode(steward.key.encoded()).c_str());
  }
  for (const CardKey& key : now.keys) {
    std::printf("card key %s%s%s%s%s\n", DigestToHex(key.key_id).c_str(),
                key.label.empty() ? "" : "  ", ForTerminal(key.label).c_str(),
                key.revoked ? ", revoked" : "",
                key.revoked && !key.revoked->good_before.empty()
                    ? absl::StrCat("; cards before ", key.revoked->good_before, " count").c_str()
                    : "");
  }
  if (!now.continues.empty()) std::printf("It continues an older log (see its genesis).\n");
  if (now.closing) {
    std::printf("The log is closed since %s%s%s.\n", FormatTime(now.closing->place.time_ms).c_str(),
                now.closing->continued_at.empty() ? "" : ", and goes on as ",
                ForTerminal(now.closing->continued_at).c_str());
  }
  std::printf("As of %llu entries, verified.\n", static_cast<unsigned long long>(now.log.size));
}

std::string Json(const VerifiedCards& now) {
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("threshold");
  json.Number(now.stewards.threshold);
  json.Key("since");
  json.Number(now.stewards.since);
  json.Key("stewards");
  json.BeginArray();
  for (const StewardsState::Steward& steward : now.stewards.stewards) {
    json.BeginObject();
    json.Key("key_id");
    json.String(DigestToHex(steward.key_id));
    json.Key("public_key");
    json.String(HexEncode(steward.key.encoded()));
    json.EndObject();
  }
  json.EndArray();
  json.Key("closed");
  json.Boolean(now.closing.has_value());
  json.Key("log_size");
  json.Number(now.log.size);
  json.EndObject();
  return std::move(json).Finish();
}

absl::Status Show(Context& context) {
  const absl::StatusOr<VerifiedCards> now = FetchStewards(context, AsOf::kEither);
  if (!now.ok()) return now.status();
  if (context.options().json) {
    std::printf("%s", Json(*now).c_str());
  } else {
    PrintText(*now);
  }
  return absl::OkStatus();
}

// The keys, by id, after what is added and removed.
absl::StatusOr<std::map<Digest, PublicKey>> KeysAfter(const StewardsState::Board& now,
                                                      const ChangeOptions& options) {
  std::map<Digest, PublicKey> keys;
  for (const StewardsState::Steward& steward : now.stewards) {
    keys.emplace(steward.key_id, steward.key);
  }
  for (const std::string& argument : options.remove) {
    const absl::StatusOr<Digest> id = KeyIdFromArgument(argument);
    if (!id.ok()) return id.status();
    if (keys.erase(*id) == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--remove ", argument, " is no steward's key; `touchstone stewards show` lists them"));
    }
  }
  for (const std::string& argument : options.add) {
    const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(argument);
    if (!key.ok()) return key.status();
    if (!keys.emplace(key->KeyId(), *key).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("--add ", argument, " is a steward's key already"));
    }
  }
  return keys;
}

absl::Status SignAndReport(Context& context, const v1::Statement& statement,
                           const StatementOptions& options, const std::string& done) {
  const absl::StatusOr<std::vector<SecretKey>> keys = context.SigningKeys();
  if (!keys.ok()) return keys.status();
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, *keys, options);
  if (!receipt.ok()) return receipt.status();
  if (receipt->has_value()) ReportLogged(context, done, **receipt);
  return absl::OkStatus();
}

absl::Status Change(Context& context, const ChangeOptions& options) {
  if (options.add.empty() && options.remove.empty() && !options.threshold) {
    return absl::InvalidArgumentError("nothing to change: say --add, --remove or --threshold");
  }
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  const absl::StatusOr<VerifiedCards> now = FetchStewards(context, AsOf::kEither);
  if (!now.ok()) return now.status();
  const absl::StatusOr<std::map<Digest, PublicKey>> after = KeysAfter(now->stewards, options);
  if (!after.ok()) return after.status();
  const size_t threshold = options.threshold.value_or(now->stewards.threshold);
  if (threshold < 1 || threshold > after->size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("of ", after->size(), " stewards, ", threshold,
                     " would have to sign; say how many with --threshold"));
  }
  v1::Statement statement = NewStewardsStatement(now->log.origin, *occurred_at);
  v1::StewardsChanged* changed = statement.mutable_stewards_changed();
  std::vector<std::string> keys;
  for (const auto& [id, key] : *after) {
    keys.emplace_back(key.encoded().data(), key.encoded().size());
  }
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) changed->add_steward_keys(key);
  changed->set_threshold(static_cast<uint32_t>(threshold));
  changed->set_reason(options.reason);
  return SignAndReport(
      context, statement, options.statement,
      absl::StrCat("From here on ", threshold, " of ", after->size(), " stewards sign"));
}

absl::Status Close(Context& context, const CloseOptions& options) {
  if (!options.for_good) {
    return absl::InvalidArgumentError(
        "a closed log takes nothing more, ever, and nobody can open it again; say --for-good if "
        "that is what you want");
  }
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  v1::Statement statement = NewStewardsStatement((*policy)->origin(), *occurred_at);
  v1::LogClosed* closed = statement.mutable_log_closed();
  closed->set_reason(options.reason);
  closed->set_continued_at(options.continued_at);
  return SignAndReport(context, statement, options.statement,
                       absl::StrCat("The log ", (*policy)->origin(), " is closed"));
}

}  // namespace

void AddStewardsCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("stewards", "Who they are, and how that is changed")->group("Setting up");
  command->require_subcommand(1);
  CLI::App* show = command->add_subcommand("show", "Whose keys count, and how many must sign");
  show->callback([=] { result->status = Show(*context); });

  CLI::App* change = command->add_subcommand(
      "change", "Add and remove stewards; as many sign as had to before (--key, repeated)");
  auto options = std::make_shared<ChangeOptions>();
  change
      ->add_option("--add", options->add,
                   "A new steward's public key (key file or 66 hexadecimal digits); may be "
                   "repeated")
      ->type_name("KEY");
  change
      ->add_option("--remove", options->remove,
                   "A steward's key (key file, public key, or key id in 64 hexadecimal digits); "
                   "may be repeated")
      ->type_name("KEY");
  change->add_option("--threshold", options->threshold, "How many must sign from here on")
      ->type_name("K");
  change->add_option("--reason", options->reason, "For people; it is public");
  AddStatementOptions(change, &options->statement);
  change->callback([=] { result->status = Change(*context, *options); });
}

void AddLogCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command = app->add_subcommand("log", "The log as a whole")->group("Setting up");
  command->require_subcommand(1);
  CLI::App* close = command->add_subcommand(
      "close", "Close the log: nothing follows, and its passports are final; stewards sign");
  auto options = std::make_shared<CloseOptions>();
  close->add_option("--reason", options->reason, "For people; it is public");
  close
      ->add_option("--continued-at", options->continued_at,
                   "The origin of the log that goes on (touchstone init --continues)")
      ->type_name("ORIGIN");
  close->add_flag("--for-good", options->for_good, "That this is what you want");
  AddStatementOptions(close, &options->statement);
  close->callback([=] { result->status = Close(*context, *options); });
}

}  // namespace touchstone::cli
