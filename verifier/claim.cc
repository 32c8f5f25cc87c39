#include "verifier/claim.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/gs1_serial.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr size_t kGtinDigits = 14;

// Shorter ones begin too many inscriptions.
constexpr size_t kInscribedNameBytesMin = 3;

// One laboratory under its several names, normalised. Part of the format: docs/FORMAT.md.
struct LaboratoryAlias {
  absl::string_view normalised;
  absl::string_view becomes;
};
constexpr LaboratoryAlias kLaboratoryAliases[] = {
    {"GEMOLOGICALINSTITUTEOFAMERICA", "GIA"},
    {"GIALABORATORY", "GIA"},
    {"INTERNATIONALGEMOLOGICALINSTITUTE", "IGI"},
    {"HRDANTWERP", "HRD"},
    {"HOGERAADVOORDIAMANT", "HRD"},
    {"GEMCERTIFICATIONANDASSURANCELAB", "GCAL"},
    {"GEMCERTIFICATIONASSURANCELAB", "GCAL"},
    {"AMERICANGEMSOCIETY", "AGS"},
    {"AMERICANGEMSOCIETYLABORATORIES", "AGS"},
    {"AGSL", "AGS"},
    {"AGSLABORATORIES", "AGS"},
    {"GUBELINGEMLAB", "GUBELIN"},
    {"GUEBELIN", "GUBELIN"},
    {"GUEBELINGEMLAB", "GUBELIN"},
    {"SWISSGEMMOLOGICALINSTITUTE", "SSEF"},
    {"SSEFSWISSGEMMOLOGICALINSTITUTE", "SSEF"},
    {"GEMSCIENCEINTERNATIONAL", "GSI"},
    {"GEMOLOGICALSCIENCEINTERNATIONAL", "GSI"},
};

// N(text) of docs/FORMAT.md, `bytes_min` to `bytes_max` long.
absl::StatusOr<std::string> Normalise(absl::string_view what, absl::string_view text,
                                      size_t bytes_min, size_t bytes_max) {
  if (text.size() > limits::kClaimTextBytesMax) {
    return Refuse(RefusalCode::kMalformed, absl::StrCat("the ", what, " is too long"));
  }
  std::string normalised;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isprint(byte)) {
      return Refuse(RefusalCode::kMalformed,
                    absl::StrCat("the ", what, " must be printable ASCII; leave out what is not a ",
                                 "letter or digit"));
    }
    if (absl::ascii_isalnum(byte)) normalised.push_back(absl::ascii_toupper(byte));
  }
  if (normalised.size() < bytes_min || normalised.size() > bytes_max) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("the ", what, " has ", normalised.size(),
                               " letters and digits; it may have ", bytes_min, " to ", bytes_max));
  }
  return normalised;
}

}  // namespace

bool IsClaimKind(IndexKind kind) {
  switch (kind) {
    case IndexKind::kInscriptionClaim:
    case IndexKind::kReportNumberClaim:
    case IndexKind::kGtinSerialClaim:
      return true;
    case IndexKind::kPassportEntry:
    case IndexKind::kParticipantEntry:
    case IndexKind::kStewardsEntry:
      break;
  }
  return false;
}

absl::StatusOr<ClaimSubject> GtinSerialClaim(const Gtin& gtin, absl::string_view serial) {
  const absl::Status valid = ValidateGs1Serial(serial);
  if (!valid.ok()) return valid;
  return ClaimSubject{IndexKind::kGtinSerialClaim, absl::StrCat(gtin.text(), serial)};
}

absl::StatusOr<ClaimSubject> InscriptionClaim(absl::string_view text) {
  absl::StatusOr<std::string> normalised = Normalise(
      "inscription", text, limits::kInscriptionClaimBytesMin, limits::kInscriptionClaimBytesMax);
  if (!normalised.ok()) return normalised.status();
  return ClaimSubject{IndexKind::kInscriptionClaim, *std::move(normalised)};
}

absl::StatusOr<ClaimSubject> ReportClaim(absl::string_view laboratory,
                                         absl::string_view report_number) {
  const absl::StatusOr<std::string> name = NormaliseLaboratory(laboratory);
  if (!name.ok()) return name.status();
  const absl::StatusOr<std::string> number =
      Normalise("report number", report_number, 1, limits::kReportNumberClaimBytesMax);
  if (!number.ok()) return number.status();
  return ClaimSubject{IndexKind::kReportNumberClaim,
                      absl::StrCat(*name, absl::string_view("\0", 1), *number)};
}

absl::StatusOr<std::string> NormaliseLaboratory(absl::string_view laboratory) {
  absl::StatusOr<std::string> normalised =
      Normalise("laboratory's name", laboratory, 1, limits::kLaboratoryClaimBytesMax);
  if (!normalised.ok()) return normalised;
  for (const LaboratoryAlias& alias : kLaboratoryAliases) {
    if (*normalised == alias.normalised) return std::string(alias.becomes);
  }
  return normalised;
}

bool ConcernsLaboratory(const ClaimSubject& claim, absl::string_view normalised_name) {
  const absl::string_view subject = claim.subject;
  switch (claim.kind) {
    case IndexKind::kInscriptionClaim:
      return normalised_name.size() >= kInscribedNameBytesMin &&
             absl::StartsWith(subject, normalised_name);
    case IndexKind::kReportNumberClaim:
      return subject.substr(0, subject.find('\0')) == normalised_name;
    case IndexKind::kGtinSerialClaim:
    case IndexKind::kPassportEntry:
    case IndexKind::kParticipantEntry:
    case IndexKind::kStewardsEntry:
      break;
  }
  return false;
}

bool IsNormalClaim(const ClaimSubject& claim) {
  const absl::string_view subject = claim.subject;
  absl::StatusOr<ClaimSubject> normal = absl::InvalidArgumentError("no kind of claim");
  switch (claim.kind) {
    case IndexKind::kInscriptionClaim:
      normal = InscriptionClaim(subject);
      break;
    case IndexKind::kReportNumberClaim: {
      const size_t zero = subject.find('\0');
      if (zero == absl::string_view::npos) return false;
      normal = ReportClaim(subject.substr(0, zero), subject.substr(zero + 1));
      break;
    }
    case IndexKind::kGtinSerialClaim: {
      if (subject.size() <= kGtinDigits) return false;
      const absl::StatusOr<Gtin> gtin = Gtin::Parse14(subject.substr(0, kGtinDigits));
      if (!gtin.ok()) return false;
      normal = GtinSerialClaim(*gtin, subject.substr(kGtinDigits));
      break;
    }
    case IndexKind::kPassportEntry:
    case IndexKind::kParticipantEntry:
    case IndexKind::kStewardsEntry:
      break;
  }
  return normal.ok() && *normal == claim;
}

std::string DescribeClaim(const ClaimSubject& claim) {
  const absl::string_view subject = claim.subject;
  if (claim.kind == IndexKind::kGtinSerialClaim && subject.size() > kGtinDigits) {
    return absl::StrCat("GTIN ", subject.substr(0, kGtinDigits), " with serial ",
                        subject.substr(kGtinDigits));
  }
  const size_t zero = subject.find('\0');
  if (claim.kind == IndexKind::kReportNumberClaim && zero != absl::string_view::npos) {
    return absl::StrCat("report ", subject.substr(0, zero), " ", subject.substr(zero + 1));
  }
  return absl::StrCat("inscription ", subject);
}

}  // namespace touchstone
