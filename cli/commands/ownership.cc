// sell, claim, transfer: a piece goes from one key to the next.
#include "cli/ownership.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/claim_code_page.h"
#include "cli/commands/commands.h"
#include "cli/duration_text.h"
#include "cli/passport_name.h"
#include "cli/passport_source.h"
#include "cli/piece_statement.h"
#include "cli/statement_draft.h"
#include "cli/terminal_text.h"

namespace touchstone::cli {
namespace {

struct HandOverOptions {
  PieceStatementOptions piece;
  std::string holder_key;  // the key that hands over; of --key for sell
  NextKeyOptions next_key;
};

struct ClaimOptions : HandOverOptions {
  std::string claim_code_file;  // "-" is standard input; the terminal is asked if both are empty
};

struct SellOptions : HandOverOptions {
  bool show_claim_code = false;
  bool kept_by_store = false;
  std::string sold_on;
  std::string store;
};

struct TransferOptions : HandOverOptions {
  v1::Transfer::Kind kind = v1::Transfer::KIND_UNSPECIFIED;
  std::string effective_on;
  std::string expires_in;
};

// The newest passport, unless the piece is with the next key already: then a command that was run
// before has done its work, nothing is returned, and that has been said.
absl::StatusOr<std::optional<HeldPassport>> BeginHandOver(Context& context,
                                                          const HandOverOptions& options,
                                                          OwnershipPhase before) {
  const absl::Status sensible = CheckNextKeyOptions(options.next_key);
  if (!sensible.ok()) return sensible;
  absl::StatusOr<std::optional<PublicKey>> next = ExistingNextKey(options.next_key);
  if (!next.ok()) return next.status();
  absl::StatusOr<HeldPassport> passport = BeginPieceStatement(context, options.piece);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  if (!options.next_key.code_out.empty()) {
    next = ExistingClaimCodeKey(options.next_key, record);
    if (!next.ok()) return next.status();
  }
  if (!options.next_key.key_out.empty()) {
    next = ExistingMadeKey(options.next_key, record, options.holder_key);
    if (!next.ok()) return next.status();
  }
  if (next->has_value() && ActingKeyOf(record) == *next) {
    for (auto entry = record.timeline.rbegin(); entry != record.timeline.rend(); ++entry) {
      if (!IsOwnershipEvent(entry->event)) continue;
      ReportAlreadyThere(context, record, *entry, "The piece is with that key.");
      break;
    }
    const absl::Status saved =
        SavePassportOut(context, options.piece.passport_out, record.passport_id);
    if (!saved.ok()) return saved;
    return std::optional<HeldPassport>();
  }
  const absl::Status in_phase = RequirePhase(record, before);
  if (!in_phase.ok()) return in_phase;
  return std::optional<HeldPassport>(*std::move(passport));
}

// Puts the next key into the statement by `fill`, has both sign, and says what was done.
template <typename Fill>
absl::Status EndHandOver(Context& context, const HandOverOptions& options,
                         const VerifiedRecord& record, const SecretKey& holder,
                         const std::string& done, Fill fill) {
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.piece.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  v1::Statement statement = NewOwnershipStatement(record, *occurred_at);
  // With the holder's key in the next one's place, to find mistakes before a new key is made.
  const PublicKey stand_in = holder.public_key();
  fill(&statement, std::string(stand_in.encoded().data(), stand_in.encoded().size()));
  const absl::Status makes_sense = FinishStatement(statement).status();
  if (!makes_sense.ok()) return makes_sense;
  const absl::StatusOr<NextKey> next =
      options.next_key.code_out.empty()
          ? OpenNextKey(context, options.next_key,
                        NextKeyLabel(options.next_key, record.passport_id))
          : OpenClaimCodeKey(options.next_key, record);
  if (!next.ok()) return next.status();
  const absl::string_view encoded = next->public_key.encoded();
  fill(&statement, std::string(encoded.data(), encoded.size()));
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      HandOver(context, statement, holder, *next, options.next_key, options.piece.statement);
  if (!receipt.ok()) return receipt.status();
  const absl::Status ended = EndPieceStatement(context, options.piece, done, *receipt);
  if (!ended.ok()) return ended;
  if (!options.next_key.key_out.empty() && !context.options().json) {
    std::printf(
        "The key is in %s: whoever has it holds the piece.%s\n", options.next_key.key_out.c_str(),
        statement.has_first_sale() ? " Hand it to the customer, who then runs touchstone claim."
                                   : "");
  }
  if (!options.next_key.code_out.empty() && !context.options().json) {
    std::printf(
        "%s",
        ForTerminal(absl::StrCat("The claim code is in ", options.next_key.code_out,
                                 ": whoever has it holds the piece. Print it for the customer, who "
                                 "then runs touchstone claim; from then on it is worthless.\n"))
            .c_str());
  }
  return absl::OkStatus();
}

absl::Status SellPiece(Context& context, const SellOptions& options) {
  const absl::StatusOr<std::optional<HeldPassport>> passport =
      BeginHandOver(context, options, OwnershipPhase::kWithStore);
  if (!passport.ok() || !passport->has_value()) return passport.status();
  const absl::StatusOr<SecretKey> issuer = context.SigningKey();
  if (!issuer.ok()) return issuer.status();
  const VerifiedRecord& record = (*passport)->record;
  return EndHandOver(
      context, options, record, *issuer, absl::StrCat("Sold ", record.piece.title()),
      [&](v1::Statement* statement, const std::string& key) {
        v1::FirstSale* sale = statement->mutable_first_sale();
        sale->set_claim_key(key);
        sale->set_sold_on(options.sold_on.empty() ? TodayText(context) : options.sold_on);
        sale->set_store(options.store);
        sale->set_kept_by_store(options.kept_by_store);
      });
}

absl::Status Sell(Context& context, const SellOptions& options) {
  if (options.show_claim_code) {
    if (options.next_key.code_out.empty()) {
      return absl::InvalidArgumentError(
          "--show-claim-code goes with --claim-code-out: a code that was only shown would be lost "
          "if the connection broke");
    }
    const absl::Status can_show = CheckCanShowClaimCode();
    if (!can_show.ok()) return can_show;
  }
  const absl::Status sold = SellPiece(context, options);
  if (!sold.ok() || !options.show_claim_code) return sold;
  const absl::StatusOr<PassportName> name = PassportNameFromArgument(options.piece.passport);
  if (!name.ok()) return name.status();
  const absl::StatusOr<HeldPassport> passport = GetPassport(context, *name);
  if (!passport.ok()) return passport.status();
  const absl::StatusOr<ClaimCode> code =
      ReadClaimCodePage(options.next_key.code_out, passport->record.passport_id);
  if (!code.ok()) return code.status();
  return ShowClaimCode(*code);
}

// Claim and transfer: the key that holds the piece now, opened.
absl::StatusOr<SecretKey> OpenHolderKey(const Context& context, const HandOverOptions& options,
                                        const VerifiedRecord& record, absl::string_view name) {
  absl::StatusOr<SecretKey> key = context.OpenKey(options.holder_key);
  if (!key.ok()) return key.status();
  const absl::Status holds = RequireActingKey(record, key->public_key(), name);
  if (!holds.ok()) return holds;
  return key;
}

// The claim key from its file, or made of the code.
absl::StatusOr<SecretKey> OpenClaimKey(const Context& context, const ClaimOptions& options,
                                       const VerifiedRecord& record) {
  if (!options.holder_key.empty()) return OpenHolderKey(context, options, record, "--claim-key");
  const absl::StatusOr<ClaimCode> code = GetClaimCode(options.claim_code_file, record.passport_id);
  if (!code.ok()) return code.status();
  absl::StatusOr<SecretKey> key = code->DeriveKey(record.log.origin, record.passport_id);
  if (!key.ok()) return key.status();
  const absl::Status holds = RequireActingKey(record, key->public_key(), "the key of this code");
  if (!holds.ok()) return holds;
  return key;
}

absl::Status ClaimPiece(Context& context, const ClaimOptions& options) {
  if (!options.holder_key.empty() && !options.claim_code_file.empty()) {
    return absl::InvalidArgumentError("give either --claim-key or --claim-code-file, not both");
  }
  const absl::StatusOr<std::optional<HeldPassport>> passport =
      BeginHandOver(context, options, OwnershipPhase::kUnclaimed);
  if (!passport.ok() || !passport->has_value()) return passport.status();
  const VerifiedRecord& record = (*passport)->record;
  const absl::StatusOr<SecretKey> claim_key = OpenClaimKey(context, options, record);
  if (!claim_key.ok()) return claim_key.status();
  const absl::Status claimed = EndHandOver(context, options, record, *claim_key,
                                           absl::StrCat("Claimed ", record.piece.title()),
                                           [](v1::Statement* statement, const std::string& key) {
                                             statement->mutable_claim()->set_owner_key(key);
                                           });
  const bool is_logged = claimed.ok() && options.piece.statement.out_file.empty();
  if (is_logged && options.holder_key.empty() && !context.options().json) {
    std::printf("The claim code is worthless from now on.\n");
  }
  return claimed;
}

absl::Status TransferPiece(Context& context, const TransferOptions& options) {
  uint64_t expires_at_ms = 0;
  if (!options.expires_in.empty()) {
    const absl::StatusOr<uint64_t> valid = ParseDurationMs("--expires-in", options.expires_in);
    if (!valid.ok()) return valid.status();
    expires_at_ms = context.NowMs() + *valid;
  }
  const absl::StatusOr<std::optional<HeldPassport>> passport =
      BeginHandOver(context, options, OwnershipPhase::kOwned);
  if (!passport.ok() || !passport->has_value()) return passport.status();
  const VerifiedRecord& record = (*passport)->record;
  const absl::StatusOr<SecretKey> owner_key =
      OpenHolderKey(context, options, record, "--owner-key");
  if (!owner_key.ok()) return owner_key.status();
  return EndHandOver(
      context, options, record, *owner_key, absl::StrCat("Transferred ", record.piece.title()),
      [&](v1::Statement* statement, const std::string& key) {
        v1::Transfer* transfer = statement->mutable_transfer();
        transfer->set_kind(options.kind);
        transfer->set_to_key(key);
        transfer->set_effective_on(options.effective_on.empty() ? TodayText(context)
                                                                : options.effective_on);
        transfer->set_offer_expires_at_ms(expires_at_ms);
      });
}

}  // namespace

void AddSellCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("sell",
                          "First sale: the piece leaves the store, to whoever has the "
                          "claim key")
          ->group("Owners");
  command->footer(
      "Signed by the issuer of record (--key) and by the claim key. The customer receives it with "
      "the\n"
      "piece, best as a claim code (--claim-code-out), and moves the piece away from it with\n"
      "touchstone claim. Until then the passport says \"unclaimed\": store and printer have seen "
      "the "
      "code.");
  auto options = std::make_shared<SellOptions>();
  AddPieceStatementOptions(command, &options->piece);
  AddNextKeyOptions(command, "claim-key", "the claim key", &options->next_key);
  AddClaimCodeOutOption(command, &options->next_key);
  command->add_flag("--show-claim-code", options->show_claim_code,
                    "Show the code at the terminal too, once the sale is logged");
  command->add_option("--sold-on", options->sold_on, "2026-11-22 (default: today)");
  command->add_option("--store", options->store, "Which store, for people");
  command->add_flag("--kept-by-store", options->kept_by_store,
                    "The store keeps the claim key for a customer who has no device");
  command->callback([=] { result->status = Sell(*context, *options); });
}

void AddClaimCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("claim", "Make a piece your own: from the claim key to a key of yours")
          ->group("Owners");
  command->footer(
      "Without --claim-key and --claim-code-file the claim code is asked for at the terminal. It "
      "is\n"
      "worthless once the piece is claimed.");
  auto options = std::make_shared<ClaimOptions>();
  AddPieceStatementOptions(command, &options->piece);
  command->add_option("--claim-key", options->holder_key, "The claim key that came with the piece")
      ->type_name("FILE");
  command
      ->add_option("--claim-code-file", options->claim_code_file,
                   "The claim code that came with the piece: its page, or a file (mode 600) with "
                   "nothing else; - is standard input")
      ->type_name("FILE");
  AddNextKeyOptions(command, "owner-key", "the owner's own key", &options->next_key);
  command->callback([=] { result->status = ClaimPiece(*context, *options); });
}

void AddTransferCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("transfer", "Hand a piece on: signed by its owner and by the next one")
          ->group("Owners");
  command->footer(
      "Two people at two machines: the next owner makes a key (touchstone keygen) and tells its\n"
      "public key; the owner runs touchstone transfer ... --to-key PUBLIC-KEY --out FILE; the "
      "next\n"
      "owner runs touchstone sign FILE --key KEY, then touchstone submit FILE.");
  auto options = std::make_shared<TransferOptions>();
  AddPieceStatementOptions(command, &options->piece);
  command->add_option("--owner-key", options->holder_key, "The present owner's key")
      ->type_name("FILE")
      ->required();
  AddNextKeyOptions(command, "to-key", "the next owner's key", &options->next_key);
  command->add_option("--kind", options->kind, "Why it changes hands")
      ->required()
      ->transform(IsOneOf(EnumChoices<v1::Transfer::Kind>(
          v1::Transfer::Kind_MAX, v1::Transfer::Kind_IsValid, v1::Transfer::Kind_Name)));
  command->add_option("--effective-on", options->effective_on, "2026-11-22 (default: today)");
  command
      ->add_option("--expires-in", options->expires_in,
                   "How long the offer stands that --out writes, such as 48h (default: until "
                   "touchstone offer withdraw)")
      ->type_name("DURATION");
  command->callback([=] { result->status = TransferPiece(*context, *options); });
}

}  // namespace touchstone::cli
