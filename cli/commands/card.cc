#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "cli/submission.h"
#include "verifier/refusal.h"
#include "verifier/verify_cards.h"

namespace touchstone::cli {
namespace {

struct CardEnrolOptions {
  std::string label;
  StatementOptions statement;
};

// The keys that are enrolled now, verified.
absl::StatusOr<VerifiedCards> GetCards(Context& context, AsOf as_of, std::string* file) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  return FetchAsOf(as_of, [&](CheckpointChoice choice) -> absl::StatusOr<VerifiedCards> {
    absl::StatusOr<std::string> cards = (*client)->GetCards(choice);
    if (!cards.ok()) return cards.status();
    absl::StatusOr<VerifiedCards> verified = CheckCards(**policy, *cards, context.NowMs());
    if (!verified.ok()) return InContext("the registry's cards file", verified.status());
    *file = *std::move(cards);
    return verified;
  });
}

// Nothing keeps a card key from being enrolled twice, and nothing is gained by it.
absl::StatusOr<bool> IsEnrolled(Context& context, const PublicKey& key) {
  std::string file;
  const absl::StatusOr<VerifiedCards> cards = GetCards(context, AsOf::kEither, &file);
  if (!cards.ok()) return cards.status();
  return std::any_of(cards->keys.begin(), cards->keys.end(),
                     [&key](const CardKey& one) { return one.key == key; });
}

absl::Status EnrolCardKey(Context& context, const CardEnrolOptions& options) {
  if (context.options().card_key_file.empty()) {
    return absl::InvalidArgumentError("no card key given: say --card-key FILE");
  }
  const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(context.options().card_key_file);
  if (!key.ok()) return key.status();
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  if (options.statement.out_file.empty()) {
    const absl::StatusOr<bool> enrolled = IsEnrolled(context, *key);
    if (!enrolled.ok()) return enrolled.status();
    if (*enrolled) {
      std::printf("Already there: this card key is enrolled. Nothing was added.\n");
      return absl::OkStatus();
    }
  }
  v1::Statement statement = NewStewardsStatement((*policy)->origin(), *occurred_at);
  v1::CardKeyEnrolled* enrolled = statement.mutable_card_key_enrolled();
  enrolled->set_key(key->encoded().data(), key->encoded().size());
  enrolled->set_label(options.label);
  const absl::StatusOr<std::vector<SecretKey>> keys = context.SigningKeys();
  if (!keys.ok()) return keys.status();
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, *keys, options.statement);
  if (!receipt.ok()) return receipt.status();
  if (receipt->has_value()) {
    ReportLogged(context, "Card key enrolled", **receipt);
  }
  return absl::OkStatus();
}

absl::Status FetchCards(Context& context, const std::string& out_file,
                        CheckpointChoice checkpoint) {
  std::string file;
  const absl::StatusOr<VerifiedCards> cards = GetCards(context, AsOfChoice(checkpoint), &file);
  if (!cards.ok()) return WithCosignedHint(cards.status());
  const absl::Status written = WritePublicFile(out_file, file, true);
  if (!written.ok()) return written;
  std::fprintf(stderr, "%s names %zu card key(s).\n", out_file.c_str(), cards->keys.size());
  return absl::OkStatus();
}

}  // namespace

void AddCardCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("card", "The keys that sign QR codes")->group("Setting up");
  command->require_subcommand(1);

  CLI::App* enrol = command->add_subcommand("enrol", "Enrol a card key; stewards sign");
  auto options = std::make_shared<CardEnrolOptions>();
  enrol->add_option("--label", options->label, "Which key it is, for people, \"2027\"");
  AddStatementOptions(enrol, &options->statement);
  enrol->callback([=] { result->status = EnrolCardKey(*context, *options); });

  CLI::App* fetch = command->add_subcommand(
      "fetch", "Get the file of enrolled card keys, for checking QR codes with no network");
  auto out_file = std::make_shared<std::string>("cards.tsc");
  fetch->add_option("--out", *out_file, "Where to write it")->capture_default_str();
  auto checkpoint = std::make_shared<CheckpointChoice>(CheckpointChoice::kNewest);
  AddCosignedOption(fetch, checkpoint.get());
  fetch->callback([=] { result->status = FetchCards(*context, *out_file, *checkpoint); });
}

}  // namespace touchstone::cli
