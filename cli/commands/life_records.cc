// assay, modify, appraise, custody, correct, entitlement, document, erasure: what is said of a
// piece in its later life.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/claim_selection.h"
#include "cli/commands/commands.h"
#include "cli/description_file.h"
#include "cli/life_statement.h"

namespace touchstone::cli {
namespace {

// A statement whose event is a description in a file.
struct DescribedOptions : LifeOptions {
  std::string description_file;
  NewClaimOptions claims;
};

void AddDescription(CLI::App* command, const std::string& what, std::string* file) {
  command->add_option("DESCRIPTION", *file, what + ", as JSON or protobuf's text form")->required();
}

absl::Status Assay(Context& context, const DescribedOptions& options) {
  const auto report = ReadDescribed<v1::AssayReport>("AssayReport", options.description_file);
  if (!report.ok()) return report.status();
  const auto fill = [&report](const VerifiedRecord&, v1::Statement& statement) {
    *statement.mutable_assay_report() = *report;
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kAssayReport, Signers::kParticipant, "Assay added", fill});
}

absl::Status Modify(Context& context, const DescribedOptions& options) {
  const auto modification =
      ReadDescribed<v1::Modification>("Modification", options.description_file);
  if (!modification.ok()) return modification.status();
  const auto fill = [&](const VerifiedRecord& record, v1::Statement& statement) {
    v1::Modification& event = *statement.mutable_modification();
    event = *modification;
    if (event.performed_on().empty()) event.set_performed_on(DayOrToday(context, ""));
    // What a piece was registered with never changes; nobody need copy it.
    event.mutable_piece()->set_gtin14(record.piece.gtin14());
    event.mutable_piece()->set_serial(record.piece.serial());
    return FillNewClaims(context, options.claims, &record, &statement);
  };
  return SayOfPiece(context, options,
                    {EventKind::kModification, Signers::kParticipantAndMaybe, "Modified", fill});
}

absl::Status Appraise(Context& context, const DescribedOptions& options) {
  const auto appraisal = ReadDescribed<v1::Appraisal>("Appraisal", options.description_file);
  if (!appraisal.ok()) return appraisal.status();
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    *statement.mutable_appraisal() = *appraisal;
    if (appraisal->effective_on().empty()) {
      statement.mutable_appraisal()->set_effective_on(DayOrToday(context, ""));
    }
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kAppraisal, Signers::kParticipant, "Appraised", fill});
}

struct CustodyOptions : LifeOptions {
  v1::Custody::Kind kind = v1::Custody::KIND_UNSPECIFIED;
  std::string on;
  std::string reason;
  std::string condition;
  std::string location;
  uint64_t mass_mg = 0;
};

absl::Status TakeCustody(Context& context, const CustodyOptions& options) {
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    v1::Custody& custody = *statement.mutable_custody();
    custody.set_kind(options.kind);
    custody.set_on(DayOrToday(context, options.on));
    custody.set_reason(options.reason);
    custody.set_condition(options.condition);
    custody.set_location(options.location);
    custody.set_total_mass_mg(options.mass_mg);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kCustody, Signers::kParticipant,
                     options.kind == v1::Custody::RECEIVED ? "Received" : "Returned", fill});
}

struct CorrectOptions : DescribedOptions {
  uint32_t entry = 0;
  std::string reason;
  std::vector<std::string> releases;
};

