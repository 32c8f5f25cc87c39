#include "cli/offline_check.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/committed_document.h"
#include "cli/duration_text.h"
#include "cli/opening_file.h"
#include "cli/public_file.h"
#include "cli/reservations.h"
#include "cli/text_argument.h"
#include "verifier/claim.h"
#include "verifier/container.h"
#include "verifier/limits.h"
#include "verifier/ownership_proof.h"
#include "verifier/verdict_json.h"
#include "verifier/verdict_text.h"
#include "verifier/verify_absence.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_ownership_proof.h"
#include "verifier/verify_passport.h"

namespace touchstone::cli {
namespace {

// Of the passport that a proof of ownership is checked against, at most, unless --max-age says
// otherwise: whoever held the piece then may have passed it on since. Registries make a newer
// checkpoint at least once a day.
constexpr uint64_t kProofMaxAgeMs = uint64_t{24} * 3600 * 1000;

absl::StatusOr<std::optional<uint64_t>> MaxAgeMs(const OfflineCheckOptions& options) {
  if (options.max_age.empty()) return std::optional<uint64_t>();
  const absl::StatusOr<uint64_t> age = ParseDurationMs("--max-age", options.max_age);
  if (!age.ok()) return age.status();
  return std::optional<uint64_t>(*age);
}

absl::StatusOr<std::array<uint32_t, 3>> ParseMeasurements(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::ByAnyChar("x,"));
  std::array<uint32_t, 3> measurements = {};
  bool good = parts.size() == measurements.size();
  for (size_t i = 0; good && i < measurements.size(); ++i) {
    good = absl::SimpleAtoi(parts[i], &measurements[i]);
  }
  if (good) return measurements;
  return absl::InvalidArgumentError(
      absl::StrCat("--measurements-um '", text,
                   "' is not length x width x depth in micrometres, such as 7310x6420x4680"));
}

absl::StatusOr<Observed> ObservedFrom(const OfflineCheckOptions& options) {
  Observed observed;
  observed.inscription = options.inscription;
  observed.serial = options.serial;
  observed.mass_mg = options.mass_mg;
  observed.mass_tolerance_mg = options.mass_tolerance_mg.value_or(observed.mass_tolerance_mg);
  if (!options.measurements_um.empty()) {
    const absl::StatusOr<std::array<uint32_t, 3>> measurements =
        ParseMeasurements(options.measurements_um);
    if (!measurements.ok()) return measurements.status();
    observed.measurements_um = *measurements;
  }
  observed.measurement_tolerance_um =
      options.measurement_tolerance_um.value_or(observed.measurement_tolerance_um);
  observed.ring_inner_circumference_um = options.ring_size_um;
  observed.ring_size_tolerance_um =
      options.ring_size_tolerance_um.value_or(observed.ring_size_tolerance_um);
  if (!options.card.empty()) observed.card = options.card;
  return observed;
}

// The user's own limit counts where it is stricter than the policy's.
void ApplyMaxAge(std::optional<uint64_t> max_age_ms, Freshness* freshness) {
  if (!max_age_ms.has_value()) return;
  switch (freshness->kind) {
    case FreshnessKind::kFinal:
    case FreshnessKind::kClockBehind:
      return;
    case FreshnessKind::kWithinMaxAge:
    case FreshnessKind::kStale:
    case FreshnessKind::kNoMaxAge:
      break;
  }
  freshness->max_age_ms = std::min(*max_age_ms, freshness->max_age_ms.value_or(*max_age_ms));
  freshness->kind = freshness->age_ms > *freshness->max_age_ms ? FreshnessKind::kStale
                                                               : FreshnessKind::kWithinMaxAge;
}

ExitStatus ExitStatusOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kVerified:
      return kExitOk;
    case Outcome::kRefused:
      return kExitRefused;
    case Outcome::kCannotJudge:
      return kExitCannotJudge;
  }
  return kExitRefused;
}

CheckAnswer AnswerOf(Verdict verdict, const OfflineCheckOptions& options,
                     std::optional<uint64_t> max_age_ms, bool json) {
  Reservations reservations;
  if (verdict.record.has_value()) {
    VerifiedRecord& record = *verdict.record;
    ApplyMaxAge(max_age_ms, &record.freshness);
    ReserveRecord(record, options.reservations, &reservations);
  }
  const bool verified = verdict.outcome == Outcome::kVerified;
  return {json ? VerdictToJson(verdict) : absl::StrCat(VerdictToText(verdict), reservations.Text()),
          verified ? reservations.exit_status() : ExitStatusOf(verdict.outcome)};
}

