#include "cli/claim_selection.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/passport_name.h"
#include "cli/passport_source.h"
#include "cli/piece_lookup.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

// Letters and digits alone, as capitals.
std::string Letters(absl::string_view text) {
  std::string letters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) letters.push_back(absl::ascii_toupper(byte));
  }
  return letters;
}

bool Names(const std::string& text, const ClaimSubject& claim) {
  if (text == "all") return claim.kind != IndexKind::kGtinSerialClaim;
  const std::string letters = Letters(text);
  return letters == Letters(claim.subject) || letters == Letters(DescribeClaim(claim));
}

// How the claim is looked up at a registry.
PassportName LookUpName(const ClaimSubject& claim) {
  constexpr size_t kGtinDigits = 14;
  const std::string& subject = claim.subject;
  if (claim.kind == IndexKind::kGtinSerialClaim) {
    return ByGtinSerial{subject.substr(0, kGtinDigits), subject.substr(kGtinDigits)};
  }
  const size_t zero = subject.find('\0');
  if (claim.kind == IndexKind::kReportNumberClaim && zero != std::string::npos) {
    return ByReport{subject.substr(0, zero), subject.substr(zero + 1)};
  }
  return ByInscription{subject};
}

bool Makes(const VerifiedRecord* passport, const ClaimSubject& claim) {
  if (passport == nullptr) return false;
  const std::vector<ClaimStatus>& claims = passport->completeness.claims;
  return std::any_of(claims.begin(), claims.end(), [&claim](const ClaimStatus& status) {
    return status.claim == claim && status.standing != ClaimStanding::kReleased;
  });
}

// Those of `claims` that another passport has at the registry, which must prove that there is none;
// also those that were let go, where `contests_free`.
absl::StatusOr<std::vector<ClaimSubject>> ToContest(Context& context,
                                                    const std::vector<ClaimSubject>& claims,
                                                    absl::string_view own_id, bool contests_free) {
  std::vector<ClaimSubject> contested;
  for (const ClaimSubject& claim : claims) {
    const absl::StatusOr<LookedUp> found = LookUpPiece(context, LookUpName(claim));
    if (!found.ok()) return found.status();
    if (const HeldPassport* holder = std::get_if<HeldPassport>(&*found)) {
      if (holder->record.passport_id.bytes() != own_id) contested.push_back(claim);
    } else if (contests_free && std::get<HeldAbsence>(*found).absence.past_events > 0) {
      contested.push_back(claim);
    }
  }
  return contested;
}

// The newest entry of the piece that released one of `claims`, for each that it has let go.
absl::StatusOr<std::set<Digest>> ReleasesOf(const VerifiedRecord& record,
                                            const std::vector<ClaimSubject>& claims) {
  std::map<ClaimSubject, Digest> newest;
  for (const TimelineEntry& entry : record.timeline) {
    const absl::StatusOr<ParsedStatement> said = ParsedStatement::Parse(entry.statement);
    if (!said.ok()) return said.status();
    for (const ClaimSubject& claim : said->releases()) newest[claim] = entry.place.digest;
  }
  std::set<Digest> releases;
  for (const ClaimStatus& status : record.completeness.claims) {
    const bool is_wanted = status.standing == ClaimStanding::kReleased &&
                           std::find(claims.begin(), claims.end(), status.claim) != claims.end();
    if (is_wanted) releases.insert(newest[status.claim]);
  }
  return releases;
}

absl::StatusOr<std::map<Digest, PassportId>> FindPredecessors(
    Context& context, const std::vector<std::string>& passports,
    const std::vector<ClaimSubject>& claims) {
  std::map<Digest, PassportId> predecessors;
  for (const std::string& passport : passports) {
    const absl::StatusOr<PassportName> name = PassportNameFromArgument(passport);
    if (!name.ok()) return name.status();
    const absl::StatusOr<HeldPassport> held = FetchNewestPassport(context, *name);
    if (!held.ok()) return held.status();
    const absl::StatusOr<std::set<Digest>> releases = ReleasesOf(held->record, claims);
    if (!releases.ok()) return releases.status();
    if (releases->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--predecessor ", passport,
                       ": that piece has released nothing of what this one is to bear (touchstone "
                       "stone-removed, touchstone end-of-life)"));
    }
    for (const Digest& digest : *releases) predecessors.emplace(digest, held->record.passport_id);
  }
  return predecessors;
}

