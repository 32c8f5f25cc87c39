#include "cli/piece_text.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/quantity_text.h"
#include "verifier/hex.h"
#include "verifier/passport_id.h"

namespace touchstone::cli {
namespace {

// Collects the parts of a line that have something to say.
class Parts {
 public:
  void Add(absl::string_view part) {
    if (!part.empty()) parts_.emplace_back(part.data(), part.size());
  }
  // "label value"
  void Add(absl::string_view label, absl::string_view value) {
    if (!value.empty()) parts_.push_back(absl::StrCat(label, " ", value));
  }
  std::string Join(absl::string_view separator = ", ") const {
    return absl::StrJoin(parts_, separator);
  }
  bool empty() const { return parts_.empty(); }

 private:
  std::vector<std::string> parts_;
};

std::string FormationText(v1::Gemstone::Formation formation) {
  switch (formation) {
    case v1::Gemstone::NATURAL:
      return "natural";
    case v1::Gemstone::LABORATORY_GROWN_HPHT:
      return "laboratory-grown (HPHT)";
    case v1::Gemstone::LABORATORY_GROWN_CVD:
      return "laboratory-grown (CVD)";
    case v1::Gemstone::LABORATORY_GROWN_OTHER:
      return "laboratory-grown";
    case v1::Gemstone::TREATED:
      return "natural, treated";
    case v1::Gemstone::ASSEMBLED:
      return "assembled";
    case v1::Gemstone::IMITATION:
      return "imitation";
    case v1::Gemstone::CULTURED:
      return "cultured";
    case v1::Gemstone::FORMATION_UNSPECIFIED:
    case v1::Gemstone_Formation_Gemstone_Formation_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Gemstone_Formation_Gemstone_Formation_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "";
}

std::string MeasurementsText(const v1::Measurements& measurements) {
  Parts parts;
  for (const uint32_t um :
       {measurements.length_or_min_um(), measurements.width_or_max_um(), measurements.depth_um()}) {
    if (um != 0) parts.Add(FormatScaled(um, 3, 2));
  }
  return parts.empty() ? "" : absl::StrCat(parts.Join(" x "), " mm");
}

std::string TreatmentText(const v1::Treatment& treatment) {
  if (treatment.code() == v1::Treatment::NONE) {
    return treatment.note().empty() ? "no treatment"
                                    : absl::StrCat("no treatment (", treatment.note(), ")");
  }
  Parts details;
  details.Add(treatment.extent());
  details.Add(treatment.note());
  const std::string words = EnumWords(v1::Treatment::Code_Name(treatment.code()));
  return details.empty() ? words : absl::StrCat(words, " (", details.Join("; "), ")");
}

std::string ProportionsText(const v1::Proportions& p) {
  Parts parts;
  auto percent = [&parts](absl::string_view label, uint32_t e2) {
    if (e2 != 0) parts.Add(label, absl::StrCat(FormatScaled(e2, 2, 0), " %"));
  };
  auto degrees = [&parts](absl::string_view label, uint32_t e2) {
    if (e2 != 0) parts.Add(label, absl::StrCat(FormatScaled(e2, 2, 1), " deg"));
  };
  percent("depth", p.depth_percent_e2());
  percent("table", p.table_percent_e2());
  degrees("crown", p.crown_angle_degrees_e2());
  percent("crown height", p.crown_height_percent_e2());
  degrees("pavilion", p.pavilion_angle_degrees_e2());
  percent("pavilion depth", p.pavilion_depth_percent_e2());
  percent("star", p.star_length_percent_e2());
  percent("lower half", p.lower_half_percent_e2());
  parts.Add("girdle", p.girdle());
  percent("girdle", p.girdle_percent_e2());
  parts.Add("culet", p.culet());
  return parts.Join();
}

std::string GradesText(const v1::Gemstone& stone) {
  Parts grades;
  grades.Add("colour", stone.color_grade());
  grades.Add("clarity", stone.clarity_grade());
  grades.Add("cut", stone.cut_grade());
  grades.Add("polish", stone.polish());
  grades.Add("symmetry", stone.symmetry());
  Parts fluorescence;
  fluorescence.Add(stone.fluorescence_intensity());
  fluorescence.Add(stone.fluorescence_color());
  grades.Add("fluorescence", fluorescence.Join(" "));
  grades.Add("quality", stone.quality_category());
  return grades.Join();
}

std::string HallmarkText(const v1::Hallmark& hallmark) {
  Parts parts;
  parts.Add("sponsor", hallmark.sponsor_mark());
  parts.Add("fineness", hallmark.fineness_mark());
  parts.Add(hallmark.office());
  parts.Add("date letter", hallmark.date_letter());
  if (hallmark.common_control_mark()) parts.Add("common control mark");
  return parts.Join("; ");
}

std::string AssayText(const v1::Assay& assay) {
  Parts parts;
  if (assay.result_ppt() != 0) parts.Add(absl::StrCat(assay.result_ppt(), "/1000"));
  parts.Add(assay.method());
  parts.Add(assay.office());
  parts.Add(assay.date());
  return parts.Join();
}

// "centre, 2 x ", and a component's own passport behind.
std::string ComponentText(const v1::Component& component) {
  std::string text;
  switch (component.material_case()) {
    case v1::Component::kGemstone:
      text = DescribeGemstone(component.gemstone(), component.quantity());
      break;
    case v1::Component::kMetal:
      text = DescribeMetal(component.metal());
      break;
    case v1::Component::kOther: {
      Parts parts;
      parts.Add(component.other().name());
      if (component.other().mass_mg() != 0) parts.Add(FormatMass(component.other().mass_mg()));
      text = parts.Join();
      break;
    }
    case v1::Component::MATERIAL_NOT_SET:
      break;
  }
  const absl::StatusOr<PassportId> own = PassportId::FromBytes(component.passport_id());
  if (own.ok()) absl::StrAppend(&text, "; has a passport of its own, ", own->Format());
  return text;
}

// One line a component, under its position.
void WriteComponents(const v1::Piece& piece, v1::Component::MaterialCase kind,
                     absl::string_view heading, absl::string_view nameless, TextPage& page) {
  bool first = true;
  for (const v1::Component& component : piece.components()) {
    if (component.material_case() != kind) continue;
    if (first) page.Heading(heading);
    first = false;
    page.Field(component.position().empty() ? nameless : absl::string_view(component.position()),
               ComponentText(component));
  }
}

void WriteInscriptions(const v1::Piece& piece, TextPage& page) {
  if (piece.inscriptions().empty()) return;
  page.Heading("Inscriptions: look for them with a loupe");
  for (const v1::Inscription& inscription : piece.inscriptions()) {
    Parts parts;
    parts.Add(absl::StrCat("\"", inscription.text(), "\""));
    parts.Add(EnumWords(v1::Inscription::Kind_Name(inscription.kind())));
    Parts read;
    read.Add(inscription.verified_by());
    read.Add(inscription.verified_on());
    parts.Add("read by", read.Join(" on "));
    const bool placed = inscription.location() != v1::Inscription::LOCATION_UNSPECIFIED;
    page.Field(placed ? EnumWords(v1::Inscription::Location_Name(inscription.location()))
                      : std::string("inscribed"),
               parts.Join());
  }
}

void WriteReports(const v1::Piece& piece, TextPage& page) {
  if (piece.laboratory_reports().empty()) return;
  page.Heading("Reports that came with the stones, as the issuer says");
  for (const v1::ReportReference& report : piece.laboratory_reports()) {
    Parts parts;
    parts.Add(report.report_number());
    parts.Add("of", report.report_date());
    parts.Add("on", report.component_position());
    page.Field(report.laboratory(), parts.Join());
  }
}

void WriteSourcing(const v1::Piece& piece, TextPage& page) {
  if (piece.sourcing().empty()) return;
  page.Heading("Where it comes from, as the issuer says");
  for (const v1::Sourcing& sourcing : piece.sourcing()) {
    Parts parts;
    parts.Add(EnumWords(v1::Sourcing::Kind_Name(sourcing.kind())));
    parts.Add(sourcing.reference());
    if (sourcing.recycled_content_ppt() != 0) {
      parts.Add(absl::StrCat(FormatScaled(sourcing.recycled_content_ppt(), 1, 0), " %"));
    }
    parts.Add("mined in", sourcing.mine_country());
    parts.Add("by", sourcing.issuer());
    if (!sourcing.statement().empty()) {
      parts.Add(absl::StrCat("\"", sourcing.statement(), "\""));
    }
    page.Field(sourcing.component_position().empty()
                   ? absl::string_view("the piece")
                   : absl::string_view(sourcing.component_position()),
               parts.Join());
  }
}

void WritePreviousLife(const v1::PreviousLife& life, TextPage& page) {
  page.Heading("Its life before");
  page.Field("period", life.period());
  page.Field("provenance", life.provenance());
  page.Field("earlier marks", life.earlier_marks());
  page.Field("changes", life.known_changes());
}

void WriteService(const v1::Piece& piece, TextPage& page) {
  if (piece.entitlements().empty() && !piece.has_care_guide()) return;
  page.Heading("Care");
  for (const v1::ServiceEntitlement& entitlement : piece.entitlements()) {
    Parts parts;
    parts.Add(entitlement.title());
    parts.Add(entitlement.uses() == 0   ? "as often as you like"
              : entitlement.uses() == 1 ? "once"
                                        : absl::StrCat(entitlement.uses(), " times"));
    parts.Add("until", entitlement.valid_until());
    page.Field(entitlement.id(), parts.Join());
  }
  const v1::CareGuide& guide = piece.care_guide();
  auto interval = [&page](absl::string_view label, uint32_t months) {
    if (months != 0) page.Field(label, absl::StrCat("every ", months, " months"));
  };
  interval("inspection", guide.inspection_interval_months());
  interval("cleaning", guide.cleaning_interval_months());
  for (int i = 0; i < guide.advice_size(); ++i) page.Field(i == 0 ? "advice" : "", guide.advice(i));
}

}  // namespace

std::string EnumWords(absl::string_view name) {
  std::vector<std::string> words =
      absl::StrSplit(absl::AsciiStrToLower(name), '_', absl::SkipEmpty());
  for (std::string& word : words) {
    for (const absl::string_view abbreviation : {"CITES", "HS", "LBMA", "RJC"}) {
      if (absl::AsciiStrToUpper(word) == abbreviation) word = std::string(abbreviation);
    }
  }
  return absl::StrJoin(words, " ");
}

std::string DescribeGemstone(const v1::Gemstone& stone, uint32_t quantity) {
  Parts parts;
  const std::string count = quantity > 1 ? absl::StrCat(quantity, " x ") : "";
  parts.Add(absl::StrCat(count, stone.variety().empty()
                                    ? stone.species()
                                    : absl::StrCat(stone.variety(), " (", stone.species(), ")")));
  parts.Add(FormationText(stone.formation()));
  parts.Add(stone.shape_and_cutting_style());
  if (stone.carat_weight_e5() != 0) {
    parts.Add(absl::StrCat(FormatCarats(stone.carat_weight_e5()), quantity > 1 ? " together" : ""));
  }
  parts.Add(MeasurementsText(stone.measurements()));
  parts.Add(GradesText(stone));
  parts.Add("colour origin", stone.color_origin());
  parts.Add("distribution", stone.color_distribution());
  for (const v1::Treatment& treatment : stone.treatments()) parts.Add(TreatmentText(treatment));
  parts.Add("characteristics:", absl::StrJoin(stone.clarity_characteristics(), ", "));
  parts.Add("from", stone.origin_country());
  parts.Add("graded by", stone.grading_standard());
  std::string text = parts.Join();
  const std::string proportions = ProportionsText(stone.proportions());
  if (!proportions.empty()) absl::StrAppend(&text, "; proportions: ", proportions);
  return text;
}

std::string DescribeMetal(const v1::Metal& metal) {
  Parts parts;
  const std::string element = EnumWords(v1::Metal::Element_Name(metal.metal()));
  parts.Add(metal.fineness_ppt() == 0 ? element : absl::StrCat(element, " ", metal.fineness_ppt()));
  parts.Add(metal.colour());
  parts.Add(metal.alloy());
  if (metal.mass_mg() != 0) parts.Add(FormatMass(metal.mass_mg()));
  parts.Add("plated:", metal.plating());
  std::string text = parts.Join();
  const std::string hallmark = HallmarkText(metal.hallmark());
  if (!hallmark.empty()) absl::StrAppend(&text, "; hallmark: ", hallmark);
  const std::string assay = AssayText(metal.assay());
  if (!assay.empty()) absl::StrAppend(&text, "; assayed: ", assay);
  return text;
}

void WritePieceTitle(const v1::Piece& piece, TextPage& page) {
  page.Heading(piece.title());
  Parts parts;
  parts.Add(EnumWords(v1::Piece::Category_Name(piece.category())));
  parts.Add("serial", piece.serial());
  parts.Add("GTIN", piece.gtin14());
  page.Paragraph(parts.Join(", "), 2);
}

void WritePieceSections(const v1::Piece& piece, TextPage& page) {
  page.Heading("The piece");
  page.Field("brand", piece.brand());
  page.Field("maker", piece.maker());
  page.Field("designer", piece.designer());
  page.Field("collection", piece.collection());
  page.Field("model", piece.model());
  Parts made;
  if (piece.year_made() != 0) made.Add(absl::StrCat(piece.year_made()));
  made.Add(piece.country_of_manufacture());
  page.Field("made", made.Join(" in "));
  if (piece.has_ring_size()) {
    Parts size;
    if (piece.ring_size().inner_circumference_um() != 0) {
      size.Add(absl::StrCat(FormatLength(piece.ring_size().inner_circumference_um()), " inside"));
    }
    size.Add(piece.ring_size().national_size());
    page.Field("ring size", size.Join());
  }
  if (piece.length_um() != 0) page.Field("length", FormatLength(piece.length_um()));
  if (piece.total_mass_mg() != 0) page.Field("mass", FormatMass(piece.total_mass_mg()));
  page.Field("description", piece.description());

  WriteComponents(piece, v1::Component::kGemstone, "Stones", "stone", page);
  WriteComponents(piece, v1::Component::kMetal, "Metals", "metal", page);
  WriteComponents(piece, v1::Component::kOther, "Other materials", "material", page);
  WriteInscriptions(piece, page);
  WriteReports(piece, page);
  WriteSourcing(piece, page);
  if (piece.has_previous_life()) WritePreviousLife(piece.previous_life(), page);
  WriteService(piece, page);
}

}  // namespace touchstone::cli