CheckAnswer AnswerOf(CardVerdict verdict, const OfflineCheckOptions& options,
                     std::optional<uint64_t> max_age_ms, bool json) {
  Reservations reservations;
  if (verdict.freshness.has_value()) {
    ApplyMaxAge(max_age_ms, &*verdict.freshness);
    ReserveFreshness(*verdict.freshness, options.reservations, &reservations);
  }
  const bool verified = verdict.outcome == Outcome::kVerified;
  return {json ? CardVerdictToJson(verdict)
               : absl::StrCat(CardVerdictToText(verdict), reservations.Text()),
          verified ? reservations.exit_status() : ExitStatusOf(verdict.outcome)};
}

CheckAnswer AnswerOf(AbsenceVerdict verdict, const OfflineCheckOptions& options,
                     std::optional<uint64_t> max_age_ms, bool json) {
  Reservations reservations;
  if (verdict.absence.has_value()) {
    ApplyMaxAge(max_age_ms, &verdict.absence->freshness);
    ReserveFreshness(verdict.absence->freshness, options.reservations, &reservations);
    if (options.inscription.has_value()) {
      const absl::StatusOr<ClaimSubject> claim = InscriptionClaim(*options.inscription);
      if (!claim.ok() || verdict.absence->sought != Sought::Claim(*claim)) {
        reservations.Wrong("it is about something else than the inscription that was read");
      }
    }
  }
  const bool verified = verdict.outcome == Outcome::kVerified;
  return {json ? AbsenceVerdictToJson(verdict)
               : absl::StrCat(AbsenceVerdictToText(verdict), reservations.Text()),
          verified ? reservations.exit_status() : ExitStatusOf(verdict.outcome)};
}

// Whoever is about to buy must know of all that lies on the piece: what is allowed of it may hide
// what is not. The state that ReserveRecord has said is not said again.
void ReserveOtherStates(const HoldingStatus& status, const ReservationOptions& options,
                        Reservations* reservations) {
  const PieceLife& life = status.life;
  std::vector<absl::string_view> states;
  for (const OpenIncident& incident : life.incidents()) {
    switch (incident.kind) {
      case v1::IncidentReported::STOLEN:
        states.push_back("stolen");
        break;
      case v1::IncidentReported::LOST:
        states.push_back("reported_lost");
        break;
      case v1::IncidentReported::TOTAL_LOSS:
        states.push_back("total_loss");
        break;
      default:
        states.push_back(incident.confirmed ? "counterfeit" : "suspected");
    }
  }
  if (life.Has(Restraint::kDisputed)) states.push_back("ownership_disputed");
  if (life.Has(Restraint::kNotice)) states.push_back("moving");
  if (life.Has(Restraint::kPledged)) states.push_back("pledged");
  std::vector<absl::string_view> said = {PieceStateName(status)};
  for (const absl::string_view state : states) {
    if (std::find(said.begin(), said.end(), state) != said.end()) continue;
    said.push_back(state);
    if (std::find(options.allow.begin(), options.allow.end(), state) == options.allow.end()) {
      reservations->NotShown(absl::StrCat("the piece is ", state, " too"));
    }
  }
}

CheckAnswer AnswerOf(OwnershipVerdict verdict, const OfflineCheckOptions& options,
                     std::optional<uint64_t> max_age_ms, bool json) {
  Reservations reservations;
  if (verdict.ownership.has_value()) {
    VerifiedRecord& record = verdict.ownership->record;
    ApplyMaxAge(max_age_ms.value_or(kProofMaxAgeMs), &record.freshness);
    ReserveRecord(record, options.reservations, &reservations);
    ReserveOtherStates(record.status, options.reservations, &reservations);
    if (verdict.ownership->holder == HolderKind::kClaimKey) {
      ReserveUnclaimed(options.reservations, &reservations);
    }
  }
  const bool verified = verdict.outcome == Outcome::kVerified;
  return {json ? OwnershipVerdictToJson(verdict)
               : absl::StrCat(OwnershipVerdictToText(verdict), reservations.Text()),
          verified ? reservations.exit_status() : ExitStatusOf(verdict.outcome)};
}

