// The conditions of docs/FORMAT.md, section 9, "allowed when", of records:
// what is allowed, and its nearest neighbours that are not.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/verifier/life_scenario.h"

namespace touchstone {
namespace {

constexpr auto kNoEntitlement = RefusalCode::kNoEntitlement;
constexpr auto kNoSuchEntry = RefusalCode::kNoSuchEntry;
constexpr auto kWrongState = RefusalCode::kWrongState;

// ---- Reports that supersede. ----

std::vector<Scenario> Supersessions() {
  return {
      {"supersedes_what_the_registration_names",
       [](TestLog& log) { return ReportSuperseding(log, {"gia"}, "55501", "2141438001"); },
       kAllowed},
      {"supersedes_in_another_spelling",
       [](TestLog& log) { return ReportSuperseding(log, {"gia"}, "55501", "2141-438-001"); },
       kAllowed},
      {"supersedes_what_a_report_names",
       [](TestLog& log) {
         log.Report(1, "gia", "GIA", "55500");
         return ReportSuperseding(log, {"gia"}, "55501", "55500");
       },
       kAllowed},
      {"supersedes_nothing",
       [](TestLog& log) { return ReportSuperseding(log, {"gia"}, "55501", "55500"); },
       kNoSuchEntry},
      {"supersedes_another_pieces",
       [](TestLog& log) {
         log.Register(2, "maison");
         return ReportSuperseding(log, {"gia"}, "55501", "2141438002");
       },
       kNoSuchEntry},
      {"supersedes_another_laboratorys",
       [](TestLog& log) {
         log.Report(1, "igi", "IGI", "55500");
         return ReportSuperseding(log, {"gia"}, "55501", "55500");
       },
       kNoSuchEntry},
      {"supersedes_twice",
       [](TestLog& log) {
         Append(log, ReportSuperseding(log, {"gia"}, "55501", "2141438001"));
         return ReportSuperseding(log, {"gia"}, "55502", "2141438001");
       },
       kNoSuchEntry},
      {"supersedes_the_newer_one",
       [](TestLog& log) {
         Append(log, ReportSuperseding(log, {"gia"}, "55501", "2141438001"));
         return ReportSuperseding(log, {"gia"}, "55502", "55501");
       },
       kAllowed},
      {"supersedes_what_was_withdrawn",
       [](TestLog& log) {
         const EntryPlace report = log.Report(1, "gia", "GIA", "55500");
         Append(log, Correction(log, {"gia"}, report.digest));
         return ReportSuperseding(log, {"gia"}, "55501", "55500");
       },
       kAllowed},
      {"supersedes_what_was_superseded_by_a_withdrawn_report",
       [](TestLog& log) {
         const EntryPlace report =
             Append(log, ReportSuperseding(log, {"gia"}, "55501", "2141438001"));
         Append(log, Correction(log, {"gia"}, report.digest));
         return ReportSuperseding(log, {"gia"}, "55502", "2141438001");
       },
       kNoSuchEntry},
  };
}

// ---- Service entitlements. ----

// Grants one, and uses it.
EntryPlace UseOnce(TestLog& log, uint32_t uses, const std::string& valid_until = "") {
  Append(log, Grant(log, {"maison"}, "cleaning", uses, valid_until));
  return Append(log, CareWith(log, {"maison"}, "cleaning"));
}

Said CorrectedCare(TestLog& log, const Digest& care, const std::string& entitlement,
                   const std::string& performed_on = "2027-02-28") {
  return Correction(log, {"maison"}, care, [&](v1::Correction& correction) {
    v1::CareRecord& record = *correction.mutable_care_record();
    record.set_kind(v1::CareRecord::CLEANING);
    record.set_performed_on(performed_on);
    record.set_entitlement_used(entitlement);
  });
}

std::vector<Scenario> Entitlements() {
  return {
      {"entitlement_of_the_registration",
       [](TestLog& log) {
         const Said other = Registration(log, 2, {"maison"}, [](v1::Piece& piece) {
           piece.add_entitlements()->set_id("cleaning");
         });
         Append(log, other);
         Said said = CareWith(log, {"maison"}, "cleaning");
         said.statement.mutable_subject()->set_passport_id(TestPassportId(2));
         return said;
       },
       kAllowed, 2},
      {"entitlement_of_another_piece",
       [](TestLog& log) {
         Append(log, Registration(log, 2, {"maison"}, [](v1::Piece& piece) {
                  piece.add_entitlements()->set_id("cleaning");
                }));
         return CareWith(log, {"maison"}, "cleaning");
       },
       kNoEntitlement},
      {"entitlement_unknown",
       [](TestLog& log) {
         Append(log, Grant(log, {"maison"}, "cleaning"));
         return CareWith(log, {"maison"}, "Cleaning");
       },
       kNoEntitlement},
      {"entitlement_used_a_second_time_of_two",
       [](TestLog& log) {
         UseOnce(log, 2);
         return CareWith(log, {"maison"}, "cleaning");
       },
       kAllowed},
      {"entitlement_used_up",
       [](TestLog& log) {
         UseOnce(log, 1);
         return CareWith(log, {"maison"}, "cleaning");
       },
       kNoEntitlement},
      {"entitlement_without_limit",
       [](TestLog& log) {
         UseOnce(log, 0);
         return CareWith(log, {"maison"}, "cleaning");
       },
       kAllowed},
      {"entitlement_on_its_last_day",
       [](TestLog& log) {
         Append(log, Grant(log, {"maison"}, "cleaning", 0, "2027-02-28"));
         return CareWith(log, {"maison"}, "cleaning", "2027-02-28");
       },
       kAllowed},
      {"entitlement_a_day_late",
       [](TestLog& log) {
         Append(log, Grant(log, {"maison"}, "cleaning", 0, "2027-02-28"));
         return CareWith(log, {"maison"}, "cleaning", "2027-03-01");
       },
       kNoEntitlement},
      {"entitlement_with_an_id_in_use",
       [](TestLog& log) {
         UseOnce(log, 1);
         return Grant(log, {"maison"}, "cleaning", 5);
       },
       kNoEntitlement},
      {"entitlement_number_32",
       [](TestLog& log) {
         for (int i = 0; i < 31; ++i) Append(log, Grant(log, {"maison"}, std::to_string(i)));
         return Grant(log, {"maison"}, "31");
       },
       kAllowed},
      {"entitlement_number_33",
       [](TestLog& log) {
         for (int i = 0; i < 32; ++i) Append(log, Grant(log, {"maison"}, std::to_string(i)));
         return Grant(log, {"maison"}, "32");
       },
       RefusalCode::kQuotaExceeded},

      // Corrections.
      {"a_withdrawn_record_gives_the_use_back",
       [](TestLog& log) {
         Append(log, Correction(log, {"maison"}, UseOnce(log, 1).digest));
         return CareWith(log, {"maison"}, "cleaning");
       },
       kAllowed},
      {"a_record_corrected_to_none_gives_the_use_back",
       [](TestLog& log) {
         Append(log, CorrectedCare(log, UseOnce(log, 1).digest, ""));
         return CareWith(log, {"maison"}, "cleaning");
       },
       kAllowed},
      {"a_use_is_given_back_once",
       [](TestLog& log) {
         const EntryPlace care = UseOnce(log, 1);
         Append(log, Correction(log, {"maison"}, care.digest));
         Append(log, CorrectedCare(log, care.digest, ""));
         Append(log, CareWith(log, {"maison"}, "cleaning"));
         return CareWith(log, {"maison"}, "cleaning");
       },
       kNoEntitlement},
      {"a_corrected_record_keeps_its_use",
       [](TestLog& log) { return CorrectedCare(log, UseOnce(log, 1).digest, "cleaning"); },
       kAllowed},
      {"a_corrected_record_keeps_its_use_after_it_expired",
       [](TestLog& log) {
         return CorrectedCare(log, UseOnce(log, 1, "2027-02-28").digest, "cleaning", "2027-03-15");
       },
       kAllowed},
      {"a_corrected_record_frees_nothing_that_it_keeps",
       [](TestLog& log) {
         Append(log, CorrectedCare(log, UseOnce(log, 1).digest, "cleaning"));
         return CareWith(log, {"maison"}, "cleaning");
       },
       kNoEntitlement},
      {"a_corrected_record_takes_no_other_use",
       [](TestLog& log) {
         Append(log, Grant(log, {"maison"}, "polishing"));
         return CorrectedCare(log, UseOnce(log, 1).digest, "polishing");
       },
       kNoEntitlement},
      {"a_corrected_record_takes_no_use_back",
       [](TestLog& log) {
         const EntryPlace care = UseOnce(log, 1);
         Append(log, CorrectedCare(log, care.digest, ""));
         return CorrectedCare(log, care.digest, "cleaning");
       },
       kNoEntitlement},
  };
}

// ---- Modifications and custody. ----

std::vector<Scenario> Specifications() {
  return {
      {"modification_with_another_serial",
       [](TestLog& log) {
         return Modification(log, {"maison"}, [](v1::Piece& piece) { piece.set_serial("R-2"); });
       },
       RefusalCode::kWrongSpecification},
      {"modification_with_a_gtin_too",
       [](TestLog& log) {
         return Modification(log, {"maison"},
                             [](v1::Piece& piece) { piece.set_gtin14("03612345678904"); });
       },
       RefusalCode::kWrongSpecification},
      {"modification_that_claims",
       [](TestLog& log) {
         return Modification(log, {"maison"}, [](v1::Piece& piece) {
           piece.mutable_laboratory_reports(0)->set_report_number("777");
         });
       },
       kAllowed},
      {"modification_that_claims_what_another_holds",
       [](TestLog& log) {
         log.Register(2, "maison");
         return Modification(log, {"maison"}, [](v1::Piece& piece) {
           piece.mutable_laboratory_reports(0)->set_report_number("2141438002");
         });
       },
       RefusalCode::kClaimTaken},
      {"modification_that_contests_what_another_holds",
       [](TestLog& log) {
         log.Register(2, "maison");
         Said said = Modification(log, {"maison"}, [](v1::Piece& piece) {
           piece.mutable_laboratory_reports(0)->set_report_number("2141438002");
         });
         *said.statement.mutable_modification()->add_contests() =
             ReferenceTo({IndexKind::kReportNumberClaim, std::string("GIA\0002141438002", 14)});
         return said;
       },
       kAllowed},
      {"modification_by_an_issuer_of_record_no_more",
       [](TestLog& log) {
         Append(log, Change(log, "maison", v1::WORKSHOP, kStewards));
         return Modification(log, {"maison"});
       },
       RefusalCode::kWrongRole},
      {"modification_by_an_issuer_of_record_no_more_beside_the_holder",
       [](TestLog& log) {
         GiveToOwner(log);
         Append(log, Change(log, "maison", v1::WORKSHOP, kStewards));
         return Modification(log, {"maison", "owner 1"});
       },
       kAllowed},
      {"received_twice",
       [](TestLog& log) {
         Append(log, Received(log, {"atelier"}));
         return Received(log, {"atelier"});
       },
       kWrongState},
      {"returned_without_having_been_received",
       [](TestLog& log) { return Returned(log, {"atelier"}); }, kWrongState},
      {"received_again",
       [](TestLog& log) {
         Append(log, Received(log, {"atelier"}));
         Append(log, Returned(log, {"maison"}));
         return Received(log, {"gia"});
       },
       kAllowed},
      {"returned_twice",
       [](TestLog& log) {
         Append(log, Received(log, {"atelier"}));
         Append(log, Returned(log, {"atelier"}));
         return Returned(log, {"atelier"});
       },
       kWrongState},
      {"received_whose_receipt_was_withdrawn",
       [](TestLog& log) {
         const EntryPlace received = Append(log, Received(log, {"atelier"}));
         Append(log, Correction(log, {"atelier"}, received.digest));
         return Received(log, {"atelier"});
       },
       kWrongState},
      {"received_at_one_workshop_and_returned_by_another_that_is_it_no_more",
       [](TestLog& log) {
         Append(log, Received(log, {"atelier"}));
         Append(log, Change(log, "atelier", v1::INSURER, kStewards));
         return Returned(log, {"atelier"});
       },
       kAllowed},
  };
}

INSTANTIATE_TEST_SUITE_P(Supersession, Rules, testing::ValuesIn(Supersessions()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Entitlement, Rules, testing::ValuesIn(Entitlements()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Specification, Rules, testing::ValuesIn(Specifications()), ScenarioName);

}  // namespace
}  // namespace touchstone
