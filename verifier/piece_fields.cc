#include "verifier/piece_fields.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/gs1_serial.h"
#include "verifier/gtin.h"
#include "verifier/passport_id.h"

namespace touchstone {
namespace {

constexpr size_t kSha256Bytes = 32;

// A text field of a message: what the comment in the schema says of it.
template <typename Message>
struct TextRow {
  absl::string_view name;
  const std::string& (Message::*value)() const;
  size_t bytes_max;
  Presence presence = Presence::kOptional;
};

template <typename Message, size_t kRows>
void CheckTexts(const Message& message, const TextRow<Message> (&rows)[kRows],
                FieldChecker& checker) {
  for (const TextRow<Message>& row : rows) {
    checker.Text(row.name, (message.*row.value)(), row.bytes_max, row.presence);
  }
}

// Calls `check(element, checker)` with the checker standing in each element of a repeated field.
template <typename Elements, typename Check>
void ForEach(absl::string_view name, const Elements& elements, int count_max, FieldChecker& checker,
             Check check) {
  checker.Count(name, elements.size(), count_max);
  for (int i = 0; i < elements.size() && checker.ok(); ++i) {
    FieldChecker::In in(checker, name, i);
    check(elements.Get(i), checker);
  }
}

constexpr TextRow<v1::Piece> kPieceTexts[] = {
    {"title", &v1::Piece::title, 120, Presence::kRequired},
    {"description", &v1::Piece::description, 2000},
    {"maker", &v1::Piece::maker, 120},
    {"designer", &v1::Piece::designer, 120},
    {"collection", &v1::Piece::collection, 120},
    {"brand", &v1::Piece::brand, 120},
    {"model", &v1::Piece::model, 60},
};

constexpr TextRow<v1::Gemstone> kGemstoneTexts[] = {
    {"species", &v1::Gemstone::species, 60, Presence::kRequired},
    {"variety", &v1::Gemstone::variety, 60},
    {"shape_and_cutting_style", &v1::Gemstone::shape_and_cutting_style, 80},
    {"color_grade", &v1::Gemstone::color_grade, 60},
    {"color_origin", &v1::Gemstone::color_origin, 60},
    {"color_distribution", &v1::Gemstone::color_distribution, 60},
    {"clarity_grade", &v1::Gemstone::clarity_grade, 20},
    {"cut_grade", &v1::Gemstone::cut_grade, 20},
    {"polish", &v1::Gemstone::polish, 20},
    {"symmetry", &v1::Gemstone::symmetry, 20},
    {"fluorescence_intensity", &v1::Gemstone::fluorescence_intensity, 20},
    {"fluorescence_color", &v1::Gemstone::fluorescence_color, 20},
    {"grading_standard", &v1::Gemstone::grading_standard, 40},
    {"quality_category", &v1::Gemstone::quality_category, 20},
};

constexpr TextRow<v1::Proportions> kProportionsTexts[] = {
    {"girdle", &v1::Proportions::girdle, 60},
    {"culet", &v1::Proportions::culet, 30},
};

constexpr TextRow<v1::Treatment> kTreatmentTexts[] = {
    {"extent", &v1::Treatment::extent, 40},
    {"note", &v1::Treatment::note, 200},
};

constexpr TextRow<v1::Metal> kMetalTexts[] = {
    {"alloy", &v1::Metal::alloy, 60},
    {"colour", &v1::Metal::colour, 30},
    {"plating", &v1::Metal::plating, 60},
};

constexpr TextRow<v1::Hallmark> kHallmarkTexts[] = {
    {"sponsor_mark", &v1::Hallmark::sponsor_mark, 60},
    {"fineness_mark", &v1::Hallmark::fineness_mark, 40},
    {"office", &v1::Hallmark::office, 60},
    {"date_letter", &v1::Hallmark::date_letter, 10},
};

constexpr TextRow<v1::Assay> kAssayTexts[] = {
    {"method", &v1::Assay::method, 60},
    {"office", &v1::Assay::office, 60},
};

constexpr TextRow<v1::Inscription> kInscriptionTexts[] = {
    {"text", &v1::Inscription::text, 80},
    {"verified_by", &v1::Inscription::verified_by, 120},
};

constexpr TextRow<v1::ReportReference> kReportTexts[] = {
    {"laboratory", &v1::ReportReference::laboratory, 60, Presence::kRequired},
    {"report_number", &v1::ReportReference::report_number, 40, Presence::kRequired},
    {"component_position", &v1::ReportReference::component_position, 60},
};

constexpr TextRow<v1::Media> kMediaTexts[] = {
    {"media_type", &v1::Media::media_type, 60},
    {"caption", &v1::Media::caption, 200},
};

constexpr TextRow<v1::PreviousLife> kPreviousLifeTexts[] = {
    {"period", &v1::PreviousLife::period, 80},
    {"provenance", &v1::PreviousLife::provenance, 1000},
    {"earlier_marks", &v1::PreviousLife::earlier_marks, 200},
    {"known_changes", &v1::PreviousLife::known_changes, 1000},
};

constexpr TextRow<v1::Sourcing> kSourcingTexts[] = {
    {"reference", &v1::Sourcing::reference, 80},
    {"issuer", &v1::Sourcing::issuer, 120},
    {"component_position", &v1::Sourcing::component_position, 60},
    {"statement", &v1::Sourcing::statement, 1000},
};

constexpr TextRow<v1::ServiceEntitlement> kEntitlementTexts[] = {
    {"id", &v1::ServiceEntitlement::id, 40},
    {"title", &v1::ServiceEntitlement::title, 120},
};

// type "/" subtype, each a restricted-name (RFC 6838 section 4.2), without parameters.
bool IsMediaType(absl::string_view text) {
  size_t slashes = 0;
  bool begins_name = true;
  for (const char c : text) {
    const bool is_alnum = absl::ascii_isalnum(static_cast<unsigned char>(c));
    if (c == '/') {
      if (begins_name || ++slashes > 1) return false;
      begins_name = true;
      continue;
    }
    if (!is_alnum && (begins_name || !absl::StrContains("!#$&-^_.+", c))) return false;
    begins_name = false;
  }
  return slashes == 1 && !begins_name;
}

// A piece makes each claim once. Appends nothing to `claims` once something has failed.
void AddClaim(absl::string_view name, absl::StatusOr<ClaimSubject> claim, FieldChecker& checker,
              std::vector<ClaimSubject>& claims) {
  if (!checker.ok()) return;
  if (!claim.ok()) {
    checker.Fail(name, std::nullopt, claim.status());
  } else if (std::find(claims.begin(), claims.end(), *claim) != claims.end()) {
    checker.Fail(name, std::nullopt,
                 absl::StrCat("claims ", DescribeClaim(*claim), ", as another field does"),
                 "is each claim once");
  } else {
    claims.push_back(*std::move(claim));
  }
}

void CheckMetal(const v1::Metal& metal, FieldChecker& checker) {
  checker.Required("metal", metal.metal() != v1::Metal::ELEMENT_UNSPECIFIED);
  CheckTexts(metal, kMetalTexts, checker);
  checker.Number("fineness_ppt", metal.fineness_ppt(), 1, 1000);
  if (metal.has_hallmark()) {
    FieldChecker::In in(checker, "hallmark");
    CheckHallmark(metal.hallmark(), checker);
  }
  if (metal.has_assay()) {
    FieldChecker::In in(checker, "assay");
    CheckAssay(metal.assay(), checker);
  }
}

void CheckComponent(const v1::Component& component, FieldChecker& checker) {
  checker.Text("position", component.position(), 60);
  checker.Number("quantity", component.quantity(), 1, 100000);
  switch (component.material_case()) {
    case v1::Component::kGemstone: {
      FieldChecker::In in(checker, "gemstone");
      CheckGemstone(component.gemstone(), checker);
      break;
    }
    case v1::Component::kMetal: {
      FieldChecker::In in(checker, "metal");
      CheckMetal(component.metal(), checker);
      break;
    }
    case v1::Component::kOther:
      checker.Text("other.name", component.other().name(), 120);
      break;
    case v1::Component::MATERIAL_NOT_SET:
      break;
  }
  checker.Bytes("passport_id", component.passport_id(), PassportId::kBytes);
}

void CheckInscription(const v1::Inscription& inscription, FieldChecker& checker,
                      std::vector<ClaimSubject>& claims) {
  CheckTexts(inscription, kInscriptionTexts, checker);
  checker.Required("kind", inscription.kind() != v1::Inscription::KIND_UNSPECIFIED);
  if (inscription.kind() == v1::Inscription::PERSONAL) {
    checker.Fail("kind", std::nullopt, "is PERSONAL",
                 "is a personal engraving only as a commitment of the registration, since the log "
                 "keeps what it says for ever");
  }
  checker.Date("verified_on", inscription.verified_on());
  if (inscription.kind() == v1::Inscription::LAB_REPORT ||
      inscription.kind() == v1::Inscription::SERIAL) {
    AddClaim("text", InscriptionClaim(inscription.text()), checker, claims);
  }
}

void CheckReport(const v1::ReportReference& report, FieldChecker& checker,
                 std::vector<ClaimSubject>& claims) {
  CheckTexts(report, kReportTexts, checker);
  checker.Date("report_date", report.report_date());
  ClaimReport(report.laboratory(), report.report_number(), checker, claims);
}

void CheckSourcing(const v1::Sourcing& sourcing, FieldChecker& checker) {
  CheckTexts(sourcing, kSourcingTexts, checker);
  checker.Country("mine_country", sourcing.mine_country());
  checker.Number("recycled_content_ppt", sourcing.recycled_content_ppt(), 1, 1000);
}

void CheckEntitlements(const v1::Piece& piece, FieldChecker& checker) {
  std::set<absl::string_view> ids;
  ForEach("entitlements", piece.entitlements(), 16, checker,
          [&ids](const v1::ServiceEntitlement& entitlement, FieldChecker& at) {
            CheckEntitlement(entitlement, at);
            if (!entitlement.id().empty() && !ids.insert(entitlement.id()).second) {
              at.Fail("id", std::nullopt, "is that of an earlier entitlement",
                      "is each id once in a piece");
            }
          });
}

void CheckCareGuide(const v1::CareGuide& guide, FieldChecker& checker) {
  checker.Count("advice", guide.advice_size(), 16);
  for (int i = 0; i < guide.advice_size() && checker.ok(); ++i) {
    checker.Text("advice", guide.advice(i), 300, Presence::kOptional, i);
  }
  checker.Number("inspection_interval_months", guide.inspection_interval_months(), 1, 240);
  checker.Number("cleaning_interval_months", guide.cleaning_interval_months(), 1, 240);
}

void CheckIdentifiers(const v1::Piece& piece, FieldChecker& checker,
                      std::vector<ClaimSubject>& claims) {
  checker.Required("serial", !piece.serial().empty());
  if (!checker.ok()) return;
  if (const absl::Status valid = ValidateGs1Serial(piece.serial()); !valid.ok()) {
    checker.Fail("serial", std::nullopt, valid);
  }
  if (piece.gtin14().empty()) return;
  const absl::StatusOr<Gtin> gtin = Gtin::Parse14(piece.gtin14());
  if (!gtin.ok()) {
    checker.Fail("gtin14", std::nullopt, gtin.status());
  } else {
    AddClaim("serial", GtinSerialClaim(*gtin, piece.serial()), checker, claims);
  }
}

}  // namespace

void CheckMedia(const v1::Media& media, FieldChecker& checker) {
  checker.Bytes("sha256", media.sha256(), kSha256Bytes);
  CheckTexts(media, kMediaTexts, checker);
  if (!media.media_type().empty() && !IsMediaType(media.media_type())) {
    checker.Fail("media_type", std::nullopt, "is no media type", "are such as \"image/jpeg\"");
  }
}

void CheckHallmark(const v1::Hallmark& hallmark, FieldChecker& checker) {
  CheckTexts(hallmark, kHallmarkTexts, checker);
}

void CheckAssay(const v1::Assay& assay, FieldChecker& checker) {
  CheckTexts(assay, kAssayTexts, checker);
  checker.Number("result_ppt", assay.result_ppt(), 1, 1000);
  checker.Bytes("document_sha256", assay.document_sha256(), kSha256Bytes);
  checker.Date("date", assay.date());
}

void CheckEntitlement(const v1::ServiceEntitlement& entitlement, FieldChecker& checker) {
  CheckTexts(entitlement, kEntitlementTexts, checker);
  checker.Date("valid_until", entitlement.valid_until());
}

void ClaimReport(absl::string_view laboratory, absl::string_view report_number,
                 FieldChecker& checker, std::vector<ClaimSubject>& claims) {
  if (!checker.ok()) return;
  AddClaim("report_number", ReportClaim(laboratory, report_number), checker, claims);
}

void CheckGemstone(const v1::Gemstone& gemstone, FieldChecker& checker) {
  CheckTexts(gemstone, kGemstoneTexts, checker);
  if (gemstone.has_proportions()) {
    FieldChecker::In in(checker, "proportions");
    CheckTexts(gemstone.proportions(), kProportionsTexts, checker);
  }
  checker.Count("clarity_characteristics", gemstone.clarity_characteristics_size(), 24);
  for (int i = 0; i < gemstone.clarity_characteristics_size() && checker.ok(); ++i) {
    checker.Text("clarity_characteristics", gemstone.clarity_characteristics(i), 40,
                 Presence::kOptional, i);
  }
  ForEach("treatments", gemstone.treatments(), 16, checker,
          [](const v1::Treatment& treatment, FieldChecker& at) {
            CheckTexts(treatment, kTreatmentTexts, at);
          });
  checker.Country("origin_country", gemstone.origin_country());
}

void CheckPiece(const v1::Piece& piece, FieldChecker& checker, std::vector<ClaimSubject>& claims) {
  CheckIdentifiers(piece, checker, claims);
  checker.Required("category", piece.category() != v1::Piece::CATEGORY_UNSPECIFIED);
  CheckTexts(piece, kPieceTexts, checker);
  checker.Number("year_made", piece.year_made(), 1, 9999);
  checker.Country("country_of_manufacture", piece.country_of_manufacture());
  if (piece.has_ring_size()) {
    FieldChecker::In in(checker, "ring_size");
    checker.Number("inner_circumference_um", piece.ring_size().inner_circumference_um(), 20000,
                   100000);
    checker.Text("national_size", piece.ring_size().national_size(), 20);
  }
  if (piece.has_ring_size() && piece.category() != v1::Piece::RING) {
    checker.Fail("ring_size", std::nullopt, "is stated of a piece whose category is not RING",
                 "is it for rings only");
  }
  ForEach("components", piece.components(), 256, checker, CheckComponent);
  ForEach("inscriptions", piece.inscriptions(), 16, checker,
          [&claims](const v1::Inscription& inscription, FieldChecker& at) {
            CheckInscription(inscription, at, claims);
          });
  ForEach("laboratory_reports", piece.laboratory_reports(), 16, checker,
          [&claims](const v1::ReportReference& report, FieldChecker& at) {
            CheckReport(report, at, claims);
          });
  ForEach("media", piece.media(), 32, checker, CheckMedia);
  if (piece.has_previous_life()) {
    FieldChecker::In in(checker, "previous_life");
    CheckTexts(piece.previous_life(), kPreviousLifeTexts, checker);
  }
  ForEach("sourcing", piece.sourcing(), 32, checker, CheckSourcing);
  CheckEntitlements(piece, checker);
  if (piece.has_care_guide()) {
    FieldChecker::In in(checker, "care_guide");
    CheckCareGuide(piece.care_guide(), checker);
  }
}

}  // namespace touchstone