// What was observed of the object has nothing to be compared with on a card alone.
bool ObservesObject(const OfflineCheckOptions& options) {
  return options.inscription.has_value() || options.serial.has_value() ||
         options.mass_mg.has_value() || !options.measurements_um.empty() ||
         options.ring_size_um.has_value();
}

// A document from a file, and its opening where one is given or lies beside it.
struct DocumentAtHand {
  std::string name;
  std::string bytes;
  std::optional<DocumentOpening> opening;
};

absl::StatusOr<DocumentAtHand> ReadDocument(const OfflineCheckOptions& options) {
  DocumentAtHand document = {.name = options.document_file, .bytes = {}, .opening = {}};
  absl::StatusOr<std::string> bytes =
      ReadPublicFile(options.document_file, limits::kDocumentBytesMax);
  if (!bytes.ok()) return bytes.status();
  document.bytes = *std::move(bytes);
  std::string opening_file = options.opening_file;
  if (opening_file.empty()) {
    const std::string beside = absl::StrCat(options.document_file, ".opening");
    if (access(beside.c_str(), F_OK) == 0) opening_file = beside;
  }
  if (opening_file.empty()) return document;
  absl::StatusOr<DocumentOpening> opening = ReadOpeningFile(opening_file);
  if (!opening.ok()) return opening.status();
  document.opening = *std::move(opening);
  return document;
}

Comparison CompareDocument(const VerifiedRecord& record, const DocumentAtHand& document) {
  const DocumentOpening* const opening =
      document.opening.has_value() ? &*document.opening : nullptr;
  const absl::StatusOr<CommittedDocument> match = MatchDocument(record, document.bytes, opening);
  Comparison comparison;
  comparison.what = "document";
  comparison.observed = document.name;
  if (!match.ok()) {
    comparison.match = Match::kDiffers;
    comparison.note = std::string(match.status().message());
    return comparison;
  }
  comparison.match = Match::kMatches;
  comparison.recorded =
      absl::StrCat(DocumentKindText(match->part), " ", DigestToHex(match->part.digest), ", ",
                   DescribeEntry(record, match->entry_number));
  if (match->erased_by.has_value()) {
    comparison.note = absl::StrCat("entry ", *match->erased_by, " says that it was destroyed");
  }
  return comparison;
}

}  // namespace

void AddOfflineCheckOptions(CLI::App* command, OfflineCheckOptions* options) {
  command->add_option("FILE", options->passport_file,
                      "The .passport file (or an .absence file); - is standard input");
  command
      ->add_option("--cards", options->cards_file,
                   "The enrolled card keys (touchstone card fetch), for a QR code without its "
                   "passport")
      ->type_name("FILE");
  const std::string object = "The object in your hand";
  command->add_option("--inscription", options->inscription, "As it reads under the loupe")
      ->group(object);
  command->add_option("--serial", options->serial, "The serial on the piece")->group(object);
  command->add_option("--mass-mg", options->mass_mg, "Mass of the whole piece, in milligrams")
      ->group(object);
  command->add_option("--mass-tolerance-mg", options->mass_tolerance_mg, "(default 20)")
      ->group(object);
  command
      ->add_option("--measurements-um", options->measurements_um,
                   "Of its stone, in micrometres: length x width x depth; for round ones smallest "
                   "and largest diameter x depth")
      ->type_name("LxWxD")
      ->group(object);
  command
      ->add_option("--measurement-tolerance-um", options->measurement_tolerance_um, "(default 30)")
      ->group(object);
  command
      ->add_option("--ring-size-um", options->ring_size_um,
                   "Inner circumference of a ring (ISO 8653), in micrometres")
      ->group(object);
  command->add_option("--ring-size-tolerance-um", options->ring_size_tolerance_um, "(default 500)")
      ->group(object);
  const std::string document = "A document in your hand";
  command
      ->add_option("--document", options->document_file,
                   "Which entry commits to it, who signed that, and when; an error if none does")
      ->type_name("FILE")
      ->group(document);
  command
      ->add_option("--opening", options->opening_file,
                   "Of a confidential one (default: its name with .opening behind it, if that is "
                   "there)")
      ->type_name("FILE")
      ->needs(command->get_option("--document"))
      ->group(document);
  const std::string ownership = "Proof of ownership (of the piece of FILE)";
  command
      ->add_option("--proof", options->proof,
                   "The answer to a question about who holds it (touchstone ownership), with "
                   "--challenge: a file, or the text itself")
      ->type_name("FILE|TEXT")
      ->group(ownership);
  command
      ->add_option("--challenge", options->challenge,
                   "The question as you asked it: a file, or the text itself")
      ->type_name("FILE|TEXT")
      ->group(ownership);
  AddJudgementOptions(command, options);
  command->footer(
      "Exit status: 0 it verifies, and everything that was asked for holds; 1 something is wrong;\n"
      "2 the command line or a file cannot be used; 4 it could not be judged. No answer ever says\n"
      "that the object is authentic: a genuine record can lie beside another object.");
}

