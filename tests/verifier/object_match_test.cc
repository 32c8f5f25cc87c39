#include "verifier/object_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <utility>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"

namespace touchstone {
namespace {

Comparison Compare(const TestLog& log, const Observed& observed) {
  const auto record =
      CheckPassport(PolicyOf(log.PolicyText()), log.PassportFile(1), observed, log.now_ms());
  EXPECT_THAT(record, IsOk());
  EXPECT_EQ(record->object.size(), 1u);
  return record->object.at(0);
}

TestLog LogWith(const std::function<void(v1::Piece&)>& edit) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  v1::Piece piece = SamplePiece(1);
  edit(piece);
  log.Register(1, "maison", piece);
  log.Commit();
  return log;
}

struct Sight {
  std::string name;
  std::function<void(Observed&)> see;
  Match match;
};

void PrintTo(const Sight& sight, std::ostream* out) { *out << sight.name; }

class Sights : public testing::TestWithParam<Sight> {};

TEST_P(Sights, AreCompared) {
  const TestLog log = LogWith([](v1::Piece& piece) {
    v1::Inscription& brand = *piece.add_inscriptions();
    brand.set_text("\xE2\x99\xA5 Maison");
    brand.set_kind(v1::Inscription::BRAND);
    v1::Inscription& copied = *piece.add_inscriptions();
    copied.set_text("GIA 2141438167");
    copied.set_kind(v1::Inscription::BRAND);
  });
  Observed observed;
  GetParam().see(observed);
  EXPECT_EQ(Compare(log, observed).match, GetParam().match);
}

// 6410 x 6450 x 3980 um, 4210 mg, 52000 um inside.
INSTANTIATE_TEST_SUITE_P(
    All, Sights,
    testing::Values(
        Sight{"inscription", [](Observed& o) { o.inscription = "GIA 2141438001"; },
              Match::kMatches},
        Sight{"inscription_spelt_otherwise", [](Observed& o) { o.inscription = "gia2141438001"; },
              Match::kMatches},
        Sight{"inscription_of_another", [](Observed& o) { o.inscription = "GIA 2141438002"; },
              Match::kDiffers},
        Sight{"inscription_too_short", [](Observed& o) { o.inscription = "G"; }, Match::kDiffers},
        Sight{"brand_inscription", [](Observed& o) { o.inscription = "\xE2\x99\xA5 maison"; },
              Match::kNotRecorded},
        Sight{"report_number_recorded_as_a_brand",
              [](Observed& o) { o.inscription = "GIA 2141438167"; }, Match::kNotRecorded},
        Sight{"serial", [](Observed& o) { o.serial = "R-1"; }, Match::kMatches},
        Sight{"serial_of_another", [](Observed& o) { o.serial = "R-2"; }, Match::kDiffers},
        Sight{"mass", [](Observed& o) { o.mass_mg = 4210; }, Match::kMatches},
        Sight{"mass_at_the_tolerance", [](Observed& o) { o.mass_mg = 4230; }, Match::kMatches},
        Sight{"mass_beyond_it", [](Observed& o) { o.mass_mg = 4231; }, Match::kDiffers},
        Sight{"mass_below_it", [](Observed& o) { o.mass_mg = 4189; }, Match::kDiffers},
        Sight{"mass_with_a_coarse_scale",
              [](Observed& o) {
                o.mass_mg = 4300;
                o.mass_tolerance_mg = 100;
              },
              Match::kMatches},
        Sight{"mass_huge", [](Observed& o) { o.mass_mg = UINT64_MAX; }, Match::kDiffers},
        Sight{"measurements",
              [](Observed& o) {
                o.measurements_um = {6420, 6440, 3990};
              },
              Match::kMatches},
        Sight{"measurements_turned",
              [](Observed& o) {
                o.measurements_um = {6460, 6400, 3980};
              },
              Match::kMatches},
        Sight{"depth_for_length",
              [](Observed& o) {
                o.measurements_um = {3980, 6450, 6410};
              },
              Match::kDiffers},
        Sight{"measurements_beyond",
              [](Observed& o) {
                o.measurements_um = {6441, 6450, 3980};
              },
              Match::kDiffers},
        Sight{"ring_size", [](Observed& o) { o.ring_inner_circumference_um = 52500; },
              Match::kMatches},
        Sight{"ring_size_beyond", [](Observed& o) { o.ring_inner_circumference_um = 52501; },
              Match::kDiffers}),
    [](const auto& sight) { return sight.param.name; });

TEST(ObjectMatch, WhatIsNotRecordedIsNoDifference) {
  const TestLog log = LogWith([](v1::Piece& piece) {
    piece.clear_inscriptions();
    piece.clear_components();
    piece.clear_ring_size();
    piece.clear_total_mass_mg();
  });
  Observed observed;
  observed.inscription = "GIA 2141438001";
  observed.mass_mg = 1;
  observed.measurements_um = {1, 2, 3};
  observed.ring_inner_circumference_um = 1;
  const auto record =
      CheckPassport(PolicyOf(log.PolicyText()), log.PassportFile(1), observed, log.now_ms());
  ASSERT_THAT(record, IsOk());
  ASSERT_EQ(record->object.size(), 4u);
  for (const Comparison& comparison : record->object) {
    EXPECT_EQ(comparison.match, Match::kNotRecorded) << comparison.what;
    EXPECT_EQ(comparison.recorded, "") << comparison.what;
  }
  // Of an inscription it is: that one tells which piece it is.
  EXPECT_FALSE(IsWithoutReservation(Verdict::FromRecord(*record)));
  VerifiedRecord others = *record;
  others.object.erase(others.object.begin());
  EXPECT_TRUE(IsWithoutReservation(Verdict::FromRecord(std::move(others))));
}

// The fraud of a copied number, through the front door.
TEST(ObjectMatch, ANumberThatIsRecordedWithoutAClaimDoesNotMatch) {
  TestLog log = LogWith([](v1::Piece&) {});
  v1::Piece copy = SamplePiece(2);
  copy.clear_laboratory_reports();
  copy.clear_inscriptions();
  v1::Inscription& inscription = *copy.add_inscriptions();
  inscription.set_text("GIA 2141438001");
  inscription.set_kind(v1::Inscription::BRAND);
  log.Register(2, "maison", copy);
  log.Commit();
  Observed observed;
  observed.inscription = "GIA 2141438001";
  EXPECT_EQ(Compare(log, observed).match, Match::kMatches);
  const auto record =
      CheckPassport(PolicyOf(log.PolicyText()), log.PassportFile(2), observed, log.now_ms());
  ASSERT_THAT(record, IsOk());
  const Comparison& comparison = record->object.at(0);
  EXPECT_EQ(comparison.match, Match::kNotRecorded);
  EXPECT_EQ(comparison.recorded, "GIA 2141438001");
  EXPECT_THAT(comparison.note, testing::HasSubstr("brand mark"));
  EXPECT_FALSE(IsWithoutReservation(Verdict::FromRecord(*record)));
}

TEST(ObjectMatch, AnInscriptionIsThePiecesThatHoldsItsClaim) {
  TestLog log = LogWith([](v1::Piece&) {});
  log.Enrol("gia", {v1::LABORATORY}, {"gia"},
            [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
  v1::Piece bare = SamplePiece(2);
  bare.clear_laboratory_reports();
  bare.clear_inscriptions();
  log.Register(2, "maison", bare);
  v1::Piece rival = SamplePiece(1);
  rival.set_serial("R-3");
  v1::Statement contest = log.PassportStatement(3);
  *contest.mutable_registration()->mutable_piece() = rival;
  const ClaimSubject claim = ValueOrDie(InscriptionClaim("GIA 2141438001"));
  for (const ClaimSubject& contested : {claim, ValueOrDie(ReportClaim("GIA", "2141438001"))}) {
    *contest.mutable_registration()->add_contests() = ReferenceTo(contested);
  }
  log.Say(contest, {"maison"});
  log.Commit();
  Observed observed;
  observed.inscription = "GIA 2141438001";
  Comparison comparison = Compare(log, observed);
  EXPECT_EQ(comparison.match, Match::kNotRecorded);
  EXPECT_THAT(comparison.note, testing::HasSubstr("another piece claims to bear it too"));

  // Given to a piece that is not described so.
  log.Resolve(2, "gia", claim);
  log.Commit();
  EXPECT_EQ(Compare(log, observed).match, Match::kDiffers);
  const auto right =
      CheckPassport(PolicyOf(log.PolicyText()), log.PassportFile(2), observed, log.now_ms());
  ASSERT_THAT(right, IsOk());
  EXPECT_EQ(right->object.at(0).match, Match::kMatches);
  EXPECT_EQ(right->object.at(0).recorded, "GIA2141438001");
}

TEST(ObjectMatch, WorkChangesTheMass) {
  TestLog log = LogWith([](v1::Piece&) {});
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  v1::Statement work = log.PassportStatement(1);
  work.mutable_care_record()->set_kind(v1::CareRecord::RESIZING);
  work.mutable_care_record()->set_performed_on("2027-03-01");
  work.mutable_care_record()->set_mass_after_mg(4500);
  log.Say(work, {"atelier"});
  log.Care(1, "atelier");  // states no mass
  log.Commit();

  Observed observed;
  observed.mass_mg = 4500;
  Comparison comparison = Compare(log, observed);
  EXPECT_EQ(comparison.match, Match::kMatches);
  EXPECT_EQ(comparison.recorded, "4500");
  EXPECT_THAT(comparison.note, testing::HasSubstr("2027-03-01"));

  Observed ring;
  ring.ring_inner_circumference_um = 54000;
  comparison = Compare(log, ring);
  EXPECT_EQ(comparison.match, Match::kDiffers);
  EXPECT_THAT(comparison.note, testing::HasSubstr("resized on 2027-03-01"));
}

}  // namespace
}  // namespace touchstone
