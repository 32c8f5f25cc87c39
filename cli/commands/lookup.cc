#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "verifier/claim.h"
#include "verifier/gtin.h"
#include "verifier/refusal.h"
#include "verifier/verdict_json.h"
#include "verifier/verdict_text.h"
#include "verifier/verify_absence.h"

namespace touchstone::cli {
namespace {

struct LookupOptions {
  PassportNameOptions name;
  std::string out_file;
  bool force = false;
  CheckpointChoice checkpoint = CheckpointChoice::kNewest;
};

// What the answer must be about.
struct SoughtAs {
  static absl::StatusOr<Sought> From(const absl::StatusOr<ClaimSubject>& claim) {
    if (!claim.ok()) return claim.status();
    return Sought::Claim(*claim);
  }

  absl::StatusOr<Sought> operator()(const PassportFile& file) const {
    return absl::InvalidArgumentError(
        absl::StrCat(file.path,
                     " is a file: look at it with `touchstone verify`, or ask for what "
                     "has changed with `touchstone refresh`"));
  }
  absl::StatusOr<Sought> operator()(const PassportId& id) const { return Sought::Id(id); }
  absl::StatusOr<Sought> operator()(const ByGtinSerial& key) const {
    const absl::StatusOr<Gtin> gtin = Gtin::ParseAnyLength(key.gtin);
    if (!gtin.ok()) return gtin.status();
    return From(GtinSerialClaim(*gtin, key.serial));
  }
  absl::StatusOr<Sought> operator()(const ByInscription& key) const {
    return From(InscriptionClaim(key.text));
  }
  absl::StatusOr<Sought> operator()(const ByReport& key) const {
    return From(ReportClaim(key.laboratory, key.report_number));
  }
};

absl::Status NotBelieved(const absl::Status& status) {
  if (!RefusalCodeOf(status).has_value()) return status;
  return SameRefusal(status, absl::StrCat("what the registry answered does not hold, and says "
                                          "nothing: ",
                                          WithCosignedHint(status).message()));
}

absl::Status SaveAbsence(const LookupOptions& options, const std::string& file) {
  if (options.out_file.empty()) return absl::OkStatus();
  absl::Status status = WritePublicFile(options.out_file, file, options.force);
  if (status.ok() && options.out_file != "-") {
    std::fprintf(stderr, "Saved %s (%zu bytes, verified).\n", options.out_file.c_str(),
                 file.size());
  }
  return status;
}

absl::Status Lookup(Context& context, const LookupOptions& options) {
  const absl::StatusOr<PassportName> name = PassportNameFromOptions(options.name);
  if (!name.ok()) return name.status();
  const absl::StatusOr<Sought> sought = std::visit(SoughtAs(), *name);
  if (!sought.ok()) return sought.status();
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<PieceKey> key = PieceKeyOf(*name);
  if (!key.ok()) return key.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  absl::StatusOr<FoundPiece> found = (*client)->Lookup(*key, options.checkpoint);
  if (!found.ok()) return found.status();

  std::string text;
  absl::Status saved;
  if (found->present) {
    const absl::StatusOr<HeldPassport> passport =
        CheckPassportBytes(context, *name, std::move(found->file));
    if (!passport.ok()) return NotBelieved(passport.status());
    if (!options.out_file.empty()) {
      saved = SavePassport(context, options.out_file, *passport, options.force);
    }
    const Verdict verdict = Verdict::FromRecord(passport->record);
    text = context.options().json ? VerdictToJson(verdict) : VerdictToText(verdict);
  } else {
    absl::StatusOr<ProvenAbsence> absence = CheckAbsence(**policy, found->file, context.NowMs());
    if (!absence.ok()) return NotBelieved(absence.status());
    if (absence->sought != *sought) {
      return absl::DataLossError(
          absl::StrCat("the registry was asked for ", DescribeSought(*sought),
                       " and proved that there is no ", DescribeSought(absence->sought)));
    }
    saved = SaveAbsence(options, found->file);
    const AbsenceVerdict verdict = AbsenceVerdict::From(*std::move(absence));
    text = context.options().json ? AbsenceVerdictToJson(verdict) : AbsenceVerdictToText(verdict);
  }
  if (!saved.ok() || options.out_file == "-") return saved;
  return WritePublicFile("-", text, false);
}

}  // namespace

void AddLookupCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand(
             "lookup",
             "Whether a piece bears an inscription, a report number, a GTIN with serial "
             "or an id: its passport, or the proof that there is none")
          ->group("Checking");
  command->footer(
      "Either answer is proven and checked here; the registry's word alone is never believed. "
      "Exit\n"
      "status 0 for both: --json tells them apart by \"touchstone_verdict\" and\n"
      "\"touchstone_absence_verdict\". A saved proof is checked again by `touchstone verify "
      "FILE`.");
  auto options = std::make_shared<LookupOptions>();
  AddPassportNameOptions(command, &options->name);
  command->add_option("--out", options->out_file, "Where to save the passport, or the proof")
      ->type_name("FILE");
  command->add_flag("--force", options->force, "Replace whatever is there");
  AddCosignedOption(command, &options->checkpoint);
  command->callback([=] { result->status = Lookup(*context, *options); });
}

}  // namespace touchstone::cli