template <typename Event>
void Fill(const std::vector<ClaimSubject>& contests,
          const std::map<Digest, PassportId>& predecessors, Event* event) {
  for (const ClaimSubject& claim : contests) AddReference(claim, event->add_contests());
  for (const auto& [digest, id] : predecessors) {
    v1::Predecessor* predecessor = event->add_predecessors();
    predecessor->set_passport_id(id.bytes().data(), id.bytes().size());
    predecessor->set_digest(digest.data(), digest.size());
  }
}

}  // namespace

void AddNewClaimOptions(CLI::App* command, NewClaimOptions* options) {
  command->add_flag("--contest", options->contest,
                    "Contest what another piece holds of the inscriptions, report numbers and GTIN "
                    "that this one bears, or has let go of without this one being named "
                    "(--predecessor): they are disputed until touchstone resolve");
  command
      ->add_option("--predecessor", options->predecessors,
                   "The piece that a stone in this one was in before and has been released from; "
                   "may be repeated")
      ->type_name("PASSPORT");
}

absl::Status FillNewClaims(Context& context, const NewClaimOptions& options,
                           const VerifiedRecord* passport, v1::Statement* statement) {
  if (!options.contest && options.predecessors.empty()) return absl::OkStatus();
  const absl::StatusOr<ParsedStatement> parsed =
      ParsedStatement::Parse(statement->SerializeAsString());
  if (!parsed.ok()) return absl::InvalidArgumentError(parsed.status().message());
  std::vector<ClaimSubject> claims;
  for (const ClaimSubject& claim : parsed->claims()) {
    if (!Makes(passport, claim)) claims.push_back(claim);
  }
  std::vector<ClaimSubject> contests;
  if (options.contest) {
    // Who names where the stone was before has no need to contest what was let go there.
    absl::StatusOr<std::vector<ClaimSubject>> held =
        ToContest(context, claims, parsed->subject().bytes, options.predecessors.empty());
    if (!held.ok()) return held.status();
    contests = *std::move(held);
  }
  const absl::StatusOr<std::map<Digest, PassportId>> predecessors =
      FindPredecessors(context, options.predecessors, claims);
  if (!predecessors.ok()) return predecessors.status();
  switch (statement->event_case()) {
    case v1::Statement::kRegistration:
      Fill(contests, *predecessors, statement->mutable_registration());
      break;
    case v1::Statement::kModification:
      Fill(contests, *predecessors, statement->mutable_modification());
      break;
    case v1::Statement::kCorrection:
      Fill(contests, *predecessors, statement->mutable_correction());
      break;
    default:
      Fill(contests, *predecessors, statement->mutable_laboratory_report());
      break;
  }
  return absl::OkStatus();
}

void AddReference(const ClaimSubject& claim, v1::ClaimReference* reference) {
  reference->set_kind(static_cast<uint32_t>(claim.kind));
  reference->set_subject(claim.subject);
}

absl::StatusOr<std::vector<ClaimSubject>> SelectClaims(const VerifiedRecord& record,
                                                       ClaimStanding standing,
                                                       const std::vector<std::string>& texts) {
  std::vector<ClaimSubject> there;
  for (const ClaimStatus& status : record.completeness.claims) {
    if (status.standing == standing) there.push_back(status.claim);
  }
  std::set<ClaimSubject> selected;
  for (const std::string& text : texts) {
    bool names_one = false;
    for (const ClaimSubject& claim : there) {
      if (!Names(text, claim)) continue;
      names_one = true;
      selected.insert(claim);
    }
    if (names_one) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is nothing of this piece that is ", ClaimStandingName(standing),
                     there.empty() ? "; there is none" : "; there are: ",
                     absl::StrJoin(there, ", ", [](std::string* out, const ClaimSubject& claim) {
                       absl::StrAppend(out, DescribeClaim(claim));
                     })));
  }
  return std::vector<ClaimSubject>(selected.begin(), selected.end());
}

}  // namespace touchstone::cli