// The replacement for an entry of that kind, as its file describes it.
absl::Status FillReplacement(const CorrectOptions& options, const VerifiedRecord& record,
                             EventKind corrected, v1::Correction& correction) {
  if (options.description_file.empty()) return absl::OkStatus();
  const auto take = [](const auto& described, auto* field) {
    if (described.ok()) *field = *described;
    return described.status();
  };
  const std::string& file = options.description_file;
  switch (corrected) {
    case EventKind::kCareRecord:
      return take(ReadDescribed<v1::CareRecord>("CareRecord", file),
                  correction.mutable_care_record());
    case EventKind::kAssayReport:
      return take(ReadDescribed<v1::AssayReport>("AssayReport", file),
                  correction.mutable_assay_report());
    case EventKind::kAppraisal:
      return take(ReadDescribed<v1::Appraisal>("Appraisal", file), correction.mutable_appraisal());
    case EventKind::kRegistration:
    case EventKind::kModification: {
      const absl::Status status =
          take(ReadDescribed<v1::Piece>("Piece", file), correction.mutable_piece());
      correction.mutable_piece()->set_gtin14(record.piece.gtin14());
      correction.mutable_piece()->set_serial(record.piece.serial());
      correction.mutable_piece()->clear_entitlements();
      return status;
    }
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("a ", EventName(corrected), " is only withdrawn: give no description"));
  }
}

absl::Status Correct(Context& context, const CorrectOptions& options) {
  const auto fill = [&](const VerifiedRecord& record, v1::Statement& statement) -> absl::Status {
    const absl::StatusOr<TimelineEntry> entry = EntryOfNumber(record, options.entry);
    if (!entry.ok()) return entry.status();
    v1::Correction& correction = *statement.mutable_correction();
    correction.set_corrects(std::string(DigestBytes(entry->place.digest)));
    correction.set_reason(options.reason);
    absl::Status status = FillReplacement(options, record, entry->event, correction);
    if (!status.ok()) return status;
    if (!options.releases.empty()) {
      const absl::StatusOr<std::vector<ClaimSubject>> releases =
          SelectClaims(record, ClaimStanding::kHeld, options.releases);
      if (!releases.ok()) return releases.status();
      for (const ClaimSubject& claim : *releases) AddReference(claim, correction.add_releases());
    }
    return FillNewClaims(context, options.claims, &record, &statement);
  };
  return SayOfPiece(context, options,
                    {EventKind::kCorrection, Signers::kParticipant, "Corrected", fill});
}

struct GrantOptions : LifeOptions {
  std::string id;
  std::string title;
  uint32_t uses = 0;
  std::string valid_until;
};

absl::Status Grant(Context& context, const GrantOptions& options) {
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    v1::ServiceEntitlement& entitlement =
        *statement.mutable_entitlement_granted()->mutable_entitlement();
    entitlement.set_id(options.id);
    entitlement.set_title(options.title);
    entitlement.set_uses(options.uses);
    entitlement.set_valid_until(options.valid_until);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kEntitlementGranted, Signers::kParticipant, "Granted", fill});
}

absl::Status AddDocuments(Context& context, const DescribedOptions& options) {
  const auto added = ReadDescribed<v1::DocumentsAdded>("DocumentsAdded", options.description_file);
  if (!added.ok()) return added.status();
  const auto fill = [&added](const VerifiedRecord&, v1::Statement& statement) {
    *statement.mutable_documents_added() = *added;
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kDocumentsAdded, Signers::kEither, "Documents added", fill});
}

}  // namespace

void AddAssayCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("assay",
                          "Add what an assay found, or a hallmark: by a laboratory or an "
                          "issuer")
          ->group("Pieces");
  auto options = std::make_shared<DescribedOptions>();
  AddLifeOptions(command, Signers::kParticipant, options.get());
  AddDescription(command, "The assay (AssayReport)", &options->description_file);
  command->callback([=] { result->status = Assay(*context, *options); });
}

void AddModifyCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command = app->add_subcommand("modify",
                                          "The piece is another one from here on: resized, reset, "
                                          "remodelled")
                          ->group("Pieces");
  command->footer(
      "Signed by the issuer of record (--key), or by a workshop or issuer and whoever holds the\n"
      "piece (--owner-key). The description holds the whole specification as it is now (piece);\n"
      "GTIN and serial are filled in. Start from `touchstone verify FILE --json`: "
      "specification.piece.");
  auto options = std::make_shared<DescribedOptions>();
  AddLifeOptions(command, Signers::kParticipantAndMaybe, options.get());
  AddNewClaimOptions(command, &options->claims);
  AddDescription(command, "What was done (Modification)", &options->description_file);
  command->callback([=] { result->status = Modify(*context, *options); });
}

void AddAppraiseCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("appraise", "Add an appraisal: signed by an appraiser")->group("Pieces");
  command->footer(
      "The value itself is confidential: the description holds a commitment to it, of the kind\n"
      "APPRAISED_VALUE.");
  auto options = std::make_shared<DescribedOptions>();
  AddLifeOptions(command, Signers::kParticipant, options.get());
  AddDescription(command, "The appraisal (Appraisal)", &options->description_file);
  command->callback([=] { result->status = Appraise(*context, *options); });
}

void AddCustodyCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* custody =
      app->add_subcommand("custody", "A piece is handed in for work, and back")->group("Pieces");
  custody->require_subcommand(1);
  const auto add = [=](const char* name, const char* help, v1::Custody::Kind kind) {
    CLI::App* command = custody->add_subcommand(name, help);
    auto options = std::make_shared<CustodyOptions>();
    options->kind = kind;
    AddLifeOptions(command, Signers::kParticipant, options.get());
    command->add_option("--on", options->on, "2026-11-22 (default: today)");
    command->add_option("--reason", options->reason, "\"resizing\"");
    command->add_option("--condition", options->condition, "As it was seen, in words");
    command->add_option("--mass-mg", options->mass_mg, "As it was weighed, milligrams");
    command->add_option("--location", options->location, "The town");
    command->callback([=] { result->status = TakeCustody(*context, *options); });
  };
  add("receive", "It was handed in", v1::Custody::RECEIVED);
  add("return", "It was handed back", v1::Custody::RETURNED);
}

void AddCorrectCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("correct", "Say that an earlier entry of your own was wrong")
          ->group("Pieces");
  command->footer(
      "The earlier entry stays, and is shown as corrected. With a description (of the kind that "
      "the\nentry was: a Piece for a registration or a modification) that is what should have been "
      "said;\nwithout one the entry is withdrawn. Signed by who said it (--key).");
  auto options = std::make_shared<CorrectOptions>();
  AddLifeOptions(command, Signers::kParticipant, options.get());
  AddNewClaimOptions(command, &options->claims);
  command->add_option("DESCRIPTION", options->description_file, "What should have been said");
  command->add_option("--entry", options->entry, "Its number, as touchstone show has it")
      ->required();
  command->add_option("--reason", options->reason, "What was wrong")->required();
  command
      ->add_option("--release", options->releases,
                   "A number that was mistyped in the registration, and is another's; may be "
                   "repeated")
      ->type_name("CLAIM");
  command->callback([=] { result->status = Correct(*context, *options); });
}

void AddEntitlementCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* entitlement =
      app->add_subcommand("entitlement", "Services that come with a piece")->group("Pieces");
  entitlement->require_subcommand(1);
  CLI::App* command = entitlement->add_subcommand(
      "grant", "Grant one: signed by the issuer of record. Used by touchstone care add");
  auto options = std::make_shared<GrantOptions>();
  AddLifeOptions(command, Signers::kParticipant, options.get());
  command->add_option("--id", options->id, "New in this piece")->required();
  command->add_option("--title", options->title, "\"Complimentary annual cleaning\"");
  command->add_option("--uses", options->uses, "How often (default: without limit)");
  command->add_option("--valid-until", options->valid_until, "2031-11-22 (default: for life)");
  command->callback([=] { result->status = Grant(*context, *options); });
}

void AddDocumentCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* document =
      app->add_subcommand("document", "Pictures and papers of a piece")->group("Pieces");
  document->require_subcommand(1);
  CLI::App* command = document->add_subcommand(
      "add", "Record digests of public ones, commitments to confidential ones");
  auto options = std::make_shared<DescribedOptions>();
  AddLifeOptions(command, Signers::kEither, options.get());
  AddDescription(command, "What is added (DocumentsAdded)", &options->description_file);
  command->callback([=] { result->status = AddDocuments(*context, *options); });
}

}  // namespace touchstone::cli