void AddJudgementOptions(CLI::App* command, OfflineCheckOptions* options) {
  const std::string time = "Freshness";
  command
      ->add_option("--max-age", options->max_age,
                   "Older is too old, such as 24h or 7d (where that is stricter than the policy)")
      ->type_name("DURATION")
      ->group(time);
  command
      ->add_flag("--require-fresh", options->reservations.require_fresh,
                 "Fail too where nothing says how old is too old")
      ->group(time);
  command->add_option("--now", options->now, "Judge as of this time, 2026-11-22T10:00:00Z")
      ->type_name("TIME")
      ->group(time);
  command
      ->add_option(
          "--allow", options->reservations.allow,
          "Do not fail for a claim that is disputed or lost, for an entry that is doubted (its key "
          "may have been in other hands), for a piece at the end of its "
          "life or in another state that stands against buying it, or for a proof by a "
          "claim key (unclaimed); may be repeated")
      ->type_name("disputed|lost|doubted|retired|stolen|...|unclaimed")
      ->check(CLI::IsMember({"disputed", "lost", "doubted", "retired", "stolen", "reported_lost",
                             "counterfeit", "ownership_disputed", "suspected", "moving", "pledged",
                             "total_loss", "unclaimed"}));
  for (CLI::Option* const option : command->get_options()) {
    if (option->get_items_expected_max() > 0) option->check(GivenNotEmpty());
  }
}

CLI::Validator GivenNotEmpty() {
  return CLI::Validator(
      [](std::string& value) {
        return std::string(value.empty() ? "is empty: leave it out, or give it a value" : "");
      },
      "");
}

absl::StatusOr<CheckAnswer> RunOwnershipCheck(const OfflineCheckOptions& options,
                                              const std::optional<std::string>& passport,
                                              const TrustPolicy& policy, bool json) {
  const absl::StatusOr<uint64_t> now_ms = CheckTimeMs(options);
  if (!now_ms.ok()) return now_ms.status();
  const absl::StatusOr<std::optional<uint64_t>> max_age_ms = MaxAgeMs(options);
  if (!max_age_ms.ok()) return max_age_ms.status();
  if (options.proof.empty() || options.challenge.empty()) {
    return absl::InvalidArgumentError(
        "--proof and --challenge belong together: an answer holds only for what was asked");
  }
  if (!passport.has_value() && options.passport_file.empty()) {
    return absl::InvalidArgumentError(
        "who holds a piece is in its passport: give the .passport file too");
  }
  if (ObservesObject(options) || !options.card.empty() || !options.document_file.empty()) {
    return absl::InvalidArgumentError(
        "a proof of ownership is checked by itself: compare the object, or a document, with FILE "
        "in a second call, without --proof");
  }
  const absl::StatusOr<std::string> challenge =
      ReadTextArgument(options.challenge, kOwnershipTextBegin, limits::kOwnershipTextBytesMax);
  if (!challenge.ok()) return challenge.status();
  const absl::StatusOr<std::string> proof =
      ReadTextArgument(options.proof, kOwnershipTextBegin, limits::kOwnershipTextBytesMax);
  if (!proof.ok()) return proof.status();
  const absl::StatusOr<std::string> file =
      passport.has_value() ? *passport
                           : ReadPublicFile(options.passport_file, limits::kPassportFileBytesMax);
  if (!file.ok()) return file.status();
  return AnswerOf(
      OwnershipVerdict::From(CheckOwnershipProof(policy, *file, *challenge, *proof, *now_ms)),
      options, *max_age_ms, json);
}

