// incident report, incident resolve: loss, theft, damage, doubt, dispute; and how they end.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/commands/commands.h"
#include "cli/life_statement.h"

namespace touchstone::cli {
namespace {

struct ReportOptions : LifeOptions {
  v1::IncidentReported::Kind kind = v1::IncidentReported::KIND_UNSPECIFIED;
  std::string occurred_on;
  std::string country;
  std::string reference;
  std::string note;
};

absl::Status Report(Context& context, const ReportOptions& options) {
  const auto fill = [&](const VerifiedRecord&, v1::Statement& statement) {
    v1::IncidentReported& incident = *statement.mutable_incident_reported();
    incident.set_kind(options.kind);
    incident.set_occurred_on(DayOrToday(context, options.occurred_on));
    incident.set_country(options.country);
    incident.set_reference(options.reference);
    incident.set_note(options.note);
    return absl::OkStatus();
  };
  return SayOfPiece(context, options,
                    {EventKind::kIncidentReported, Signers::kEither, "Reported", fill});
}

struct ResolveOptions : LifeOptions {
  std::optional<uint32_t> entry;
  v1::IncidentResolved::Outcome outcome = v1::IncidentResolved::OUTCOME_UNSPECIFIED;
  std::string resolved_on;
  std::string note;
};

// The one incident that is open, or that of the entry that was named.
absl::StatusOr<Digest> IncidentToResolve(const VerifiedRecord& record,
                                         const ResolveOptions& options) {
  if (options.entry.has_value()) {
    const absl::StatusOr<TimelineEntry> entry = EntryOfNumber(record, *options.entry);
    if (!entry.ok()) return entry.status();
    return entry->place.digest;
  }
  const std::vector<OpenIncident>& open = record.status.life.incidents();
  if (open.size() == 1) return open.front().reported.digest;
  return absl::InvalidArgumentError(
      open.empty() ? std::string("no incident of this piece is open")
                   : absl::StrCat("this piece has ", open.size(),
                                  " open incidents: say --entry N (touchstone show says which)"));
}

absl::Status Resolve(Context& context, const ResolveOptions& options) {
  const auto fill = [&](const VerifiedRecord& record, v1::Statement& statement) -> absl::Status {
    const absl::StatusOr<Digest> incident = IncidentToResolve(record, options);
    if (!incident.ok()) return incident.status();
    v1::IncidentResolved& resolved = *statement.mutable_incident_resolved();
    resolved.set_incident(std::string(DigestBytes(*incident)));
    resolved.set_outcome(options.outcome);
    resolved.set_resolved_on(DayOrToday(context, options.resolved_on));
    resolved.set_note(options.note);
    return absl::OkStatus();
  };
  return SayOfPiece(
      context, options,
      {EventKind::kIncidentResolved, Signers::kParticipantAndMaybe, "Resolved", fill});
}

}  // namespace

void AddIncidentCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* incident =
      app->add_subcommand("incident", "Lost, stolen, damaged, doubted, disputed; and recovered")
          ->group("Pieces");
  incident->require_subcommand(1);

  CLI::App* report = incident->add_subcommand(
      "report",
      "Report one: by whoever holds the piece (--owner-key), or by a participant (--key)");
  report->footer(
      "A piece that is reported lost or stolen is not passed on, modified or taken apart before "
      "an\n"
      "insurer or an authority, or the issuer together with the holder, has it recovered.");
  auto reported = std::make_shared<ReportOptions>();
  AddLifeOptions(report, Signers::kEither, reported.get());
  report->add_option("--kind", reported->kind, "What happened")
      ->required()
      ->transform(IsOneOf(EnumChoices<v1::IncidentReported::Kind>(
          v1::IncidentReported::Kind_MAX, v1::IncidentReported::Kind_IsValid,
          v1::IncidentReported::Kind_Name)));
  report->add_option("--occurred-on", reported->occurred_on, "2026-11-22 (default: today)");
  report->add_option("--country", reported->country, "Where, \"FR\"");
  report->add_option("--reference", reported->reference, "Of the police or the insurer");
  report->add_option("--note", reported->note, "In words, without names");
  report->callback([=] { result->status = Report(*context, *reported); });

  CLI::App* resolve = incident->add_subcommand(
      "resolve", "End one: by a participant (--key), for a recovery perhaps with the holder");
  auto resolved = std::make_shared<ResolveOptions>();
  AddLifeOptions(resolve, Signers::kParticipantAndMaybe, resolved.get());
  resolve->add_option("--entry", resolved->entry,
                      "The number of the entry that reported it, where several are open");
  resolve->add_option("--outcome", resolved->outcome, "How it ended")
      ->required()
      ->transform(IsOneOf(EnumChoices<v1::IncidentResolved::Outcome>(
          v1::IncidentResolved::Outcome_MAX, v1::IncidentResolved::Outcome_IsValid,
          v1::IncidentResolved::Outcome_Name)));
  resolve->add_option("--resolved-on", resolved->resolved_on, "2026-11-22 (default: today)");
  resolve->add_option("--note", resolved->note, "In words, without names");
  resolve->callback([=] { result->status = Resolve(*context, *resolved); });
}

}  // namespace touchstone::cli
