#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/choice_option.h"
#include "cli/claim_selection.h"
#include "cli/commands/commands.h"
#include "cli/description_file.h"
#include "cli/examples.h"
#include "cli/json_reader.h"
#include "cli/message_description.h"
#include "cli/participant_directory.h"
#include "cli/piece_statement.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

struct RegisterOptions {
  std::string description_file;
  std::string example;
  std::vector<std::string> commitments;  // KIND=SHA256
  NewClaimOptions claims;
  StatementOptions statement;
  PassportOutOptions passport_out;
};

Choices<v1::Commitment::Kind> CommitmentKinds() {
  return EnumChoices<v1::Commitment::Kind>(v1::Commitment::Kind_MAX, v1::Commitment::Kind_IsValid,
                                           v1::Commitment::Kind_Name);
}

absl::Status PrintExample(const std::string& name) {
  const absl::StatusOr<absl::string_view> example = ExamplePiece(name);
  if (!example.ok()) return absl::InvalidArgumentError(example.status().message());
  return WritePublicFile("-", *example, false);
}

absl::Status AddCommitment(const std::string& text, v1::Registration* registration) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
  const Choices<v1::Commitment::Kind> kinds = CommitmentKinds();
  const absl::StatusOr<Digest> digest =
      DigestFromHex(parts.size() == 2 ? absl::string_view(parts[1]) : "");
  for (const auto& [name, kind] : kinds) {
    if (name != parts[0] || !digest.ok()) continue;
    v1::Commitment* commitment = registration->add_commitments();
    commitment->set_kind(kind);
    commitment->set_sha256(digest->data(), digest->size());
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--commitment '", text,
      "' is not KIND=SHA256 with 64 hexadecimal digits and one of the kinds ",
      absl::StrJoin(kinds, ", ",
                    [](std::string* out, const auto& kind) { out->append(kind.first); })));
}

// The bytes of that one member of a piece's JSON; empty if it is not there.
std::string MemberBytes(const JsonValue& piece, const std::string& name) {
  JsonValue alone;
  alone.kind = JsonValue::Kind::kObject;
  for (const JsonMember& member : piece.members) {
    if (member.name == name) alone.members.push_back(member);
  }
  return alone.members.empty() ? "" : MessageFromJson("Piece", alone).value_or("");
}

// The names of the fields in which two registrations differ, for a person; empty if they are the
// same.
absl::StatusOr<std::string> Differences(const v1::Registration& a, const v1::Registration& b) {
  std::vector<JsonValue> objects;
  std::set<std::string> names;
  for (const v1::Registration* registration : {&a, &b}) {
    const absl::StatusOr<std::string> text = MessageToJson(
        "Piece", registration->piece().SerializeAsString(), JsonWriter::Layout::kOneLine);
    if (!text.ok()) return text.status();
    absl::StatusOr<JsonValue> object = ParseJson(*text);
    if (!object.ok()) return object.status();
    for (const JsonMember& member : object->members) names.insert(member.name);
    objects.push_back(*std::move(object));
  }
  std::vector<std::string> different;
  for (const std::string& name : names) {
    if (MemberBytes(objects[0], name) != MemberBytes(objects[1], name)) different.push_back(name);
  }
  v1::Registration commitments[] = {a, b};
  for (v1::Registration& registration : commitments) {
    registration.clear_piece();
    // What was contested and taken over then is no part of the description.
    registration.clear_contests();
    registration.clear_predecessors();
  }
  if (commitments[0].SerializeAsString() != commitments[1].SerializeAsString()) {
    different.push_back("commitments");
  }
  return absl::StrJoin(different, ", ");
}

// The registry has a passport with this id: of the same description, then this command was run
// before; or of another one, which a registration can never become.
absl::Status AlreadyRegistered(Context& context, const RegisterOptions& options,
                               const v1::Registration& ours, const PassportId& id,
                               const absl::Status& refusal) {
  const absl::StatusOr<HeldPassport> passport = GetPassport(context, id);
  if (!passport.ok()) return refusal;
  v1::Statement theirs;
  if (!theirs.ParseFromString(passport->record.timeline.front().statement)) return refusal;
  const absl::StatusOr<std::string> differences = Differences(theirs.registration(), ours);
  if (!differences.ok()) return differences.status();
  if (differences->empty()) {
    ReportAlreadyThere(context, passport->record, passport->record.timeline.front(),
                       absl::StrCat("Passport ", id.Format(), "."));
    if (options.passport_out.file.empty()) return absl::OkStatus();
    return SavePassport(context, options.passport_out.file, *passport, options.passport_out.force);
  }
  return SameRefusal(
      refusal,
      absl::StrCat("serial ", ours.piece().serial(), " is registered already, as passport ",
                   id.Format(), ", and with another description (they differ in ", *differences,
                   "). A registration never changes; see touchstone show ", id.Format()));
}