absl::StatusOr<uint64_t> CheckTimeMs(const OfflineCheckOptions& options) {
  if (options.now.empty()) return static_cast<uint64_t>(absl::ToUnixMillis(absl::Now()));
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, options.now, &time, &error) ||
      time < absl::UnixEpoch()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--now '", options.now, "' is not a time like 2026-11-22T10:00:00Z"));
  }
  return static_cast<uint64_t>(absl::ToUnixMillis(time));
}

absl::StatusOr<CheckAnswer> RunPassportCheck(const OfflineCheckOptions& options,
                                             const TrustPolicy& policy, absl::string_view passport,
                                             bool json) {
  if (!options.proof.empty() || !options.challenge.empty()) {
    return RunOwnershipCheck(options, std::string(passport), policy, json);
  }
  const absl::StatusOr<uint64_t> now_ms = CheckTimeMs(options);
  if (!now_ms.ok()) return now_ms.status();
  const absl::StatusOr<std::optional<uint64_t>> max_age_ms = MaxAgeMs(options);
  if (!max_age_ms.ok()) return max_age_ms.status();
  const absl::StatusOr<Observed> observed = ObservedFrom(options);
  if (!observed.ok()) return observed.status();
  std::optional<DocumentAtHand> document;
  if (!options.document_file.empty()) {
    absl::StatusOr<DocumentAtHand> read = ReadDocument(options);
    if (!read.ok()) return read.status();
    document = *std::move(read);
  }
  Verdict verdict = VerifyPassport(policy, passport, *observed, *now_ms);
  if (document.has_value() && verdict.record.has_value()) {
    verdict.record->object.push_back(CompareDocument(*verdict.record, *document));
  }
  return AnswerOf(std::move(verdict), options, *max_age_ms, json);
}

absl::StatusOr<CheckAnswer> RunOfflineCheck(const OfflineCheckOptions& options,
                                            const TrustPolicy& policy, bool json) {
  if (!options.proof.empty() || !options.challenge.empty()) {
    return RunOwnershipCheck(options, std::nullopt, policy, json);
  }
  const absl::StatusOr<uint64_t> now_ms = CheckTimeMs(options);
  if (!now_ms.ok()) return now_ms.status();
  const absl::StatusOr<std::optional<uint64_t>> max_age_ms = MaxAgeMs(options);
  if (!max_age_ms.ok()) return max_age_ms.status();

  if (!options.passport_file.empty()) {
    const absl::StatusOr<std::string> file =
        ReadPublicFile(options.passport_file, limits::kPassportFileBytesMax);
    if (!file.ok()) return file.status();
    if (ContainerTypeOf(*file) == ContainerType::kAbsence) {
      OfflineCheckOptions others = options;
      others.inscription.reset();
      if (ObservesObject(others) || !options.card.empty() || !options.document_file.empty()) {
        return absl::InvalidArgumentError(
            absl::StrCat(options.passport_file,
                         " says that there is no piece: with it, --inscription alone can be "
                         "compared"));
      }
      return AnswerOf(AbsenceVerdict::From(CheckAbsence(policy, *file, *now_ms)), options,
                      *max_age_ms, json);
    }
    return RunPassportCheck(options, policy, *file, json);
  }
  if (options.card.empty()) {
    return absl::InvalidArgumentError("nothing to verify: give a .passport file, or --qr");
  }
  if (ObservesObject(options) || !options.document_file.empty()) {
    return absl::InvalidArgumentError(
        "what was read off the object, and documents, are compared with the passport: give the "
        ".passport file too");
  }
  std::string cards;
  if (!options.cards_file.empty()) {
    absl::StatusOr<std::string> file =
        ReadPublicFile(options.cards_file, limits::kPassportFileBytesMax);
    if (!file.ok()) return file.status();
    cards = *std::move(file);
  }
  return AnswerOf(VerifyCard(policy, options.card, cards, *now_ms), options, *max_age_ms, json);
}

}  // namespace touchstone::cli
