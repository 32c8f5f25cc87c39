#include "cli/import/piece_columns.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/calendar_day.h"
#include "cli/closest_word.h"
#include "cli/import/column_values.h"
#include "cli/import/exact_number.h"
#include "verifier/gs1_serial.h"
#include "verifier/gtin.h"

namespace touchstone::cli {

enum class ColumnGroup { kPiece, kStone, kMetal, kInscription, kReport };

struct ColumnSpec {
  absl::string_view name;
  ColumnGroup group;
  absl::Status (*set)(absl::string_view text, int number, PieceDraft& draft);
  absl::string_view aliases;  // separated by blanks
  absl::string_view sets;     // the name of the column that sets the same in another unit
};

namespace {

// ---- The message that a column's field belongs to. ----

v1::Piece& Target(PieceDraft& draft, int, const v1::Piece*) { return draft.piece(); }
v1::RingSize& Target(PieceDraft& draft, int, const v1::RingSize*) {
  return *draft.piece().mutable_ring_size();
}
v1::Gemstone& Target(PieceDraft& draft, int number, const v1::Gemstone*) {
  return *draft.stone(number).mutable_gemstone();
}
v1::Proportions& Target(PieceDraft& draft, int number, const v1::Proportions*) {
  return *draft.stone(number).mutable_gemstone()->mutable_proportions();
}
v1::Metal& Target(PieceDraft& draft, int number, const v1::Metal*) {
  return *draft.metal(number).mutable_metal();
}
v1::Hallmark& Target(PieceDraft& draft, int number, const v1::Hallmark*) {
  return *draft.metal(number).mutable_metal()->mutable_hallmark();
}
v1::Inscription& Target(PieceDraft& draft, int number, const v1::Inscription*) {
  return draft.inscription(number);
}
v1::ReportReference& Target(PieceDraft& draft, int number, const v1::ReportReference*) {
  return draft.report(number);
}

template <typename T>
struct MemberOf;
template <typename M, typename Result, typename... Arguments>
struct MemberOf<Result (M::*)(Arguments...)> {
  using Message = M;
};
template <typename T>
struct ArgumentOf;
template <typename M, typename Argument>
struct ArgumentOf<void (M::*)(Argument)> {
  using Type = Argument;
};

template <auto kMember>
auto& TargetOf(PieceDraft& draft, int number) {
  using Message = typename MemberOf<decltype(kMember)>::Message;
  return Target(draft, number, static_cast<const Message*>(nullptr));
}

// ---- One kind of cell each. ----

// `value` into the text field that kMutable gives access to.
template <auto kMutable>
absl::Status Store(absl::StatusOr<std::string> value, int number, PieceDraft& draft) {
  if (!value.ok()) return value.status();
  *(TargetOf<kMutable>(draft, number).*kMutable)() = *std::move(value);
  return absl::OkStatus();
}

template <auto kMutable, size_t kBytesMax>
absl::Status Text(absl::string_view text, int number, PieceDraft& draft) {
  return Store<kMutable>(ParseTextCell(text, kBytesMax), number, draft);
}

template <auto kMutable>
absl::Status Country(absl::string_view text, int number, PieceDraft& draft) {
  return Store<kMutable>(ParseCountryCell(text), number, draft);
}

template <auto kMutable>
absl::Status Date(absl::string_view text, int number, PieceDraft& draft) {
  return Store<kMutable>(ParseDateCell(text), number, draft);
}

enum Unit { kNoUnit, kMilligrams, kGrams, kMicrometres, kMillimetres, kCarats, kPercent, kDegrees };
constexpr absl::string_view kUnitSigns[] = {"", "mg", "g", "um", "mm", "ct", "%", "°"};

// A number in units of 10^-kDecimals of what people write.
template <auto kSet, int kDecimals, Unit kUnit, uint64_t kMax = 0>
absl::Status Number(absl::string_view text, int number, PieceDraft& draft) {
  using Argument = typename ArgumentOf<decltype(kSet)>::Type;
  constexpr uint64_t kLimit = kMax != 0 ? kMax : std::numeric_limits<Argument>::max();
  const absl::StatusOr<uint64_t> value = ParseExact(text, kDecimals, kUnitSigns[kUnit], kLimit);
  if (!value.ok()) return value.status();
  (TargetOf<kSet>(draft, number).*kSet)(static_cast<Argument>(*value));
  return absl::OkStatus();
}

template <auto kSet, auto kParse>
absl::Status Enum(absl::string_view text, int number, PieceDraft& draft) {
  const auto value = kParse(text);
  if (!value.ok()) return value.status();
  (TargetOf<kSet>(draft, number).*kSet)(*value);
  return absl::OkStatus();
}

absl::Status SetGtin(absl::string_view text, int, PieceDraft& draft) {
  const absl::StatusOr<std::string> cell = ParseTextCell(text, 14);
  if (!cell.ok()) return cell.status();
  const absl::StatusOr<Gtin> gtin = Gtin::ParseAnyLength(*cell);
  if (!gtin.ok()) return gtin.status();
  draft.piece().set_gtin14(gtin->text());
  return absl::OkStatus();
}

absl::Status SetSerial(absl::string_view text, int, PieceDraft& draft) {
  const absl::StatusOr<std::string> cell = ParseTextCell(text, 200);
  if (!cell.ok()) return cell.status();
  if (absl::Status status = ValidateGs1Serial(*cell); !status.ok()) return status;
  draft.piece().set_serial(*cell);
  return absl::OkStatus();
}

absl::Status SetSoldOn(absl::string_view text, int, PieceDraft& draft) {
  const absl::StatusOr<absl::CivilDay> day = ParseCalendarDay(text);
  if (!day.ok()) return day.status();
  draft.set_sold_on(*day);
  return absl::OkStatus();
}

absl::Status SetMeasurements(absl::string_view text, int number, PieceDraft& draft) {
  const absl::StatusOr<v1::Measurements> measurements = ParseMeasurementsCell(text);
  if (!measurements.ok()) return measurements.status();
  *draft.stone(number).mutable_gemstone()->mutable_measurements() = *measurements;
  return absl::OkStatus();
}

absl::Status SetTreatments(absl::string_view text, int number, PieceDraft& draft) {
  const auto codes = ParseTreatmentsCell(text);
  if (!codes.ok()) return codes.status();
  for (const v1::Treatment::Code code : *codes) {
    draft.stone(number).mutable_gemstone()->add_treatments()->set_code(code);
  }
  return absl::OkStatus();
}

absl::Status SetFineness(absl::string_view text, int number, PieceDraft& draft) {
  const absl::StatusOr<uint32_t> fineness = ParseFinenessCell(text);
  if (!fineness.ok()) return fineness.status();
  draft.metal(number).mutable_metal()->set_fineness_ppt(*fineness);
  return absl::OkStatus();
}

template <ColumnGroup kGroup>
v1::Component& ComponentOf(PieceDraft& draft, int number) {
  static_assert(kGroup == ColumnGroup::kStone || kGroup == ColumnGroup::kMetal);
  return kGroup == ColumnGroup::kStone ? draft.stone(number) : draft.metal(number);
}

template <ColumnGroup kGroup>
absl::Status SetPosition(absl::string_view text, int number, PieceDraft& draft) {
  const absl::StatusOr<std::string> cell = ParseTextCell(text, 60);
  if (!cell.ok()) return cell.status();
  ComponentOf<kGroup>(draft, number).set_position(*cell);
  return absl::OkStatus();
}

absl::Status SetQuantity(absl::string_view text, int number, PieceDraft& draft) {
  const absl::StatusOr<uint64_t> quantity = ParseExact(text, 0, "", 100'000);
  if (!quantity.ok()) return quantity.status();
  draft.stone(number).set_quantity(static_cast<uint32_t>(*quantity));
  return absl::OkStatus();
}

// ---- The table. docs/IMPORT.md repeats it for people. ----

using enum ColumnGroup;
using v1::Gemstone;
using v1::Hallmark;
using v1::Inscription;
using v1::Metal;
using v1::Piece;
using v1::Proportions;
using v1::ReportReference;
using v1::RingSize;

// clang-format off
constexpr ColumnSpec kColumns[] = {
    {"serial", kPiece, SetSerial, "serial_number serial_no stock_number stock_no stock_# sku", ""},
    {"gtin", kPiece, SetGtin, "gtin14 gtin13 ean ean13 upc barcode", ""},
    {"category", kPiece, Enum<&Piece::set_category, ParseCategoryCell>, "type product_type", ""},
    {"title", kPiece, Text<&Piece::mutable_title, 120>, "name product_name", ""},
    {"description", kPiece, Text<&Piece::mutable_description, 2000>, "", ""},
    {"maker", kPiece, Text<&Piece::mutable_maker, 120>, "manufacturer workshop", ""},
    {"designer", kPiece, Text<&Piece::mutable_designer, 120>, "", ""},
    {"brand", kPiece, Text<&Piece::mutable_brand, 120>, "", ""},
    {"model", kPiece, Text<&Piece::mutable_model, 60>, "reference model_number style style_number", ""},
    {"collection", kPiece, Text<&Piece::mutable_collection, 120>, "line", ""},
    {"year_made", kPiece, Number<&Piece::set_year_made, 0, kNoUnit, 9999>, "year", ""},
    {"country_of_manufacture", kPiece, Country<&Piece::mutable_country_of_manufacture>, "country made_in", ""},
    {"total_mass_mg", kPiece, Number<&Piece::set_total_mass_mg, 0, kMilligrams>, "mass_mg", ""},
    {"total_mass_g", kPiece, Number<&Piece::set_total_mass_mg, 3, kGrams>, "mass_g weight_g gross_weight_g", "total_mass_mg"},
    {"length_um", kPiece, Number<&Piece::set_length_um, 0, kMicrometres>, "", ""},
    {"length_mm", kPiece, Number<&Piece::set_length_um, 3, kMillimetres>, "", "length_um"},
    {"ring_circumference_um", kPiece, Number<&RingSize::set_inner_circumference_um, 0, kMicrometres>, "", ""},
    {"ring_circumference_mm", kPiece, Number<&RingSize::set_inner_circumference_um, 3, kMillimetres>, "ring_size_iso iso_8653", "ring_circumference_um"},
    {"ring_size", kPiece, Text<&RingSize::mutable_national_size, 20>, "national_size finger_size", ""},
    {"sold_on", kPiece, SetSoldOn, "sale_date date_sold", ""},

    {"species", kStone, Text<&Gemstone::mutable_species, 60>, "gem gemstone", ""},
    {"variety", kStone, Text<&Gemstone::mutable_variety, 60>, "", ""},
    {"formation", kStone, Enum<&Gemstone::set_formation, ParseFormationCell>, "growth", ""},
    {"shape", kStone, Text<&Gemstone::mutable_shape_and_cutting_style, 80>, "shape_and_cutting_style cutting_style", ""},
    {"measurements", kStone, SetMeasurements, "measurements_mm dimensions", ""},
    {"carat", kStone, Number<&Gemstone::set_carat_weight_e5, 5, kCarats>, "carats carat_weight ct weight_ct cts", ""},
    {"carat_weight_e5", kStone, Number<&Gemstone::set_carat_weight_e5, 0, kNoUnit>, "", "carat"},
    {"color", kStone, Text<&Gemstone::mutable_color_grade, 60>, "colour color_grade colour_grade", ""},
    {"color_origin", kStone, Text<&Gemstone::mutable_color_origin, 60>, "colour_origin", ""},
    {"color_distribution", kStone, Text<&Gemstone::mutable_color_distribution, 60>, "colour_distribution", ""},
    {"clarity", kStone, Text<&Gemstone::mutable_clarity_grade, 20>, "clarity_grade purity", ""},
    {"cut", kStone, Text<&Gemstone::mutable_cut_grade, 20>, "cut_grade", ""},
    {"polish", kStone, Text<&Gemstone::mutable_polish, 20>, "pol", ""},
    {"symmetry", kStone, Text<&Gemstone::mutable_symmetry, 20>, "sym", ""},
    {"fluorescence", kStone, Text<&Gemstone::mutable_fluorescence_intensity, 20>, "fluorescence_intensity fluor", ""},
    {"fluorescence_color", kStone, Text<&Gemstone::mutable_fluorescence_color, 20>, "fluorescence_colour", ""},
    {"depth_percent", kStone, Number<&Proportions::set_depth_percent_e2, 2, kPercent, 10'000>, "depth depth_%", ""},
    {"table_percent", kStone, Number<&Proportions::set_table_percent_e2, 2, kPercent, 10'000>, "table table_%", ""},
    {"crown_angle", kStone, Number<&Proportions::set_crown_angle_degrees_e2, 2, kDegrees, 9'000>, "", ""},
    {"crown_height_percent", kStone, Number<&Proportions::set_crown_height_percent_e2, 2, kPercent, 10'000>, "crown_height", ""},
    {"pavilion_angle", kStone, Number<&Proportions::set_pavilion_angle_degrees_e2, 2, kDegrees, 9'000>, "", ""},
    {"pavilion_depth_percent", kStone, Number<&Proportions::set_pavilion_depth_percent_e2, 2, kPercent, 10'000>, "pavilion_depth", ""},
    {"girdle", kStone, Text<&Proportions::mutable_girdle, 60>, "", ""},
    {"culet", kStone, Text<&Proportions::mutable_culet, 30>, "", ""},
    {"treatments", kStone, SetTreatments, "treatment enhancement enhancements", ""},
    {"origin_country", kStone, Country<&Gemstone::mutable_origin_country>, "origin", ""},
    {"grading_standard", kStone, Text<&Gemstone::mutable_grading_standard, 40>, "", ""},
    {"quality_category", kStone, Text<&Gemstone::mutable_quality_category, 20>, "", ""},
    {"stone_position", kStone, SetPosition<kStone>, "", ""},
    {"stone_quantity", kStone, SetQuantity, "stones number_of_stones", ""},

    {"metal", kMetal, Enum<&Metal::set_metal, ParseElementCell>, "", ""},
    {"fineness_ppt", kMetal, SetFineness, "fineness purity_ppt karat", ""},
    {"alloy", kMetal, Text<&Metal::mutable_alloy, 60>, "", ""},
    {"metal_colour", kMetal, Text<&Metal::mutable_colour, 30>, "metal_color", ""},
    {"metal_mass_mg", kMetal, Number<&Metal::set_mass_mg, 0, kMilligrams>, "", ""},
    {"metal_mass_g", kMetal, Number<&Metal::set_mass_mg, 3, kGrams>, "metal_weight_g", "metal_mass_mg"},
    {"plating", kMetal, Text<&Metal::mutable_plating, 60>, "", ""},
    {"metal_position", kMetal, SetPosition<kMetal>, "", ""},
    {"sponsor_mark", kMetal, Text<&Hallmark::mutable_sponsor_mark, 60>, "makers_mark", ""},
    {"fineness_mark", kMetal, Text<&Hallmark::mutable_fineness_mark, 40>, "", ""},
    {"assay_office", kMetal, Text<&Hallmark::mutable_office, 60>, "hallmark_office", ""},
    {"date_letter", kMetal, Text<&Hallmark::mutable_date_letter, 10>, "", ""},

    {"inscription", kInscription, Text<&Inscription::mutable_text, 80>, "inscription_text laser_inscription", ""},
    {"inscription_kind", kInscription, Enum<&Inscription::set_kind, ParseInscriptionKindCell>, "", ""},
    {"inscription_location", kInscription, Enum<&Inscription::set_location, ParseInscriptionLocationCell>, "", ""},

    {"laboratory", kReport, Text<&ReportReference::mutable_laboratory, 60>, "lab", ""},
    {"report_number", kReport, Text<&ReportReference::mutable_report_number, 40>, "report report_no report_# certificate certificate_number certificate_no certificate_# cert_no", ""},
    {"report_date", kReport, Date<&ReportReference::mutable_report_date>, "report_issue_date certificate_date", ""},
};
// clang-format on

absl::string_view GroupName(ColumnGroup group) {
  switch (group) {
    case kPiece:
      return "piece";
    case kStone:
      return "stone";
    case kMetal:
      return "metal";
    case kInscription:
      return "inscription";
    case kReport:
      return "report";
  }
  return "";
}

// "  Total-Mass MG" -> "total_mass_mg".
std::string Normalise(absl::string_view name) {
  std::string out;
  for (const char c : absl::StripAsciiWhitespace(name)) {
    const bool gap =
        absl::ascii_isspace(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
    if (!gap) {
      out.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (!out.empty() && out.back() != '_') {
      out.push_back('_');
    }
  }
  return out;
}

const ColumnSpec* FindSpec(absl::string_view name, std::optional<ColumnGroup> group) {
  using Index = absl::flat_hash_map<absl::string_view, const ColumnSpec*>;
  static const Index* const index = [] {
    auto* made = new Index();
    for (const ColumnSpec& spec : kColumns) {
      made->emplace(spec.name, &spec);
      for (const absl::string_view alias : absl::StrSplit(spec.aliases, ' ', absl::SkipEmpty())) {
        made->emplace(alias, &spec);
      }
    }
    return made;
  }();
  const auto found = index->find(name);
  if (found == index->end()) return nullptr;
  return !group.has_value() || found->second->group == *group ? found->second : nullptr;
}

}  // namespace

std::optional<PieceColumn> PieceColumn::Find(absl::string_view name) {
  const std::string normal = Normalise(name);
  if (const ColumnSpec* spec = FindSpec(normal, std::nullopt); spec != nullptr) {
    return PieceColumn(spec, 1);
  }
  for (const ColumnGroup group : {kStone, kMetal, kInscription, kReport}) {
    absl::string_view rest = normal;
    if (!absl::ConsumePrefix(&rest, GroupName(group))) continue;
    int number = 1;
    if (!rest.empty() && rest[0] >= '1' && rest[0] < '1' + kNumberedMax) {
      number = rest[0] - '0';
      rest.remove_prefix(1);
    }
    if (!rest.empty() && !absl::ConsumePrefix(&rest, "_")) continue;
    // "stone2_carat", "metal2_mass_mg", "inscription2".
    for (const std::string& candidate :
         {std::string(rest), absl::StrCat(GroupName(group), "_", rest),
          rest.empty() ? std::string(GroupName(group)) : std::string()}) {
      if (const ColumnSpec* spec = FindSpec(candidate, group); spec != nullptr) {
        return PieceColumn(spec, number);
      }
    }
  }
  return std::nullopt;
}

std::string PieceColumn::name() const {
  if (number_ == 1) return std::string(spec_->name);
  const absl::string_view group = GroupName(spec_->group);
  absl::string_view rest = spec_->name;
  if (absl::ConsumePrefix(&rest, group)) return absl::StrCat(group, number_, rest);
  return absl::StrCat(group, number_, "_", rest);
}

absl::Status PieceColumn::Apply(absl::string_view text, PieceDraft& draft) const {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return absl::OkStatus();
  return spec_->set(text, number_, draft);
}

bool PieceColumn::SameFieldAs(const PieceColumn& other) const {
  const auto field = [](const ColumnSpec& spec) {
    return spec.sets.empty() ? spec.name : spec.sets;
  };
  return number_ == other.number_ && field(*spec_) == field(*other.spec_);
}

std::vector<absl::string_view> PieceColumnNames() {
  std::vector<absl::string_view> names;
  for (const ColumnSpec& spec : kColumns) names.push_back(spec.name);
  return names;
}

std::string SuggestColumn(absl::string_view name) {
  return DidYouMean(Normalise(name), PieceColumnNames());
}

}  // namespace touchstone::cli
