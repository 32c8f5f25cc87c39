#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/choice_option.h"
#include "cli/commands/commands.h"
#include "cli/participant_directory.h"
#include "cli/statement_draft.h"
#include "cli/stewards_source.h"
#include "cli/submission.h"
#include "cli/terminal_text.h"
#include "verifier/digest.h"

namespace touchstone::cli {
namespace {

Choices<v1::Role> Roles() {
  return EnumChoices<v1::Role>(v1::Role_MAX, v1::Role_IsValid, v1::Role_Name);
}

Choices<v1::KeyRevoked::Reason> Reasons() {
  return EnumChoices<v1::KeyRevoked::Reason>(
      v1::KeyRevoked::Reason_MAX, v1::KeyRevoked::Reason_IsValid, v1::KeyRevoked::Reason_Name);
}

struct DetailsOptions {
  std::string id;
  std::string legal_name;
  std::string country;
  std::string domain;
  std::string registration_number;
  std::string registration_authority;
  std::vector<v1::Role> roles;
  std::vector<std::string> gs1_prefixes;
  std::vector<std::string> laboratory_names;
  std::vector<std::string> member_keys;
  StatementOptions statement;
};

struct KeyOptions {
  std::string id;
  std::string new_key;
  std::string old_key;
  v1::KeyRevoked::Reason reason = v1::KeyRevoked::SUPERSEDED;
  std::optional<uint64_t> compromised_from;
  StatementOptions statement;
};

void FillDetails(const DetailsOptions& options, v1::ParticipantDetails* details) {
  details->set_legal_name(options.legal_name);
  details->set_country(options.country);
  details->set_domain(options.domain);
  details->set_registration_number(options.registration_number);
  details->set_registration_authority(options.registration_authority);
  std::vector<v1::Role> roles = options.roles;
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  for (const v1::Role role : roles) details->add_roles(role);
  for (const std::string& prefix : options.gs1_prefixes) {
    details->add_gs1_company_prefixes(prefix);
  }
  for (const std::string& name : options.laboratory_names) details->add_laboratory_names(name);
}

// Starts a statement about participant `id`, for the policy's log.
absl::StatusOr<v1::Statement> Start(Context& context, const std::string& id,
                                    const StatementOptions& options) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options);
  if (!occurred_at.ok()) return occurred_at.status();
  return NewParticipantStatement((*policy)->origin(), *occurred_at, id);
}

// Has the stewards of --key sign, and says `done` when it is logged.
absl::Status SignByStewards(Context& context, const v1::Statement& statement,
                            const StatementOptions& options, const std::string& done) {
  const absl::StatusOr<std::vector<SecretKey>> stewards = context.SigningKeys();
  if (!stewards.ok()) return stewards.status();
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, *stewards, options);
  if (!receipt.ok()) return receipt.status();
  if (receipt->has_value()) {
    ReportLogged(context, done, **receipt);
  }
  return absl::OkStatus();
}

absl::Status Enrol(Context& context, const DetailsOptions& options) {
  absl::StatusOr<v1::Statement> statement = Start(context, options.id, options.statement);
  if (!statement.ok()) return statement.status();
  v1::ParticipantEnrolled* enrolled = statement->mutable_participant_enrolled();
  FillDetails(options, enrolled->mutable_details());
  std::vector<std::string> keys;
  for (const std::string& argument : options.member_keys) {
    const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(argument);
    if (!key.ok()) return key.status();
    keys.emplace_back(key->encoded().data(), key->encoded().size());
  }
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) enrolled->add_keys(key);
  return SignByStewards(context, *statement, options.statement,
                        absl::StrCat("Enrolled ", options.id));
}

absl::Status Change(Context& context, const DetailsOptions& options) {
  absl::StatusOr<v1::Statement> statement = Start(context, options.id, options.statement);
  if (!statement.ok()) return statement.status();
  FillDetails(options, statement->mutable_participant_changed()->mutable_details());
  return SignByStewards(context, *statement, options.statement,
                        absl::StrCat("Changed ", options.id));
}

absl::Status AddKey(Context& context, const KeyOptions& options) {
  absl::StatusOr<v1::Statement> statement = Start(context, options.id, options.statement);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(options.new_key);
  if (!key.ok()) return key.status();
  statement->mutable_key_added()->set_key(key->encoded().data(), key->encoded().size());
  return SignByStewards(context, *statement, options.statement,
                        absl::StrCat("Key ", DigestToHex(key->KeyId()), " added to ", options.id));
}

absl::Status Revoke(Context& context, const KeyOptions& options) {
  absl::StatusOr<v1::Statement> statement = Start(context, options.id, options.statement);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<Digest> key_id = KeyIdFromArgument(options.old_key);
  if (!key_id.ok()) return key_id.status();
  v1::KeyRevoked* revoked = statement->mutable_key_revoked();
  revoked->set_key_id(key_id->data(), key_id->size());
  revoked->set_reason(options.reason);
  if (options.compromised_from.has_value()) {
    revoked->set_compromised_from(*options.compromised_from);
  }
  return SignByStewards(context, *statement, options.statement,
                        absl::StrCat("Key ", DigestToHex(*key_id), " of ", options.id, " revoked"));
}

absl::Status Rotate(Context& context, const KeyOptions& options) {
  if (!options.statement.out_file.empty()) {
    return absl::InvalidArgumentError(
        "rotate makes two statements; with --out use participant add-key and participant revoke");
  }
  const absl::Status added = AddKey(context, options);
  if (!added.ok()) return added;
  return Revoke(context, options);
}