void ReportRegistered(const Context& context, const v1::Piece& piece,
                      const RegisterOptions& options, const VerifiedReceipt& receipt,
                      const PassportId& id) {
  ReportLogged(context, absl::StrCat("Registered ", piece.serial(), ", ", piece.title()), receipt);
  if (context.options().json) return;
  const std::string& file = options.passport_out.file;
  const std::string name = file.empty() || file == "-" ? id.Format() : file;
  std::printf(
      "Passport %s\n"
      "Next: touchstone qr %s      the QR code for its card\n"
      "      touchstone sell %s    when it is sold\n",
      id.Format().c_str(), name.c_str(), name.c_str());
}

absl::Status Register(Context& context, const RegisterOptions& options) {
  if (!options.example.empty()) return PrintExample(options.example);
  if (options.description_file.empty()) {
    return absl::InvalidArgumentError(
        "no description given: touchstone register PIECE.json (begin with touchstone register "
        "--example ring > PIECE.json)");
  }
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<ParticipantId> participant = context.Participant();
  if (!participant.ok()) return participant.status();
  absl::StatusOr<v1::Piece> piece = ReadDescribed<v1::Piece>("Piece", options.description_file);
  if (!piece.ok()) return piece.status();
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  const absl::StatusOr<DerivationSecret> secret = context.OpenIssuerSecret();
  if (!secret.ok()) return secret.status();
  const absl::StatusOr<PassportId> id =
      DerivePassportId(*secret, (*policy)->origin(), *participant, piece->serial());
  if (!id.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.description_file, ": serial: ", id.status().message()));
  }

  v1::Statement statement = NewPassportStatement((*policy)->origin(), *occurred_at, *id);
  *statement.mutable_registration()->mutable_piece() = *std::move(piece);
  for (const std::string& commitment : options.commitments) {
    const absl::Status added = AddCommitment(commitment, statement.mutable_registration());
    if (!added.ok()) return added;
  }
  SetDerivedNonce(*secret, &statement);
  absl::Status status = FinishStatement(statement).status();
  if (status.ok()) {
    status = FillNewClaims(context, options.claims, nullptr, &statement);
    if (!status.ok()) return status;
    SetDerivedNonce(*secret, &statement);
    status = FinishStatement(statement).status();
  }
  if (!status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat(options.description_file, ": ", status.message()));
  }
  status = CheckPassportOut(context, options.passport_out, options.statement, *id);
  if (!status.ok()) return status;

  const absl::StatusOr<SecretKey> key = context.SigningKey();
  if (!key.ok()) return key.status();
  if (options.statement.out_file.empty()) {
    status = CheckKeyIsOf(context, *participant, key->public_key());
    if (!status.ok()) return status;
  }
  const SecretKey* const keys[] = {&*key};
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, keys, options.statement);
  if (!receipt.ok()) {
    if (RefusalNameOf(receipt.status()) != RefusalCodeName(RefusalCode::kSubjectExists)) {
      return receipt.status();
    }
    return AlreadyRegistered(context, options, statement.registration(), *id, receipt.status());
  }
  if (!receipt->has_value()) return absl::OkStatus();
  ReportRegistered(context, statement.registration().piece(), options, **receipt, *id);
  return SavePassportOut(context, options.passport_out, *id);
}

}  // namespace

void AddRegisterCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("register", "Register a piece: the first entry of its passport")
          ->group("Pieces");
  command->footer(
      "Signed by one issuer's key (--key), for the participant --participant; the passport's id "
      "is\n"
      "derived from --issuer-secret and the serial. Running it twice registers once.");
  auto options = std::make_shared<RegisterOptions>();
  command->add_option("PIECE", options->description_file,
                      "Its description, JSON or protobuf's text form; - is standard input");
  command
      ->add_option("--example", options->example,
                   absl::StrCat("Print a filled-in description (",
                                absl::StrJoin(ExampleNames(), ", "), ") and do nothing else"))
      ->type_name("NAME");
  command
      ->add_option("--commitment", options->commitments,
                   "A digest of something confidential that stays outside the log; may be repeated")
      ->type_name("KIND=SHA256");
  AddNewClaimOptions(command, &options->claims);
  AddStatementOptions(command, &options->statement);
  AddPassportOutOptions(command, &options->passport_out);
  command->callback([=] { result->status = Register(*context, *options); });
}

}  // namespace touchstone::cli
