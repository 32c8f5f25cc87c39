// report add, care add: records that laboratories, workshops and issuers put into a passport.
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/claim_selection.h"
#include "cli/commands/commands.h"
#include "cli/description_file.h"
#include "cli/piece_statement.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "verifier/sha256.h"

namespace touchstone::cli {
namespace {

// A report on a stone with its plot and photographs.
constexpr size_t kDocumentBytesMax = size_t{256} << 20;

struct RecordOptions {
  PieceStatementOptions piece;
  std::string description_file;
  bool again = false;
};

struct ReportOptions : RecordOptions {
  NewClaimOptions claims;
  std::string laboratory;
  std::string report_number;
  std::string report_type;
  std::string report_date;
  std::string document;
  std::string supersedes;
  std::string component;
};

struct CareOptions : RecordOptions {
  v1::CareRecord::Kind kind = v1::CareRecord::KIND_UNSPECIFIED;
  std::string performed_on;
  std::string description;
  std::optional<uint64_t> mass_before_mg;
  std::optional<uint64_t> mass_after_mg;
  std::vector<std::string> parts;
  std::string entitlement;
  std::string next_due_on;
  std::string location;
};

// What the description says, or nothing where none was given.
template <typename Message>
absl::StatusOr<Message> Described(const char* type, const std::string& path) {
  if (path.empty()) return Message();
  return ReadDescribed<Message>(type, path);
}

absl::StatusOr<v1::LaboratoryReport> MakeReport(const ReportOptions& options) {
  absl::StatusOr<v1::LaboratoryReport> described =
      Described<v1::LaboratoryReport>("LaboratoryReport", options.description_file);
  if (!described.ok()) return described.status();
  v1::LaboratoryReport& report = *described;
  if (!options.laboratory.empty()) report.set_laboratory(options.laboratory);
  if (!options.report_number.empty()) report.set_report_number(options.report_number);
  if (!options.report_type.empty()) report.set_report_type(options.report_type);
  if (!options.report_date.empty()) report.set_report_date(options.report_date);
  if (!options.supersedes.empty()) report.set_supersedes(options.supersedes);
  if (!options.component.empty()) report.set_component_position(options.component);
  if (!options.document.empty()) {
    const absl::StatusOr<std::string> document =
        ReadPublicFile(options.document, kDocumentBytesMax);
    if (!document.ok()) return document.status();
    const Digest digest = Sha256Of(*document);
    report.set_document_sha256(digest.data(), digest.size());
  }
  return described;
}

absl::StatusOr<v1::CareRecord> MakeCareRecord(const Context& context, const CareOptions& options) {
  absl::StatusOr<v1::CareRecord> described =
      Described<v1::CareRecord>("CareRecord", options.description_file);
  if (!described.ok()) return described.status();
  v1::CareRecord& care = *described;
  if (options.kind != v1::CareRecord::KIND_UNSPECIFIED) care.set_kind(options.kind);
  if (!options.performed_on.empty()) care.set_performed_on(options.performed_on);
  if (care.performed_on().empty()) care.set_performed_on(TodayText(context));
  if (!options.description.empty()) care.set_description(options.description);
  if (options.mass_before_mg.has_value()) care.set_mass_before_mg(*options.mass_before_mg);
  if (options.mass_after_mg.has_value()) care.set_mass_after_mg(*options.mass_after_mg);
  for (const std::string& part : options.parts) care.add_parts(part);
  if (!options.entitlement.empty()) care.set_entitlement_used(options.entitlement);
  if (!options.next_due_on.empty()) care.set_next_due_on(options.next_due_on);
  if (!options.location.empty()) care.set_location(options.location);
  return described;
}

// Signs and submits a record whose event `fill` puts into the statement. What the same key has said
// before in the same words is not said again.
absl::Status AddRecord(Context& context, const RecordOptions& options, const std::string& done,
                       const NewClaimOptions& claims, absl::FunctionRef<void(v1::Statement*)> fill,
                       absl::FunctionRef<bool(const v1::Statement&)> says_the_same) {
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.piece.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  const absl::StatusOr<HeldPassport> passport = BeginPieceStatement(context, options.piece);
  if (!passport.ok()) return passport.status();
  v1::Statement statement =
      NewPassportStatement(passport->record.log.origin, *occurred_at, passport->record.passport_id);
  fill(&statement);
  const absl::Status makes_sense = FinishStatement(statement).status();
  if (!makes_sense.ok()) return makes_sense;
  const absl::StatusOr<SecretKey> key = context.SigningKey();
  if (!key.ok()) return key.status();
  if (!options.again) {
    const TimelineEntry* entry = FindOwnEntry(*passport, key->public_key().KeyId(), says_the_same);
    if (entry != nullptr) {
      ReportAlreadyThere(context, passport->record, *entry, "Say --again to add it once more.");
      return SavePassportOut(context, options.piece.passport_out, passport->record.passport_id);
    }
  }
  const absl::Status filled = FillNewClaims(context, claims, &passport->record, &statement);
  if (!filled.ok()) return filled;
  const SecretKey* const keys[] = {&*key};
  const absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, keys, options.piece.statement);
  if (!receipt.ok()) return receipt.status();
  return EndPieceStatement(context, options.piece,
                           absl::StrCat(done, " added to ", passport->record.piece.title()),
                           *receipt);
}

absl::Status AddReport(Context& context, const ReportOptions& options) {
  const absl::StatusOr<v1::LaboratoryReport> report = MakeReport(options);
  if (!report.ok()) return report.status();
  return AddRecord(
      context, options, absl::StrCat("Report ", report->laboratory(), " ", report->report_number()),
      options.claims,
      [&report](v1::Statement* statement) { *statement->mutable_laboratory_report() = *report; },
      [&report](const v1::Statement& statement) {
        if (!statement.has_laboratory_report()) return false;
        // What it contested and where the stone was before, the log has known since.
        v1::LaboratoryReport said = statement.laboratory_report();
        said.clear_contests();
        said.clear_predecessors();
        return said.SerializeAsString() == report->SerializeAsString();
      });
}

absl::Status AddCare(Context& context, const CareOptions& options) {
  const absl::StatusOr<v1::CareRecord> care = MakeCareRecord(context, options);
  if (!care.ok()) return care.status();
  return AddRecord(
      context, options, "Care record", NewClaimOptions{},
      [&care](v1::Statement* statement) { *statement->mutable_care_record() = *care; },
      [&care](const v1::Statement& statement) {
        return statement.has_care_record() &&
               statement.care_record().SerializeAsString() == care->SerializeAsString();
      });
}

void AddRecordOptions(CLI::App* command, RecordOptions* options) {
  AddPieceStatementOptions(command, &options->piece);
  command->add_option("DESCRIPTION", options->description_file,
                      "The record as JSON or protobuf's text form; the options below win over it");
  command->add_flag("--again", options->again,
                    "Add it even if the same key has added the same before");
}

}  // namespace

void AddReportCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* report =
      app->add_subcommand("report", "Laboratory reports in a passport")->group("Pieces");
  report->require_subcommand(1);
  CLI::App* command = report->add_subcommand(
      "add", "Attach a report: signed by the laboratory itself, or by an issuer as provided");
  auto options = std::make_shared<ReportOptions>();
  AddRecordOptions(command, options.get());
  AddNewClaimOptions(command, &options->claims);
  command->add_option("--laboratory", options->laboratory, "\"GIA\"");
  command->add_option("--report-number", options->report_number, "The report's number");
  command->add_option("--report-type", options->report_type, "\"Diamond Grading Report\"");
  command->add_option("--report-date", options->report_date, "2026-11-22");
  command
      ->add_option("--document", options->document,
                   "The report's file, of which the digest is recorded")
      ->type_name("FILE");
  command->add_option("--supersedes", options->supersedes, "The report number that it replaces");
  command->add_option("--component", options->component, "Which stone, as the piece calls it");
  command->callback([=] { result->status = AddReport(*context, *options); });
}

void AddCareCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* care = app->add_subcommand("care", "Care and repairs in a passport")->group("Pieces");
  care->require_subcommand(1);
  CLI::App* command =
      care->add_subcommand("add", "Record care: signed by a workshop, or by an issuer");
  auto options = std::make_shared<CareOptions>();
  AddRecordOptions(command, options.get());
  command->add_option("--kind", options->kind, "What was done")
      ->transform(IsOneOf(EnumChoices<v1::CareRecord::Kind>(
          v1::CareRecord::Kind_MAX, v1::CareRecord::Kind_IsValid, v1::CareRecord::Kind_Name)));
  command->add_option("--performed-on", options->performed_on, "2026-11-22 (default: today)");
  command->add_option("--description", options->description, "In words");
  command->add_option("--mass-before-mg", options->mass_before_mg, "Milligrams");
  command->add_option("--mass-after-mg", options->mass_after_mg, "Milligrams");
  command->add_option("--part", options->parts, "A part that was used; may be repeated");
  command->add_option("--entitlement", options->entitlement,
                      "The id of the service entitlement that this uses");
  command->add_option("--next-due-on", options->next_due_on, "2027-11-22");
  command->add_option("--location", options->location, "The workshop's town");
  command->callback([=] { result->status = AddCare(*context, *options); });
}

}  // namespace touchstone::cli
