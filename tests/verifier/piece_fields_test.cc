#include "verifier/piece_fields.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/verifier/field_case.h"

namespace touchstone {
namespace {

class PieceFields : public testing::TestWithParam<FieldCase> {};

TEST_P(PieceFields, AreChecked) { ExpectAnswer(GetParam()); }

FieldCase PieceCase(const std::string& name, const std::function<void(v1::Piece&)>& edit,
                    const std::string& refused = "") {
  return {name, [edit](Statement& s) { edit(Piece(s)); },
          refused.empty() ? "" : "registration.piece." + refused};
}

std::vector<FieldCase> PieceCases() {
  using P = v1::Piece;
  return {
      PieceCase("sample", [](P&) {}),
      PieceCase(
          "no_serial", [](P& p) { p.clear_serial(); }, "serial is not stated; it is required"),
      PieceCase("serial_of_20", [](P& p) { p.set_serial(Text(20)); }),
      PieceCase(
          "serial_of_21", [](P& p) { p.set_serial(Text(21)); }, "serial: "),
      PieceCase(
          "serial_beyond_set_82", [](P& p) { p.set_serial("R#1"); }, "serial: "),
      PieceCase("gtin", [](P& p) { p.set_gtin14("03612345678904"); }),
      PieceCase(
          "gtin_check_digit", [](P& p) { p.set_gtin14("03612345678905"); }, "gtin14: "),
      PieceCase(
          "gtin_of_13", [](P& p) { p.set_gtin14("3612345678904"); }, "gtin14: "),
      PieceCase(
          "no_category", [](P& p) { p.clear_category(); },
          "category is not stated; it is required"),
      PieceCase(
          "no_title", [](P& p) { p.clear_title(); }, "title is not stated; it is required"),
      PieceCase("title_of_120", [](P& p) { p.set_title(Text(120)); }),
      PieceCase(
          "title_of_121", [](P& p) { p.set_title(Text(121)); },
          "title has 121 bytes; accepted are at most 120"),
      PieceCase(
          "title_in_two_lines", [](P& p) { p.set_title("a\nb"); },
          "title holds a control character at byte 1"),
      PieceCase(
          "title_with_a_c1_control", [](P& p) { p.set_title("ab\xC2\x85"); },
          "title holds a control character at byte 2"),
      PieceCase("title_in_french", [](P& p) { p.set_title("Bague \xC3\xA0 diamant"); }),
      PieceCase("description_of_2000", [](P& p) { p.set_description(Text(2000)); }),
      PieceCase(
          "description_of_2001", [](P& p) { p.set_description(Text(2001)); },
          "description has 2001 bytes"),
      PieceCase(
          "model_of_61", [](P& p) { p.set_model(Text(61)); }, "model has 61 bytes"),
      PieceCase(
          "brand_of_121", [](P& p) { p.set_brand(Text(121)); }, "brand has 121 bytes"),
      PieceCase("year_9999", [](P& p) { p.set_year_made(9999); }),
      PieceCase(
          "year_10000", [](P& p) { p.set_year_made(10000); },
          "year_made is 10000; accepted are 1 to 9999"),
      PieceCase("country", [](P& p) { p.set_country_of_manufacture("FR"); }),
      PieceCase(
          "country_in_small_letters", [](P& p) { p.set_country_of_manufacture("fr"); },
          "country_of_manufacture is \"fr\""),
      PieceCase(
          "country_of_three", [](P& p) { p.set_country_of_manufacture("FRA"); },
          "country_of_manufacture is \"FRA\""),
      PieceCase("ring_size_smallest",
                [](P& p) { p.mutable_ring_size()->set_inner_circumference_um(20000); }),
      PieceCase("ring_size_largest",
                [](P& p) { p.mutable_ring_size()->set_inner_circumference_um(100000); }),
      PieceCase(
          "ring_size_too_small",
          [](P& p) { p.mutable_ring_size()->set_inner_circumference_um(9000); },
          "ring_size.inner_circumference_um is 9000; accepted are 20000 to 100000"),
      PieceCase(
          "ring_size_too_large",
          [](P& p) { p.mutable_ring_size()->set_inner_circumference_um(100001); },
          "ring_size.inner_circumference_um is 100001"),
      PieceCase("ring_size_not_in_um",
                [](P& p) {
                  p.mutable_ring_size()->clear_inner_circumference_um();
                  p.mutable_ring_size()->set_national_size("US 6 1/2");
                }),
      PieceCase(
          "ring_size_of_a_necklace", [](P& p) { p.set_category(P::NECKLACE); },
          "ring_size is stated of a piece whose category is not RING"),
      PieceCase("quantity", [](P& p) { p.mutable_components(0)->set_quantity(100000); }),
      PieceCase(
          "quantity_too_large", [](P& p) { p.mutable_components(0)->set_quantity(100001); },
          "components[0].quantity is 100001; accepted are 1 to 100000"),
      PieceCase("components_256",
                [](P& p) {
                  while (p.components_size() < 256) p.add_components();
                }),
      PieceCase(
          "components_257",
          [](P& p) {
            while (p.components_size() < 257) p.add_components();
          },
          "components has 257 elements; accepted are 0 to 256"),
      PieceCase(
          "no_species", [](P& p) { p.mutable_components(0)->mutable_gemstone()->clear_species(); },
          "components[0].gemstone.species is not stated; it is required"),
      PieceCase(
          "clarity_of_21",
          [](P& p) { p.mutable_components(0)->mutable_gemstone()->set_clarity_grade(Text(21)); },
          "components[0].gemstone.clarity_grade has 21 bytes"),
      PieceCase(
          "girdle_of_61",
          [](P& p) {
            p.mutable_components(0)->mutable_gemstone()->mutable_proportions()->set_girdle(
                Text(61));
          },
          "components[0].gemstone.proportions.girdle has 61 bytes"),
      PieceCase(
          "characteristics_25",
          [](P& p) {
            for (int i = 0; i < 25; ++i) {
              p.mutable_components(0)->mutable_gemstone()->add_clarity_characteristics("x");
            }
          },
          "components[0].gemstone.clarity_characteristics has 25 elements"),
      PieceCase(
          "characteristic_of_41",
          [](P& p) {
            v1::Gemstone& stone = *p.mutable_components(0)->mutable_gemstone();
            stone.add_clarity_characteristics("Feather");
            stone.add_clarity_characteristics(Text(41));
          },
          "components[0].gemstone.clarity_characteristics[1] has 41 bytes"),
      PieceCase(
          "treatment_note_of_201",
          [](P& p) {
            p.mutable_components(0)->mutable_gemstone()->add_treatments()->set_note(Text(201));
          },
          "components[0].gemstone.treatments[0].note has 201 bytes"),
      PieceCase(
          "no_metal", [](P& p) { p.mutable_components(1)->mutable_metal()->clear_metal(); },
          "components[1].metal.metal is not stated; it is required"),
      PieceCase("fineness_1000",
                [](P& p) { p.mutable_components(1)->mutable_metal()->set_fineness_ppt(1000); }),
      PieceCase(
          "fineness_1001",
          [](P& p) { p.mutable_components(1)->mutable_metal()->set_fineness_ppt(1001); },
          "components[1].metal.fineness_ppt is 1001; accepted are 1 to 1000"),
      PieceCase(
          "assay_date",
          [](P& p) {
            p.mutable_components(1)->mutable_metal()->mutable_assay()->set_date("2026-2-3");
          },
          "components[1].metal.assay.date is \"2026-2-3\""),
      PieceCase(
          "assay_digest_of_31",
          [](P& p) {
            p.mutable_components(1)->mutable_metal()->mutable_assay()->set_document_sha256(
                Text(31));
          },
          "components[1].metal.assay.document_sha256 has 31 bytes; accepted are exactly 32"),
      PieceCase(
          "hallmark_letter_of_11",
          [](P& p) {
            p.mutable_components(1)->mutable_metal()->mutable_hallmark()->set_date_letter(Text(11));
          },
          "components[1].metal.hallmark.date_letter has 11 bytes"),
      PieceCase(
          "other_material_of_121",
          [](P& p) { p.mutable_components(1)->mutable_other()->set_name(Text(121)); },
          "components[1].other.name has 121 bytes"),
      PieceCase(
          "component_passport_of_15",
          [](P& p) { p.mutable_components(1)->set_passport_id(Text(15)); },
          "components[1].passport_id has 15 bytes; accepted are exactly 16"),
      PieceCase(
          "inscription_without_kind", [](P& p) { p.mutable_inscriptions(0)->clear_kind(); },
          "inscriptions[0].kind is not stated; it is required"),
      PieceCase(
          "personal_inscription",
          [](P& p) { p.mutable_inscriptions(0)->set_kind(v1::Inscription::PERSONAL); },
          "inscriptions[0].kind is PERSONAL"),
      PieceCase(
          "inscription_of_three_letters",
          [](P& p) { p.mutable_inscriptions(0)->set_text("A-b.1"); }, "inscriptions[0].text: "),
      PieceCase(
          "inscription_not_ascii",
          [](P& p) { p.mutable_inscriptions(0)->set_text("GIA \xE2\x84\x96 2141"); },
          "inscriptions[0].text: "),
      PieceCase("brand_inscription_may_be_anything",
                [](P& p) {
                  p.mutable_inscriptions(0)->set_kind(v1::Inscription::BRAND);
                  p.mutable_inscriptions(0)->set_text("\xE2\x99\xA5");
                }),
      PieceCase(
          "same_inscription_twice",
          [](P& p) {
            v1::Inscription& again = *p.add_inscriptions();
            again.set_kind(v1::Inscription::SERIAL);
            again.set_text("gia-2141438001");
          },
          "inscriptions[1].text claims inscription GIA2141438001, as another field does"),
      PieceCase(
          "same_report_twice",
          [](P& p) {
            v1::ReportReference& again = *p.add_laboratory_reports();
            again.set_laboratory("G.I.A");
            again.set_report_number("2141 438001");
          },
          "laboratory_reports[1].report_number claims report GIA 2141438001"),
      PieceCase(
          "inscriptions_17",
          [](P& p) {
            p.clear_inscriptions();
            for (int i = 0; i < 17; ++i) {
              p.add_inscriptions()->set_kind(v1::Inscription::BRAND);
            }
          },
          "inscriptions has 17 elements; accepted are 0 to 16"),
      PieceCase(
          "report_without_laboratory",
          [](P& p) { p.mutable_laboratory_reports(0)->clear_laboratory(); },
          "laboratory_reports[0].laboratory is not stated; it is required"),
      PieceCase(
          "report_without_number",
          [](P& p) { p.mutable_laboratory_reports(0)->clear_report_number(); },
          "laboratory_reports[0].report_number is not stated; it is required"),
      PieceCase(
          "report_number_without_letters",
          [](P& p) { p.mutable_laboratory_reports(0)->set_report_number("--"); },
          "laboratory_reports[0].report_number: "),
      PieceCase(
          "report_on_no_day",
          [](P& p) { p.mutable_laboratory_reports(0)->set_report_date("2026-02-29"); },
          "laboratory_reports[0].report_date is \"2026-02-29\""),
      PieceCase("media_type", [](P& p) { p.add_media()->set_media_type("image/svg+xml"); }),
      PieceCase(
          "media_type_of_one_word", [](P& p) { p.add_media()->set_media_type("jpeg"); },
          "media[0].media_type is no media type"),
      PieceCase(
          "media_type_with_parameters",
          [](P& p) { p.add_media()->set_media_type("text/html; charset=utf-8"); },
          "media[0].media_type is no media type"),
      PieceCase(
          "media_digest_of_33", [](P& p) { p.add_media()->set_sha256(Text(33)); },
          "media[0].sha256 has 33 bytes"),
      PieceCase(
          "provenance_of_1001", [](P& p) { p.mutable_previous_life()->set_provenance(Text(1001)); },
          "previous_life.provenance has 1001 bytes"),
      PieceCase(
          "recycled_1001", [](P& p) { p.add_sourcing()->set_recycled_content_ppt(1001); },
          "sourcing[0].recycled_content_ppt is 1001"),
      PieceCase(
          "entitlement_twice",
          [](P& p) {
            p.add_entitlements()->set_id("clean");
            p.add_entitlements()->set_id("clean");
          },
          "entitlements[1].id is that of an earlier entitlement"),
      PieceCase(
          "advice_of_301", [](P& p) { p.mutable_care_guide()->add_advice(Text(301)); },
          "care_guide.advice[0] has 301 bytes"),
      PieceCase(
          "interval_241", [](P& p) { p.mutable_care_guide()->set_cleaning_interval_months(241); },
          "care_guide.cleaning_interval_months is 241"),
  };
}

INSTANTIATE_TEST_SUITE_P(All, PieceFields, testing::ValuesIn(PieceCases()), CaseName);

}  // namespace
}  // namespace touchstone
