// offer, notice, pledge: how a piece passes on, or is kept from it, besides sell, claim and
// transfer.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/commands/commands.h"
#include "cli/life_statement.h"
#include "verifier/public_key.h"

namespace touchstone::cli {
namespace {

struct WordsOptions : LifeOptions {
  std::string words;
};

std::string KeyBytes(const PublicKey& key) {
  return std::string(key.encoded().data(), key.encoded().size());
}

absl::Status WithdrawOffers(Context& context, const WordsOptions& options) {
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    statement.mutable_offer_withdrawn()->set_reason(options.words);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kOfferWithdrawn, Signers::kHolder, "Offers withdrawn", fill});
}

// ---- Notices. ----

struct NoticeOptions : WordsOptions {
  v1::TransferNotice::Kind kind = v1::TransferNotice::KIND_UNSPECIFIED;
  std::string to_key;
};

absl::Status GiveNotice(Context& context, const NoticeOptions& options) {
  const absl::StatusOr<PublicKey> to_key = PublicKeyFromArgument(options.to_key);
  if (!to_key.ok()) return to_key.status();
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    v1::TransferNotice& notice = *statement.mutable_transfer_notice();
    notice.set_kind(options.kind);
    notice.set_to_key(KeyBytes(*to_key));
    notice.set_grounds(options.words);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kTransferNotice, Signers::kParticipant, "Notice given", fill});
}

absl::Status ObjectToNotice(Context& context, const WordsOptions& options) {
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    statement.mutable_notice_objected()->set_reason(options.words);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kNoticeObjected, Signers::kHolder, "Objected", fill});
}

absl::Status WithdrawNotice(Context& context, const WordsOptions& options) {
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    statement.mutable_notice_withdrawn()->set_reason(options.words);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kNoticeWithdrawn, Signers::kParticipant, "Notice withdrawn", fill});
}

struct MoveOptions : LifeOptions {
  std::string to_key;
  std::string effective_on;
};

absl::Status MoveOwnership(Context& context, const MoveOptions& options) {
  std::vector<SecretKey> keys;
  if (!options.to_key.empty()) {
    absl::StatusOr<SecretKey> key = context.OpenKey(options.to_key);
    if (!key.ok()) return key.status();
    keys.push_back(*std::move(key));
  } else if (options.piece.statement.out_file.empty()) {
    return absl::InvalidArgumentError(
        "the next owner must sign too: say --to-key FILE, or --out FILE, let them run `touchstone "
        "sign FILE`, then `touchstone submit FILE`");
  }
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    statement.mutable_ownership_moved()->set_effective_on(
        DayOrToday(context, options.effective_on));
    return absl::OkStatus();
  };
  return SayOfPiece(
      context, options,
      {EventKind::kOwnershipMoved, Signers::kParticipant, "Moved", fill, std::move(keys)});
}

// ---- Pledges. ----

struct PledgeOptions : LifeOptions {
  std::string pledgee_key;
  std::string on;
  std::string due_on;
};

// The pledgee's key, where its file is here.
absl::StatusOr<std::vector<SecretKey>> PledgeesKey(Context& context, const PledgeOptions& options) {
  std::vector<SecretKey> keys;
  if (!options.piece.statement.out_file.empty()) return keys;  // signs the file
  absl::StatusOr<SecretKey> key = context.OpenKey(options.pledgee_key);
  if (!key.ok()) return key.status();
  keys.push_back(*std::move(key));
  return keys;
}

absl::Status PledgePiece(Context& context, const PledgeOptions& options) {
  const absl::StatusOr<PublicKey> pledgee = PublicKeyFromArgument(options.pledgee_key);
  if (!pledgee.ok()) return pledgee.status();
  absl::StatusOr<std::vector<SecretKey>> keys = PledgeesKey(context, options);
  if (!keys.ok()) return keys.status();
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    v1::Pledged& pledged = *statement.mutable_pledged();
    pledged.set_pledgee_key(KeyBytes(*pledgee));
    pledged.set_pledged_on(DayOrToday(context, options.on));
    pledged.set_due_on(options.due_on);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kPledged, Signers::kHolder, "Pledged", fill, *std::move(keys)});
}

absl::Status ReleasePledge(Context& context, const PledgeOptions& options) {
  absl::StatusOr<std::vector<SecretKey>> keys = PledgeesKey(context, options);
  if (!keys.ok()) return keys.status();
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    statement.mutable_pledge_released()->set_released_on(DayOrToday(context, options.on));
    return absl::OkStatus();
  };
  return SayOfPiece(
      context, options,
      {EventKind::kPledgeReleased, Signers::kHolder, "Released", fill, *std::move(keys)});
}

