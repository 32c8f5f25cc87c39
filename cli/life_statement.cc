#include "cli/life_statement.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/ownership.h"
#include "cli/statement_draft.h"

namespace touchstone::cli {
namespace {

bool AsksParticipant(const LifeOptions& options, Signers signers) {
  switch (signers) {
    case Signers::kParticipant:
    case Signers::kParticipantAndMaybe:
      return true;
    case Signers::kHolder:
      return false;
    case Signers::kEither:
      break;
  }
  return options.owner_key.empty();
}

absl::StatusOr<std::vector<SecretKey>> OpenKeys(Context& context, const LifeOptions& options,
                                                Signers signers, const VerifiedRecord& record) {
  std::vector<SecretKey> keys;
  if (AsksParticipant(options, signers)) {
    absl::StatusOr<SecretKey> key = context.SigningKey();
    if (!key.ok()) return key.status();
    keys.push_back(*std::move(key));
  }
  if (options.owner_key.empty()) return keys;
  absl::StatusOr<SecretKey> holder = context.OpenKey(options.owner_key);
  if (!holder.ok()) return holder.status();
  const absl::Status holds = RequireActingKey(record, holder->public_key(), "--owner-key");
  if (!holds.ok()) return holds;
  keys.push_back(*std::move(holder));
  return keys;
}

v1::Statement BeginStatement(const VerifiedRecord& record, EventKind event, uint64_t occurred_at) {
  return IsOwnershipEvent(event)
             ? NewOwnershipStatement(record, occurred_at)
             : NewPassportStatement(record.log.origin, occurred_at, record.passport_id);
}

}  // namespace

void AddLifeOptions(CLI::App* command, Signers signers, LifeOptions* options) {
  AddPieceStatementOptions(command, &options->piece);
  if (signers == Signers::kParticipant) return;
  CLI::Option* const owner_key =
      command
          ->add_option("--owner-key", options->owner_key,
                       "The key of whoever holds the piece (the claim key while it is unclaimed)")
          ->type_name("FILE");
  if (signers == Signers::kHolder) owner_key->required();
}

absl::Status SayOfPiece(Context& context, const LifeOptions& options, LifeStatement life) {
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.piece.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  const absl::StatusOr<HeldPassport> passport = BeginPieceStatement(context, options.piece);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  v1::Statement statement = BeginStatement(record, life.event, *occurred_at);
  if (absl::Status filled = life.fill(record, statement); !filled.ok()) return filled;
  const absl::Status makes_sense = FinishStatement(statement).status();
  if (!makes_sense.ok()) return makes_sense;
  absl::StatusOr<std::vector<SecretKey>> keys = OpenKeys(context, options, life.signers, record);
  if (!keys.ok()) return keys.status();
  for (SecretKey& key : life.more_keys) keys->push_back(std::move(key));
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, *keys, options.piece.statement);
  if (!receipt.ok()) return receipt.status();
  return EndPieceStatement(context, options.piece,
                           absl::StrCat(life.done, ": ", record.specification.piece.title()),
                           *receipt);
}

absl::StatusOr<TimelineEntry> EntryOfNumber(const VerifiedRecord& record, uint32_t number) {
  if (number < record.timeline.size()) return record.timeline[number];
  return absl::InvalidArgumentError(
      absl::StrCat("the passport has no entry ", number, "; its entries are 0 to ",
                   record.timeline.size() - 1, " (touchstone show says what each is)"));
}

std::string DayOrToday(const Context& context, const std::string& day) {
  return day.empty() ? TodayText(context) : day;
}

}  // namespace touchstone::cli
