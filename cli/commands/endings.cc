// resolve, stone-removed, end-of-life: what ends a dispute, and what ends a life.
#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/choice_option.h"
#include "cli/claim_selection.h"
#include "cli/commands/commands.h"
#include "cli/ownership.h"
#include "cli/participant_directory.h"
#include "cli/piece_statement.h"
#include "cli/statement_draft.h"

namespace touchstone::cli {
namespace {

struct ResolveOptions {
  PieceStatementOptions piece;
  std::vector<std::string> claims;
  std::string grounds;
};

// What stone-removed and end-of-life have in common.
struct RemovalOptions {
  PieceStatementOptions piece;
  std::string holder_key;
  std::vector<std::string> releases;
  std::vector<std::string> successors;
  std::string successor_issuer;
  std::string day;
  std::string words;
};

struct EndOptions : RemovalOptions {
  v1::EndOfLife::Kind kind = v1::EndOfLife::KIND_UNSPECIFIED;
};

std::string DescribeClaims(const std::vector<ClaimSubject>& claims) {
  return absl::StrJoin(claims, ", ", [](std::string* out, const ClaimSubject& claim) {
    absl::StrAppend(out, DescribeClaim(claim));
  });
}

// ---- resolve ----

absl::Status ResolveOne(Context& context, const ResolveOptions& options,
                        const VerifiedRecord& record, const SecretKey& key,
                        const ClaimSubject& claim) {
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.piece.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  v1::Statement statement =
      NewPassportStatement(record.log.origin, *occurred_at, record.passport_id);
  AddReference(claim, statement.mutable_claim_resolved()->mutable_claim());
  statement.mutable_claim_resolved()->set_grounds(options.grounds);
  const SecretKey* const keys[] = {&key};
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, keys, options.piece.statement);
  if (!receipt.ok()) return receipt.status();
  if (!receipt->has_value()) return absl::OkStatus();
  ReportLogged(
      context,
      absl::StrCat("Resolved: ", DescribeClaim(claim), " is that of ", record.piece.title()),
      **receipt);
  return absl::OkStatus();
}

// An entry that resolved one of the claims that `text` names for this piece; nullptr if there is
// none.
const TimelineEntry* FindResolution(const VerifiedRecord& record, const std::string& text) {
  const absl::StatusOr<std::vector<ClaimSubject>> held =
      SelectClaims(record, ClaimStanding::kHeld, {text});
  if (!held.ok()) return nullptr;
  for (const TimelineEntry& entry : record.timeline) {
    const absl::StatusOr<ParsedStatement> said = ParsedStatement::Parse(entry.statement);
    if (said.ok() && said->resolves() &&
        std::find(held->begin(), held->end(), *said->resolves()) != held->end()) {
      return &entry;
    }
  }
  return nullptr;
}

// A claim that is said in full: "inscription GIA 2141438167", "report GIA 2141438167".
absl::StatusOr<ClaimSubject> ClaimInFull(absl::string_view text) {
  if (absl::ConsumePrefix(&text, "inscription ")) return InscriptionClaim(text);
  const bool is_report = absl::ConsumePrefix(&text, "report ");
  const size_t number = text.rfind(' ');
  if (!is_report || number == absl::string_view::npos) {
    return absl::InvalidArgumentError("it is not said in full");
  }
  return ReportClaim(text.substr(0, number), text.substr(number + 1));
}

// Whether the claim can be given to the piece though it disputes nothing.
bool HasNoPartIn(const VerifiedRecord& record, const ClaimSubject& claim) {
  const std::vector<ClaimStatus>& claims = record.completeness.claims;
  return std::none_of(claims.begin(), claims.end(), [&claim](const ClaimStatus& status) {
    return status.claim == claim && status.standing != ClaimStanding::kReleased;
  });
}

// What the piece disputes, by any name; and what it has no part in, said in full.
absl::StatusOr<std::vector<ClaimSubject>> ClaimsToResolve(const VerifiedRecord& record,
                                                          const std::vector<std::string>& texts) {
  std::set<ClaimSubject> claims;
  for (const std::string& text : texts) {
    const absl::StatusOr<std::vector<ClaimSubject>> disputed =
        SelectClaims(record, ClaimStanding::kDisputed, {text});
    if (disputed.ok()) {
      claims.insert(disputed->begin(), disputed->end());
      continue;
    }
    const absl::StatusOr<ClaimSubject> in_full = ClaimInFull(text);
    if (!in_full.ok() || !HasNoPartIn(record, *in_full)) {
      return absl::InvalidArgumentError(
          absl::StrCat(disputed.status().message(),
                       ". To give it a claim in which it has had no part, say that in full: "
                       "'inscription GIA 2141438167', 'report GIA 2141438167'"));
    }
    claims.insert(*in_full);
  }
  return std::vector<ClaimSubject>(claims.begin(), claims.end());
}

absl::Status Resolve(Context& context, const ResolveOptions& options) {
  const absl::StatusOr<HeldPassport> passport = BeginPieceStatement(context, options.piece);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  const absl::StatusOr<std::vector<ClaimSubject>> claims = ClaimsToResolve(record, options.claims);
  if (!claims.ok()) {
    const TimelineEntry* entry = FindResolution(record, options.claims.front());
    if (entry == nullptr) return claims.status();
    ReportAlreadyThere(context, record, *entry, "It was resolved for this piece.");
    return SavePassportOut(context, options.piece.passport_out, record.passport_id);
  }
  if (claims->size() > 1 && !options.piece.statement.out_file.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("with --out, name one claim only; that was ", DescribeClaims(*claims)));
  }
  const absl::StatusOr<SecretKey> key = context.SigningKey();
  if (!key.ok()) return key.status();
  for (const ClaimSubject& claim : *claims) {
    const absl::Status resolved = ResolveOne(context, options, record, *key, claim);
    if (!resolved.ok()) return resolved;
  }
  if (!options.piece.statement.out_file.empty()) return absl::OkStatus();
  return SavePassportOut(context, options.piece.passport_out, record.passport_id);
}