absl::Status List(Context& context) {
  const absl::StatusOr<std::vector<ParticipantState>> participants = FetchParticipants(context);
  if (!participants.ok()) return participants.status();
  for (const ParticipantState& participant : *participants) {
    const ParticipantDetails& details = participant.details();
    std::vector<absl::string_view> roles;
    for (const Role role : details.roles.List()) roles.push_back(RoleName(role));
    std::printf("%s\n  %s, %s%s\n  %s\n", participant.id().c_str(),
                ForTerminal(details.legal_name).c_str(), details.country.c_str(),
                details.domain.empty() ? "" : absl::StrCat(", ", details.domain).c_str(),
                absl::StrJoin(roles, ", ").c_str());
    if (!details.gs1_company_prefixes.empty()) {
      std::printf("  GS1 company prefixes %s\n",
                  absl::StrJoin(details.gs1_company_prefixes, ", ").c_str());
    }
    for (const ParticipantKey& key : participant.keys()) {
      std::printf("  key %s since entry %llu", DigestToHex(key.key_id).c_str(),
                  static_cast<unsigned long long>(key.added_at));
      if (key.revoked_at.has_value()) {
        std::printf(", revoked at entry %llu", static_cast<unsigned long long>(*key.revoked_at));
      }
      if (key.compromised_from.has_value()) {
        std::printf(", doubted from entry %llu",
                    static_cast<unsigned long long>(*key.compromised_from));
      }
      std::printf("\n");
    }
  }
  std::printf("%zu participant(s), as the registry tells it; passports prove it.\n",
              participants->size());
  return absl::OkStatus();
}

void AddDetailsOptions(CLI::App* command, DetailsOptions* options) {
  command->add_option("ID", options->id, "Short name for ever: a-z 0-9 . -, \"maison-aurore\"")
      ->required();
  command->add_option("--legal-name", options->legal_name, "As in the register of companies")
      ->required();
  command->add_option("--country", options->country, "ISO 3166-1 alpha-2, \"FR\"")->required();
  command->add_option("--domain", options->domain, "DNS name");
  command->add_option("--registration-number", options->registration_number,
                      "In the register below");
  command->add_option("--registration-authority", options->registration_authority,
                      "\"LEI\", \"RCS Paris\"");
  command->add_option("--role", options->roles, "May be repeated")
      ->required()
      ->transform(IsOneOf(Roles()));
  command->add_option("--gs1-prefix", options->gs1_prefixes,
                      "GS1 company prefix under which this issuer may register GTINs; may be "
                      "repeated");
  command->add_option("--laboratory-name", options->laboratory_names,
                      "Name under which this laboratory numbers its reports; may be repeated");
  AddStatementOptions(command, &options->statement);
}

}  // namespace

void AddParticipantCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("participant", "Who may say what; stewards sign (--key, repeated)")
          ->group("Setting up");
  command->require_subcommand(1);

  CLI::App* enrol = command->add_subcommand("enrol", "Enrol an organisation with its first keys");
  auto enrolment = std::make_shared<DetailsOptions>();
  AddDetailsOptions(enrol, enrolment.get());
  enrol
      ->add_option("--member-key", enrolment->member_keys,
                   "The organisation's public key (key file or 66 hexadecimal digits); may be "
                   "repeated")
      ->required();
  enrol->callback([=] { result->status = Enrol(*context, *enrolment); });

  CLI::App* change = command->add_subcommand("change", "Replace an organisation's details");
  auto changed = std::make_shared<DetailsOptions>();
  AddDetailsOptions(change, changed.get());
  change->callback([=] { result->status = Change(*context, *changed); });

  CLI::App* list = command->add_subcommand("list", "All organisations, with their keys");
  list->callback([=] { result->status = List(*context); });

  auto add_id = [](CLI::App* sub, KeyOptions* options) {
    sub->add_option("ID", options->id, "The participant's id")->required();
    AddStatementOptions(sub, &options->statement);
  };
  auto add_new = [](CLI::App* sub, KeyOptions* options) {
    sub->add_option("--new-key", options->new_key,
                    "The new public key (key file or 66 hexadecimal digits)")
        ->required();
  };
  auto add_old = [](CLI::App* sub, KeyOptions* options) {
    sub->add_option("--old-key", options->old_key,
                    "The key to revoke (key file, public key, or key id in 64 hexadecimal digits)")
        ->required();
  };

  CLI::App* add_key = command->add_subcommand("add-key", "Enrol one more key");
  auto added = std::make_shared<KeyOptions>();
  add_id(add_key, added.get());
  add_new(add_key, added.get());
  add_key->callback([=] { result->status = AddKey(*context, *added); });

  CLI::App* rotate =
      command->add_subcommand("rotate", "Enrol a new key, then revoke the one it supersedes");
  auto rotated = std::make_shared<KeyOptions>();
  add_id(rotate, rotated.get());
  add_new(rotate, rotated.get());
  add_old(rotate, rotated.get());
  rotate->callback([=] { result->status = Rotate(*context, *rotated); });

  CLI::App* revoke = command->add_subcommand("revoke", "Revoke a key");
  auto revoked = std::make_shared<KeyOptions>();
  add_id(revoke, revoked.get());
  add_old(revoke, revoked.get());
  revoke->add_option("--reason", revoked->reason, "Why")->required()->transform(IsOneOf(Reasons()));
  revoke->add_option("--compromised-from", revoked->compromised_from,
                     "Log position from which on the key may have been in other hands: entries "
                     "since then are reported as doubted");
  revoke->callback([=] { result->status = Revoke(*context, *revoked); });
}

}  // namespace touchstone::cli