void AddPledgeesKey(CLI::App* command, PledgeOptions* options) {
  command
      ->add_option("--pledgee-key", options->pledgee_key,
                   "The pledgee's key file; with --out its public key is enough")
      ->required();
}

}  // namespace

void AddOfferCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* offer =
      app->add_subcommand("offer", "Offers to pass a piece on (touchstone transfer --out FILE)")
          ->group("Owners");
  offer->require_subcommand(1);
  CLI::App* command = offer->add_subcommand(
      "withdraw", "What was offered before counts no more, whoever has the file");
  auto options = std::make_shared<WordsOptions>();
  AddLifeOptions(command, Signers::kHolder, options.get());
  command->add_option("--reason", options->words, "In words");
  command->callback([=] { result->status = WithdrawOffers(*context, *options); });
}

void AddNoticeCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* notice =
      app->add_subcommand("notice",
                          "A piece moves without its key: inheritance, a lost code, a "
                          "court's order, an insurer who paid")
          ->group("Owners");
  notice->require_subcommand(1);

  CLI::App* give = notice->add_subcommand(
      "give", "Announce it: from here on the present key can object, for as long as the log says");
  auto given = std::make_shared<NoticeOptions>();
  AddLifeOptions(give, Signers::kParticipant, given.get());
  give->add_option("--kind", given->kind, "Why")
      ->required()
      ->transform(IsOneOf(EnumChoices<v1::TransferNotice::Kind>(v1::TransferNotice::Kind_MAX,
                                                                v1::TransferNotice::Kind_IsValid,
                                                                v1::TransferNotice::Kind_Name)));
  give->add_option("--to-key", given->to_key, "The next owner's public key, or its key file")
      ->required();
  give->add_option("--grounds", given->words, "In words, without names");
  give->callback([=] { result->status = GiveNotice(*context, *given); });

  CLI::App* object = notice->add_subcommand("object", "The present holder objects");
  auto objected = std::make_shared<WordsOptions>();
  AddLifeOptions(object, Signers::kHolder, objected.get());
  object->add_option("--reason", objected->words, "In words");
  object->callback([=] { result->status = ObjectToNotice(*context, *objected); });

  CLI::App* withdraw = notice->add_subcommand("withdraw", "Whoever gave it takes it back");
  auto withdrawn = std::make_shared<WordsOptions>();
  AddLifeOptions(withdraw, Signers::kParticipant, withdrawn.get());
  withdraw->add_option("--reason", withdrawn->words, "In words");
  withdraw->callback([=] { result->status = WithdrawNotice(*context, *withdrawn); });

  CLI::App* carry_out = notice->add_subcommand(
      "carry-out", "The time to object is over: the piece moves. Signed by whoever gave notice");
  auto moved = std::make_shared<MoveOptions>();
  AddLifeOptions(carry_out, Signers::kParticipant, moved.get());
  carry_out->add_option("--to-key", moved->to_key, "The next owner's key")->type_name("FILE");
  carry_out->add_option("--effective-on", moved->effective_on, "2026-11-22 (default: today)");
  carry_out->callback([=] { result->status = MoveOwnership(*context, *moved); });
}

void AddPledgeCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* pledge =
      app->add_subcommand("pledge", "A piece stands for a debt: it is not passed on meanwhile")
          ->group("Owners");
  pledge->require_subcommand(1);
  CLI::App* make = pledge->add_subcommand("make", "Signed by the owner and by the pledgee");
  auto made = std::make_shared<PledgeOptions>();
  AddLifeOptions(make, Signers::kHolder, made.get());
  AddPledgeesKey(make, made.get());
  make->add_option("--pledged-on", made->on, "2026-11-22 (default: today)");
  make->add_option("--due-on", made->due_on, "2027-11-22");
  make->callback([=] { result->status = PledgePiece(*context, *made); });

  CLI::App* release = pledge->add_subcommand("release", "Signed by the owner and by the pledgee");
  auto released = std::make_shared<PledgeOptions>();
  AddLifeOptions(release, Signers::kHolder, released.get());
  AddPledgeesKey(release, released.get());
  release->add_option("--released-on", released->on, "2026-11-22 (default: today)");
  release->callback([=] { result->status = ReleasePledge(*context, *released); });
}

}  // namespace touchstone::cli
