#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/commands/commands.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "cli/stewards_source.h"
#include "cli/submission.h"
#include "verifier/refusal.h"
#include "verifier/verify_cards.h"

namespace touchstone::cli {
namespace {

struct CardEnrolOptions {
  std::string label;
  StatementOptions statement;
};

struct CardRevokeOptions {
  std::string key;
  v1::KeyRevoked::Reason reason = v1::KeyRevoked::REASON_UNSPECIFIED;
  std::string good_before;
  StatementOptions statement;
};

Choices<v1::KeyRevoked::Reason> Reasons() {
  return EnumChoices<v1::KeyRevoked::Reason>(
      v1::KeyRevoked::Reason_MAX, v1::KeyRevoked::Reason_IsValid, v1::KeyRevoked::Reason_Name);
}

// Nothing keeps a card key from being enrolled twice, and nothing is gained by it.
absl::StatusOr<bool> IsEnrolled(Context& context, const PublicKey& key) {
  const absl::StatusOr<VerifiedCards> cards = FetchStewards(context, AsOf::kEither);
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

absl::Status RevokeCardKey(Context& context, const CardRevokeOptions& options) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<Digest> key_id = KeyIdFromArgument(options.key);
  if (!key_id.ok()) return key_id.status();
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  if (options.statement.out_file.empty()) {
    const absl::StatusOr<VerifiedCards> cards = FetchStewards(context, AsOf::kEither);
    if (!cards.ok()) return cards.status();
    for (const CardKey& key : cards->keys) {
      if (key.key_id != *key_id || !key.revoked) continue;
      if (key.revoked->good_before != options.good_before) {
        return Refuse(RefusalCode::kNoSuchKey,
                      absl::StrCat("this card key is revoked already, ",
                                   key.revoked->good_before.empty()
                                       ? std::string("for tokens of every day")
                                       : absl::StrCat("with tokens of before ",
                                                      key.revoked->good_before, " still good"),
                                   ", and that cannot be changed any more (docs/KEYS.md)"));
      }
      std::printf("Already there: this card key is revoked. Nothing was added.\n");
      return absl::OkStatus();
    }
  }
  v1::Statement statement = NewStewardsStatement((*policy)->origin(), *occurred_at);
  v1::CardKeyRevoked* revoked = statement.mutable_card_key_revoked();
  revoked->set_key_id(key_id->data(), key_id->size());
  revoked->set_reason(options.reason);
  revoked->set_good_before(options.good_before);
  const absl::StatusOr<std::vector<SecretKey>> keys = context.SigningKeys();
  if (!keys.ok()) return keys.status();
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, *keys, options.statement);
  if (!receipt.ok()) return receipt.status();
  if (receipt->has_value()) ReportLogged(context, "Card key revoked", **receipt);
  return absl::OkStatus();
}

absl::Status FetchCards(Context& context, const std::string& out_file,
                        CheckpointChoice checkpoint) {
  std::string file;
  const absl::StatusOr<VerifiedCards> cards = FetchStewards(context, AsOfChoice(checkpoint), &file);
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

  CLI::App* revoke = command->add_subcommand(
      "revoke-key", "Cards that this key has signed count no more; stewards sign");
  auto revoked = std::make_shared<CardRevokeOptions>();
  revoke
      ->add_option("KEY", revoked->key,
                   "The card key (key file, public key, or key id in 64 hexadecimal digits)")
      ->required();
  revoke->add_option("--reason", revoked->reason, "Why")->required()->transform(IsOneOf(Reasons()));
  revoke
      ->add_option("--good-before", revoked->good_before,
                   "Cards of earlier days still count (a thief writes what day he likes: not for "
                   "a stolen key)")
      ->type_name("YYYY-MM-DD");
  AddStatementOptions(revoke, &revoked->statement);
  revoke->callback([=] { result->status = RevokeCardKey(*context, *revoked); });

  CLI::App* fetch = command->add_subcommand(
      "fetch", "Get the file of enrolled card keys, for checking QR codes with no network");
  auto out_file = std::make_shared<std::string>("cards.tsc");
  fetch->add_option("--out", *out_file, "Where to write it")->capture_default_str();
  auto checkpoint = std::make_shared<CheckpointChoice>(CheckpointChoice::kNewest);
  AddCosignedOption(fetch, checkpoint.get());
  fetch->callback([=] { result->status = FetchCards(*context, *out_file, *checkpoint); });
}

}  // namespace touchstone::cli
