#include "verifier/object_match.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "verifier/claim.h"
#include "verifier/refusal.h"
#include "verifier/scanned_card.h"
#include "verifier/specification.h"

namespace touchstone {
namespace {

uint64_t Distance(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

Match MatchIf(bool matches) { return matches ? Match::kMatches : Match::kDiffers; }

bool ReadsTheSame(absl::string_view observed, const v1::Inscription& recorded) {
  const absl::StatusOr<ClaimSubject> a = InscriptionClaim(observed);
  const absl::StatusOr<ClaimSubject> b = InscriptionClaim(recorded.text());
  if (a.ok() && b.ok()) return *a == *b;
  // One of them has no normal form: a logo, another script.
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(observed),
                                absl::StripAsciiWhitespace(recorded.text()));
}

// What the piece's own claim on an inscription says of whether it bears it.
void CompareStanding(ClaimStanding standing, Comparison& comparison) {
  switch (standing) {
    case ClaimStanding::kHeld:
      comparison.match = Match::kMatches;
      return;
    case ClaimStanding::kDisputed:
      comparison.match = Match::kNotRecorded;
      comparison.note =
          "as recorded; but another piece claims to bear it too, and nobody has said "
          "yet which is right";
      return;
    case ClaimStanding::kReleased:
      comparison.match = Match::kDiffers;
      comparison.note = "as registered; the stone that bears it has left the piece since";
      return;
    case ClaimStanding::kLost:
      comparison.match = Match::kDiffers;
      comparison.note = "as registered; another piece was found to be the one that bears it";
      return;
    case ClaimStanding::kNone:
      return;
  }
}

const ClaimStatus* FindClaim(const std::string& observed, absl::Span<const ClaimStatus> claims) {
  const absl::StatusOr<ClaimSubject> claim = InscriptionClaim(observed);
  if (!claim.ok()) return nullptr;
  for (const ClaimStatus& status : claims) {
    if (status.claim == *claim) return &status;
  }
  return nullptr;
}

absl::string_view WhyUnclaimed(v1::Inscription::Kind kind) {
  return kind == v1::Inscription::BRAND
             ? "recorded as a brand mark, which anybody may record and many pieces bear: it does "
               "not tell which piece this is"
             : "recorded without a claim to be the only piece that bears it: it does not tell "
               "which "
               "piece this is";
}

// Only what the piece alone bears tells which piece it is: whoever likes may describe another with
// the same words.
Comparison CompareInscription(const std::string& observed, const v1::Piece& piece,
                              absl::Span<const ClaimStatus> claims) {
  Comparison comparison{"inscription", observed, "", Match::kNotRecorded, ""};
  const v1::Inscription* same = nullptr;
  std::vector<std::string> texts;
  for (const v1::Inscription& inscription : piece.inscriptions()) {
    if (inscription.text().empty()) continue;
    texts.push_back(inscription.text());
    if (same == nullptr && ReadsTheSame(observed, inscription)) same = &inscription;
  }
  if (const ClaimStatus* claim = FindClaim(observed, claims)) {
    // It may have been given the claim by a resolution, and not be described so.
    comparison.recorded = same == nullptr ? claim->claim.subject : same->text();
    CompareStanding(claim->standing, comparison);
  } else if (same != nullptr) {
    comparison.recorded = same->text();
    comparison.note = std::string(WhyUnclaimed(same->kind()));
  } else {
    comparison.recorded = absl::StrJoin(texts, "; ");
    if (!texts.empty()) comparison.match = Match::kDiffers;
  }
  return comparison;
}

Comparison CompareSerial(const std::string& observed, const v1::Piece& piece) {
  return {"serial", observed, piece.serial(), MatchIf(observed == piece.serial()), ""};
}

// The newest mass that anybody recorded: work on a piece changes it.
Comparison CompareMass(const Observed& observed, const CheckedChain& chain,
                       const Specification& specification) {
  const Corrections corrections(chain);
  uint64_t recorded = specification.piece.total_mass_mg();
  std::string note = absl::StrCat("within ", observed.mass_tolerance_mg, " mg");
  for (const ChainEntry& entry : chain.entries) {
    const v1::CareRecord* const care = corrections.CareRecordOf(entry);
    if (care == nullptr || care->mass_after_mg() == 0) continue;
    if (entry.number < specification.number) continue;
    recorded = care->mass_after_mg();
    note = absl::StrCat("within ", observed.mass_tolerance_mg, " mg; recorded after the work of ",
                        care->performed_on());
  }
  Comparison comparison{"mass_mg", absl::StrCat(*observed.mass_mg), "", Match::kNotRecorded, ""};
  if (recorded == 0) return comparison;
  comparison.recorded = absl::StrCat(recorded);
  comparison.match = MatchIf(Distance(recorded, *observed.mass_mg) <= observed.mass_tolerance_mg);
  comparison.note = std::move(note);
  return comparison;
}

std::string FormatMeasurements(const std::array<uint32_t, 3>& um) {
  return absl::StrJoin(um, " x ");
}

Comparison CompareMeasurements(const Observed& observed, const v1::Piece& piece) {
  const std::array<uint32_t, 3>& seen = *observed.measurements_um;
  Comparison comparison{"measurements_um", FormatMeasurements(seen), "", Match::kNotRecorded, ""};
  std::vector<std::string> all;
  for (const v1::Component& component : piece.components()) {
    if (!component.has_gemstone() || !component.gemstone().has_measurements()) continue;
    const v1::Measurements& recorded = component.gemstone().measurements();
    const std::array<uint32_t, 3> um = {recorded.length_or_min_um(), recorded.width_or_max_um(),
                                        recorded.depth_um()};
    all.push_back(FormatMeasurements(um));
    comparison.match = Match::kDiffers;
    const auto near = [&](size_t a, size_t b) {
      return Distance(um[a], seen[b]) <= observed.measurement_tolerance_um;
    };
    // Length and width of a round or square stone may be taken either way.
    const bool matches = near(2, 2) && ((near(0, 0) && near(1, 1)) || (near(0, 1) && near(1, 0)));
    if (matches) {
      comparison.match = Match::kMatches;
      all = {FormatMeasurements(um)};
      break;
    }
  }
  comparison.recorded = absl::StrJoin(all, "; ");
  if (comparison.match != Match::kNotRecorded) {
    comparison.note = absl::StrCat("within ", observed.measurement_tolerance_um, " um each");
  }
  return comparison;
}

Comparison CompareRingSize(const Observed& observed, const CheckedChain& chain,
                           const Specification& specification) {
  const Corrections corrections(chain);
  const uint32_t seen = *observed.ring_inner_circumference_um;
  const uint32_t recorded = specification.piece.ring_size().inner_circumference_um();
  Comparison comparison{"ring_inner_circumference_um", absl::StrCat(seen), "", Match::kNotRecorded,
                        ""};
  if (recorded == 0) return comparison;
  comparison.recorded = absl::StrCat(recorded);
  comparison.match = MatchIf(Distance(recorded, seen) <= observed.ring_size_tolerance_um);
  comparison.note = absl::StrCat("within ", observed.ring_size_tolerance_um, " um");
  for (const ChainEntry& entry : chain.entries) {
    const v1::CareRecord* const care = corrections.CareRecordOf(entry);
    if (care == nullptr || care->kind() != v1::CareRecord::RESIZING) continue;
    if (entry.number < specification.number) continue;
    comparison.note = absl::StrCat("as it was before; the ring was resized on ",
                                   care->performed_on(), ", and its new size is not recorded");
  }
  return comparison;
}

Comparison CompareCard(const std::string& scanned, const CheckedChain& chain,
                       const StewardsState& stewards) {
  Comparison comparison{"card", "", "", Match::kDiffers, ""};
  const absl::StatusOr<ScannedCard> card = ScannedCard::Parse(scanned);
  if (!card.ok()) {
    comparison.note = std::string(card.status().message());
    return comparison;
  }
  const CardText& text = card->token().text();
  comparison.observed = text.passport_id.Format();
  const absl::Status issued = card->CheckIssued(stewards).status();
  if (!issued.ok()) {
    comparison.note = std::string(issued.message());
    // A key that is not known here may have been enrolled since.
    if (RefusalCodeOf(issued) == RefusalCode::kUnknownCardKey) {
      comparison.match = Match::kNotRecorded;
    }
    return comparison;
  }
  const absl::StatusOr<PassportId> id = PassportId::FromBytes(chain.subject.bytes);
  if (id.ok()) comparison.recorded = id->Format();
  comparison.match = MatchIf(text.passport_id.bytes() == chain.subject.bytes &&
                             text.registration == chain.entries.front().place.digest);
  comparison.note = comparison.match == Match::kMatches
                        ? "a card with this text was issued for this passport; a copied card reads "
                          "the same"
                        : "the card is for another passport";
  return comparison;
}

}  // namespace

std::vector<Comparison> CompareObject(const Observed& observed, const CheckedChain& chain,
                                      const Specification& specification,
                                      absl::Span<const ClaimStatus> claims,
                                      const StewardsState& stewards) {
  const v1::Piece& piece = specification.piece;
  std::vector<Comparison> comparisons;
  if (observed.inscription) {
    comparisons.push_back(CompareInscription(*observed.inscription, piece, claims));
  }
  if (observed.serial) comparisons.push_back(CompareSerial(*observed.serial, piece));
  if (observed.mass_mg) comparisons.push_back(CompareMass(observed, chain, specification));
  if (observed.measurements_um) comparisons.push_back(CompareMeasurements(observed, piece));
  if (observed.ring_inner_circumference_um) {
    comparisons.push_back(CompareRingSize(observed, chain, specification));
  }
  if (observed.card) comparisons.push_back(CompareCard(*observed.card, chain, stewards));
  return comparisons;
}

}  // namespace touchstone
