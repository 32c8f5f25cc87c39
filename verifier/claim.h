// What a piece claims to be the only one to bear: inscriptions, report numbers, a GTIN with serial;
// and the one form to which every spelling of the same is brought (docs/FORMAT.md, section 8). Not
// for whether a claim is free.
#ifndef TOUCHSTONE_VERIFIER_CLAIM_H_
#define TOUCHSTONE_VERIFIER_CLAIM_H_

#include <compare>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/gtin.h"
#include "verifier/index_hash.h"

namespace touchstone {

// The subject of a claim, in the form in which the index has it. Ordered by kind, then subject.
struct ClaimSubject {
  IndexKind kind = IndexKind::kInscriptionClaim;  // one of the claim kinds
  std::string subject;                            // at most limits::kClaimSubjectBytesMax

  friend auto operator<=>(const ClaimSubject&, const ClaimSubject&) = default;
};

// What an entry does to a claim.
struct ClaimStep {
  ClaimSubject claim;
  IndexEvent event = IndexEvent::kClaim;  // never kEntry

  friend auto operator<=>(const ClaimStep&, const ClaimStep&) = default;
};

// The entry of another piece that released a claim, and the passport of that piece.
struct Predecessor {
  std::string passport_id;  // 16 bytes
  Digest digest = {};
};

// Whether the kind is one of the claims'.
bool IsClaimKind(IndexKind kind);

// gtin14 ‖ serial. Errors: those of ValidateGs1Serial.
absl::StatusOr<ClaimSubject> GtinSerialClaim(const Gtin& gtin, absl::string_view serial);

// N(text), 4 to 64 bytes. Call it for LAB_REPORT and SERIAL inscriptions only. kMalformed if the
// text is not printable ASCII or its normal form too short or too long.
absl::StatusOr<ClaimSubject> InscriptionClaim(absl::string_view text);

// L(laboratory) ‖ 00 ‖ N(report_number). kMalformed as above.
absl::StatusOr<ClaimSubject> ReportClaim(absl::string_view laboratory,
                                         absl::string_view report_number);

// L(laboratory): so that "Gemological Institute of America" and "GIA" are the same. kMalformed as
// above.
absl::StatusOr<std::string> NormaliseLaboratory(absl::string_view laboratory);

// Whether a laboratory that reports as `normalised_name` can know whose the claim is: a report
// number under that name, or an inscription that begins with it (of names of three letters and
// more).
bool ConcernsLaboratory(const ClaimSubject& claim, absl::string_view normalised_name);

// Whether the subject is as one of the functions above makes it. Nobody can ever claim another, so
// that it is no piece's would say nothing.
bool IsNormalClaim(const ClaimSubject& claim);

// For people: "report GIA 2141438167".
std::string DescribeClaim(const ClaimSubject& claim);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CLAIM_H_