// ---- stone-removed, end-of-life ----

absl::StatusOr<std::vector<std::string>> SuccessorBytes(const RemovalOptions& options) {
  std::vector<std::string> ids;
  for (const std::string& text : options.successors) {
    const absl::StatusOr<PassportId> id = PassportId::Parse(text);
    if (!id.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--successor '", text, "' is no passport id: ", id.status().message()));
    }
    ids.emplace_back(id->bytes());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

bool IsIssuer(const ParticipantDetails& details) { return details.roles.Has(Role::kIssuer); }

// Whether the participant is an issuer, as the passport shows it or else the registry.
absl::StatusOr<bool> IsIssuer(Context& context, const VerifiedRecord& record,
                              const std::string& participant) {
  if (participant == record.issuer_of_record) return true;
  for (const Signer& signer : record.signers) {
    if (signer.participant_id == participant && IsIssuer(signer.details)) return true;
  }
  const absl::StatusOr<std::vector<ParticipantState>> participants = FetchParticipants(context);
  if (!participants.ok()) return participants.status();
  return std::any_of(participants->begin(), participants->end(),
                     [&participant](const ParticipantState& state) {
                       return state.id() == participant && IsIssuer(state.details());
                     });
}

// Whose pieces alone may bear what is released: who names a successor and is an issuer means a
// piece of its own, unless it says otherwise.
absl::StatusOr<std::string> SuccessorIssuer(Context& context, const RemovalOptions& options,
                                            const VerifiedRecord& record) {
  const std::string& own = context.options().participant;
  if (!options.successor_issuer.empty()) return options.successor_issuer;
  if (options.successors.empty() || own.empty()) return std::string();
  const absl::StatusOr<bool> is_issuer = IsIssuer(context, record, own);
  if (!is_issuer.ok()) return is_issuer.status();
  return *is_issuer ? own : std::string();
}

// The participant's key and, once the piece has left the store, that of whoever holds it.
absl::StatusOr<std::vector<SecretKey>> RemovalKeys(const Context& context,
                                                   const RemovalOptions& options,
                                                   const VerifiedRecord& record) {
  std::vector<SecretKey> keys;
  absl::StatusOr<SecretKey> participant = context.SigningKey();
  if (!participant.ok()) return participant.status();
  keys.push_back(*std::move(participant));
  if (!options.holder_key.empty()) {
    absl::StatusOr<SecretKey> holder = context.OpenKey(options.holder_key);
    if (!holder.ok()) return holder.status();
    const absl::Status holds = RequireActingKey(record, holder->public_key(), "--owner-key");
    if (!holds.ok()) return holds;
    keys.push_back(*std::move(holder));
  } else if (ActingKeyOf(record).has_value() && options.piece.statement.out_file.empty()) {
    return absl::InvalidArgumentError(
        "the piece has left the store, so whoever holds it must sign too: say --owner-key FILE, or "
        "--out FILE, let them run `touchstone sign FILE`, then `touchstone submit FILE`");
  }
  return keys;
}

absl::Status SubmitRemoval(
    Context& context, const RemovalOptions& options, const VerifiedRecord& record,
    const std::string& done,
    absl::FunctionRef<void(const std::vector<ClaimSubject>& releases, v1::Statement* statement)>
        fill) {
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.piece.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  const absl::StatusOr<std::vector<ClaimSubject>> releases =
      SelectClaims(record, ClaimStanding::kHeld, options.releases);
  if (!releases.ok()) return releases.status();
  v1::Statement statement =
      NewPassportStatement(record.log.origin, *occurred_at, record.passport_id);
  fill(*releases, &statement);
  const absl::Status makes_sense = FinishStatement(statement).status();
  if (!makes_sense.ok()) return makes_sense;
  const absl::StatusOr<std::vector<SecretKey>> keys = RemovalKeys(context, options, record);
  if (!keys.ok()) return keys.status();
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, *keys, options.piece.statement);
  if (!receipt.ok()) return receipt.status();
  const std::string what =
      releases->empty() ? done : absl::StrCat(done, ", released ", DescribeClaims(*releases));
  return EndPieceStatement(context, options.piece, what, *receipt);
}

absl::Status RemoveStone(Context& context, const RemovalOptions& options) {
  const absl::StatusOr<std::vector<std::string>> successors = SuccessorBytes(options);
  if (!successors.ok()) return successors.status();
  if (successors->size() > 1) {
    return absl::InvalidArgumentError("a stone goes into one piece: name one --successor");
  }
  const absl::StatusOr<HeldPassport> passport = BeginPieceStatement(context, options.piece);
  if (!passport.ok()) return passport.status();
  const absl::StatusOr<std::string> issuer = SuccessorIssuer(context, options, passport->record);
  if (!issuer.ok()) return issuer.status();
  return SubmitRemoval(
      context, options, passport->record,
      absl::StrCat("Stone removed from ", passport->record.piece.title()),
      [&](const std::vector<ClaimSubject>& releases, v1::Statement* statement) {
        v1::StoneRemoved* removed = statement->mutable_stone_removed();
        removed->set_removed_on(options.day.empty() ? TodayText(context) : options.day);
        for (const ClaimSubject& claim : releases) AddReference(claim, removed->add_releases());
        if (!successors->empty()) removed->set_successor(successors->front());
        removed->set_successor_issuer(*issuer);
        removed->set_reason(options.words);
      });
}

absl::Status EndLife(Context& context, const EndOptions& options) {
  const absl::StatusOr<std::vector<std::string>> successors = SuccessorBytes(options);
  if (!successors.ok()) return successors.status();
  const absl::StatusOr<HeldPassport> passport = BeginPieceStatement(context, options.piece);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  if (record.status.phase == OwnershipPhase::kRetired) {
    for (const TimelineEntry& entry : record.timeline) {
      if (entry.event != EventKind::kEndOfLife) continue;
      ReportAlreadyThere(context, record, entry, "The piece has come to its end.");
    }
    return SavePassportOut(context, options.piece.passport_out, record.passport_id);
  }
  const absl::StatusOr<std::string> issuer = SuccessorIssuer(context, options, record);
  if (!issuer.ok()) return issuer.status();
  return SubmitRemoval(context, options, record, absl::StrCat("The end of ", record.piece.title()),
                       [&](const std::vector<ClaimSubject>& releases, v1::Statement* statement) {
                         v1::EndOfLife* end = statement->mutable_end_of_life();
                         end->set_kind(options.kind);
                         end->set_ended_on(options.day.empty() ? TodayText(context) : options.day);
                         for (const ClaimSubject& claim : releases)
                           AddReference(claim, end->add_releases());
                         for (const std::string& id : *successors) end->add_successors(id);
                         end->set_successor_issuer(*issuer);
                         end->set_note(options.words);
                       });
}

void AddRemovalOptions(CLI::App* command, RemovalOptions* options) {
  AddPieceStatementOptions(command, &options->piece);
  command
      ->add_option("--owner-key", options->holder_key,
                   "The key of whoever holds the piece (the claim key while it is unclaimed); not "
                   "needed while it is with the store")
      ->type_name("FILE");
  command
      ->add_option("--release", options->releases,
                   "What others may bear from here on: \"GIA 2141438167\" (the inscription and the "
                   "report), or \"all\" but the GTIN; may be repeated")
      ->type_name("CLAIM");
  command
      ->add_option("--successor-issuer", options->successor_issuer,
                   "The participant whose pieces alone can bear what is released (default: the own "
                   "one where --successor names a piece and it is an issuer)")
      ->type_name("ID");
  command->footer(
      "Signed by a workshop or an issuer (--key) and by whoever holds the piece (--owner-key);\n"
      "while it is with the store, by the issuer of record alone. A claim that is released can be\n"
      "made anew: touchstone register ... --predecessor PASSPORT.");
}

}  // namespace

void AddResolveCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("resolve", "End a dispute: this piece is the one that a claim belongs to")
          ->group("Pieces");
  command->footer(
      "Signed by the laboratory whose report or inscription it is, or by an authority. Every "
      "other\n"
      "piece that claimed or contested it has lost it. A claim in which this piece has had no "
      "part\n"
      "is given to it where it is said in full: --claim \"report GIA 2141438167\".");
  auto options = std::make_shared<ResolveOptions>();
  AddPieceStatementOptions(command, &options->piece);
  command
      ->add_option(
          "--claim", options->claims,
          "What is disputed: \"GIA 2141438167\" (the inscription and the report), \"report "
          "GIA 2141438167\" or \"all\"; may be repeated")
      ->type_name("CLAIM")
      ->required();
  command->add_option("--grounds", options->grounds, "How it was found out, in words");
  command->callback([=] { result->status = Resolve(*context, *options); });
}

void AddStoneRemovedCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("stone-removed", "A stone leaves a piece that lives on without it")
          ->group("Pieces");
  auto options = std::make_shared<RemovalOptions>();
  AddRemovalOptions(command, options.get());
  command
      ->add_option("--successor", options->successors,
                   "The id of the piece into which it goes: then no other can bear its number")
      ->type_name("ID");
  command->add_option("--removed-on", options->day, "2026-11-22 (default: today)");
  command->add_option("--reason", options->words, "In words");
  command->callback([=] { result->status = RemoveStone(*context, *options); });
}

void AddEndOfLifeCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("end-of-life", "A piece is recycled, dismantled, remounted or destroyed")
          ->group("Pieces");
  auto options = std::make_shared<EndOptions>();
  AddRemovalOptions(command, options.get());
  command->add_option("--kind", options->kind, "What became of it")
      ->required()
      ->transform(IsOneOf(EnumChoices<v1::EndOfLife::Kind>(
          v1::EndOfLife::Kind_MAX, v1::EndOfLife::Kind_IsValid, v1::EndOfLife::Kind_Name)));
  command
      ->add_option(
          "--successor", options->successors,
          "The id of a piece into which it went: then no others can bear what is released; "
          "may be repeated")
      ->type_name("ID");
  command->add_option("--ended-on", options->day, "2026-11-22 (default: today)");
  command->add_option("--note", options->words, "In words");
  command->callback([=] { result->status = EndLife(*context, *options); });
}

}  // namespace touchstone::cli
