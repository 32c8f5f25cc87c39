// The conditions of docs/FORMAT.md, section 9, "allowed when", of corrections:
// what is allowed, and its nearest neighbours that are not.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/verifier/life_scenario.h"

namespace touchstone {
namespace {

using Incidents = v1::IncidentReported;

constexpr auto kNoSuchEntry = RefusalCode::kNoSuchEntry;
constexpr auto kWrongState = RefusalCode::kWrongState;

// ---- Corrections. ----

Said CorrectedPiece(TestLog& log, KeyNames signers, const Digest& corrects,
                    const std::function<void(v1::Correction&)>& edit = nullptr) {
  return Correction(log, std::move(signers), corrects, [&](v1::Correction& correction) {
    *correction.mutable_piece() = SamplePiece(1);
    if (edit) edit(correction);
  });
}

constexpr uint64_t kRegistrationPosition = 10;
Digest RegistrationOf(const TestLog& log) { return EntryDigest(log.Frame(kRegistrationPosition)); }

// What is corrected, by whom, and with which replacements it may be.
struct Correctable {
  std::string name;
  std::string signer;
  std::function<Digest(TestLog&)> say;
  std::string fits;  // the replacement; empty: none
  bool may_be_withdrawn = true;
};

std::vector<Correctable> Correctables() {
  const auto appended = [](Said (*say)(TestLog&, KeyNames), const std::string& signer) {
    return [say, signer](TestLog& log) { return Append(log, say(log, {signer})).digest; };
  };
  return {
      {"registration", "maison", [](TestLog& log) { return RegistrationOf(log); }, "piece", false},
      {"laboratory_report", "gia",
       [](TestLog& log) { return log.Report(1, "gia", "GIA", "55501").digest; }, ""},
      {"care_record", "atelier", [](TestLog& log) { return log.Care(1, "atelier").digest; },
       "care_record"},
      {"assay_report", "igi", appended(AssayReport, "igi"), "assay_report"},
      {"modification", "maison",
       [](TestLog& log) { return Append(log, Modification(log, {"maison"})).digest; }, "piece",
       false},
      {"appraisal", "appraiser", appended(Appraisal, "appraiser"), "appraisal"},
      {"custody", "atelier", appended(Received, "atelier"), ""},
      {"documents_added", "insurer", appended(Documents, "insurer"), ""},
  };
}

void Replace(TestLog& log, const std::string& kind, v1::Correction& correction) {
  if (kind == "piece") *correction.mutable_piece() = SamplePiece(1);
  if (kind == "care_record") {
    *correction.mutable_care_record() = Care(log, 1, {}).statement.care_record();
  }
  if (kind == "assay_report") {
    *correction.mutable_assay_report() = AssayReport(log, {}).statement.assay_report();
  }
  if (kind == "appraisal") {
    *correction.mutable_appraisal() = Appraisal(log, {}).statement.appraisal();
  }
}

// Everything that can be corrected, with every replacement.
std::vector<Scenario> Corrections() {
  std::vector<Scenario> scenarios;
  for (const Correctable& entry : Correctables()) {
    for (const std::string kind : {"", "piece", "care_record", "assay_report", "appraisal"}) {
      const bool fits = kind.empty() ? entry.may_be_withdrawn : kind == entry.fits;
      scenarios.push_back({"correction_of_" + entry.name + (kind.empty() ? "" : "_by_" + kind),
                           [entry, kind](TestLog& log) {
                             const Digest digest = entry.say(log);
                             return Correction(log, {entry.signer}, digest,
                                               [&](v1::Correction& c) { Replace(log, kind, c); });
                           },
                           fits ? kAllowed : std::optional(kNoSuchEntry)});
    }
    // By somebody else of the same role, and by the same in another role.
    scenarios.push_back({"correction_of_" + entry.name + "_by_another",
                         [entry](TestLog& log) {
                           log.Enrol("everybody",
                                     {v1::ISSUER, v1::LABORATORY, v1::WORKSHOP, v1::APPRAISER,
                                      v1::INSURER, v1::AUTHORITY},
                                     {"everybody"});
                           const Digest digest = entry.say(log);
                           return Correction(log, {"everybody"}, digest, [&](v1::Correction& c) {
                             if (!entry.may_be_withdrawn) Replace(log, entry.fits, c);
                           });
                         },
                         RefusalCode::kWrongRole});
  }
  return scenarios;
}

// What cannot be corrected.
std::vector<Scenario> Uncorrectables() {
  using Make = std::function<Digest(TestLog&)>;
  const std::vector<std::pair<std::string, Make>> entries = {
      {"a_first_sale", [](TestLog& log) { return log.FirstSale(1, "maison", "claim key").digest; }},
      {"a_correction",
       [](TestLog& log) {
         const EntryPlace document = Append(log, Documents(log, {"maison"}));
         return Append(log, Correction(log, {"maison"}, document.digest)).digest;
       }},
      {"a_grant",
       [](TestLog& log) { return Append(log, Grant(log, {"maison"}, "cleaning")).digest; }},
      {"an_incident",
       [](TestLog& log) { return Append(log, Incident(log, Incidents::LOST, {"maison"})).digest; }},
      {"an_erasure", [](TestLog& log) { return Append(log, DataErasure(log, {"maison"})).digest; }},
      {"an_entry_of_another_passport",
       [](TestLog& log) { return log.Register(2, "maison").digest; }},
      {"no_entry", [](TestLog&) { return Digest{}; }},
  };
  std::vector<Scenario> scenarios;
  for (const auto& [name, make] : entries) {
    scenarios.push_back({"correction_of_" + name,
                         [make = make](TestLog& log) {
                           const Digest digest = make(log);
                           return Correction(log, {"maison"}, digest);
                         },
                         kNoSuchEntry});
  }
  return scenarios;
}

std::vector<Scenario> CorrectedPieces() {
  return {
      {"correction_with_another_serial",
       [](TestLog& log) {
         return CorrectedPiece(log, {"maison"}, RegistrationOf(log),
                               [](v1::Correction& c) { c.mutable_piece()->set_serial("R-2"); });
       },
       RefusalCode::kWrongSpecification},
      {"correction_that_claims",
       [](TestLog& log) {
         return CorrectedPiece(log, {"maison"}, RegistrationOf(log), [](v1::Correction& c) {
           c.mutable_piece()->mutable_laboratory_reports(0)->set_report_number("777");
         });
       },
       kAllowed},
      {"correction_that_claims_what_another_holds",
       [](TestLog& log) {
         log.Register(2, "maison");
         return CorrectedPiece(log, {"maison"}, RegistrationOf(log), [](v1::Correction& c) {
           c.mutable_piece()->mutable_laboratory_reports(0)->set_report_number("2141438002");
         });
       },
       RefusalCode::kClaimTaken},
      {"correction_that_releases_what_was_mistyped",
       [](TestLog& log) {
         return CorrectedPiece(log, {"maison"}, RegistrationOf(log), [](v1::Correction& c) {
           c.mutable_piece()->mutable_laboratory_reports(0)->set_report_number("777");
           *c.add_releases() = ReferenceTo(ReportOfPiece1());
         });
       },
       kAllowed},
      {"correction_that_releases_what_is_another_pieces",
       [](TestLog& log) {
         log.Register(2, "maison");
         return CorrectedPiece(log, {"maison"}, RegistrationOf(log), [](v1::Correction& c) {
           *c.add_releases() =
               ReferenceTo({IndexKind::kReportNumberClaim, std::string("GIA\0002141438002", 14)});
         });
       },
       RefusalCode::kWrongClaimStep},
      {"correction_of_a_modification_that_releases",
       [](TestLog& log) {
         const EntryPlace modification = Append(log, Modification(log, {"maison"}));
         return CorrectedPiece(log, {"maison"}, modification.digest, [](v1::Correction& c) {
           c.mutable_piece()->clear_laboratory_reports();
           *c.add_releases() = ReferenceTo(ReportOfPiece1());
         });
       },
       kWrongState},
      {"correction_of_a_correction_s_entry_again",
       [](TestLog& log) {
         const EntryPlace care = log.Care(1, "atelier");
         Append(log, Correction(log, {"atelier"}, care.digest));
         return Correction(log, {"atelier"}, care.digest);
       },
       kAllowed},
      {"correction_of_a_workshops_modification_alone",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace modification = Append(log, Modification(log, {"atelier", "owner 1"}));
         return CorrectedPiece(log, {"atelier"}, modification.digest);
       },
       RefusalCode::kWrongRole},
      {"correction_of_a_workshops_modification_beside_the_holder",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace modification = Append(log, Modification(log, {"atelier", "owner 1"}));
         log.Transfer(1, "owner 1", "owner 2");
         return CorrectedPiece(log, {"atelier", "owner 2"}, modification.digest);
       },
       kAllowed},
      {"correction_of_a_workshops_modification_beside_the_last_holder",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace modification = Append(log, Modification(log, {"atelier", "owner 1"}));
         log.Transfer(1, "owner 1", "owner 2");
         return CorrectedPiece(log, {"atelier", "owner 1"}, modification.digest);
       },
       RefusalCode::kSurplusSignature},
      {"correction_of_the_issuers_modification_beside_the_holder",
       [](TestLog& log) {
         GiveToOwner(log);
         const EntryPlace modification = Append(log, Modification(log, {"maison"}));
         return CorrectedPiece(log, {"maison", "owner 1"}, modification.digest);
       },
       kAllowed},
      {"correction_of_a_modification_while_stolen",
       [](TestLog& log) {
         const EntryPlace modification = Append(log, Modification(log, {"maison"}));
         Steal(log);
         return CorrectedPiece(log, {"maison"}, modification.digest);
       },
       RefusalCode::kFrozen},
      {"correction_of_the_registration_while_stolen",
       [](TestLog& log) {
         Steal(log);
         return CorrectedPiece(log, {"maison"}, RegistrationOf(log));
       },
       kAllowed},
      {"correction_by_an_issuer_of_record_no_more",
       [](TestLog& log) {
         Append(log, Change(log, "maison", v1::INSURER, kStewards));
         return CorrectedPiece(log, {"maison"}, RegistrationOf(log));
       },
       kAllowed},
  };
}

INSTANTIATE_TEST_SUITE_P(Correct, Rules, testing::ValuesIn(Corrections()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Uncorrectable, Rules, testing::ValuesIn(Uncorrectables()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(CorrectPiece, Rules, testing::ValuesIn(CorrectedPieces()), ScenarioName);

}  // namespace
}  // namespace touchstone
