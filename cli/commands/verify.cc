#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/offline_check.h"
#include "cli/public_file.h"
#include "cli/qr_scan.h"
#include "verifier/digital_link.h"

namespace touchstone::cli {
namespace {

// Of the QR codes in a picture, the one with a card's token; if none has one, the first, about
// which the check then says what is wrong.
absl::StatusOr<std::string> CardText(const std::string& argument) {
  const absl::StatusOr<std::vector<std::string>> texts = ReadQrArgument(argument);
  if (!texts.ok()) return texts.status();
  std::string card;
  for (const std::string& text : *texts) {
    const absl::StatusOr<DigitalLink> link = DigitalLink::Parse(text);
    if (!link.ok() || link->token().empty()) continue;
    if (!card.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(argument, " shows the QR codes of several cards; take a picture of one"));
    }
    card = text;
  }
  return card.empty() ? texts->front() : card;
}

absl::Status Verify(Context& context, OfflineCheckOptions options, const std::string& qr,
                    CommandResult* result) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  if (!qr.empty()) {
    absl::StatusOr<std::string> card = CardText(qr);
    if (!card.ok()) return card.status();
    options.card = *std::move(card);
  }
  const absl::StatusOr<CheckAnswer> answer =
      RunOfflineCheck(options, **policy, context.options().json);
  if (!answer.ok()) return answer.status();
  result->exit_status = answer->exit_status;
  return WritePublicFile("-", answer->text, false);
}

}  // namespace

void AddVerifyCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("verify", "Check a passport, a card or the object in your hand, offline")
          ->group("Checking");
  auto options = std::make_shared<OfflineCheckOptions>();
  auto qr = std::make_shared<std::string>();
  AddOfflineCheckOptions(command, options.get());
  command
      ->add_option("--qr", *qr,
                   "A picture of a card's QR code, or its text; with FILE, whether it is the card "
                   "of that piece")
      ->type_name("PICTURE|TEXT")
      ->check(GivenNotEmpty());
  command->callback([=] { result->status = Verify(*context, *options, *qr, result); });
}

}  // namespace touchstone::cli
