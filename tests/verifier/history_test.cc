#include "verifier/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"

namespace touchstone {
namespace {

// "RHODIUM_PLATING" -> "rhodium plating".
std::string InWords(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(std::tolower(c));
  return name;
}

TEST(History, NamesEveryKindOfCare) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Register(1, "maison");
  std::vector<std::string> names;
  for (int kind = 1; kind <= v1::CareRecord::Kind_MAX; ++kind) {
    log.Care(1, "maison", static_cast<v1::CareRecord::Kind>(kind));
    names.push_back(InWords(v1::CareRecord::Kind_Name(kind)));
  }
  log.Commit();
  const auto record = Check(log, log.Passport(1));
  ASSERT_THAT(record, IsOk());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(record->timeline[i + 1].what, names[i] + " on 2026-11-22");
  }
}

TEST(History, NamesEveryKindOfTransfer) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Register(1, "maison");
  log.FirstSale(1, "maison", "claim key");
  log.Claim(1, "claim key", "owner 0");
  for (int kind = 1; kind <= v1::Transfer::Kind_MAX; ++kind) {
    log.Transfer(1, absl::StrCat("owner ", kind - 1), absl::StrCat("owner ", kind),
                 static_cast<v1::Transfer::Kind>(kind));
  }
  log.Commit();
  const auto record = Check(log, log.Passport(1));
  ASSERT_THAT(record, IsOk());
  const std::vector<std::string> names = {"resold", "given", "traded in", "consigned", "returned"};
  ASSERT_EQ(record->timeline.size(), 3 + names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(record->timeline[i + 3].what, names[i] + " on 2026-11-22");
  }
}

TEST(History, TellsWhatAnEntrySays) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Register(1, "maison");
  v1::Statement report = log.PassportStatement(1);
  report.mutable_laboratory_report()->set_laboratory("HRD");
  report.mutable_laboratory_report()->set_report_number("12");
  report.mutable_laboratory_report()->set_report_type("Diamond Grading Report");
  report.mutable_laboratory_report()->set_report_date("2026-10-01");
  log.Say(report, {"maison"});
  v1::Statement care = log.PassportStatement(1);
  care.mutable_care_record()->set_kind(v1::CareRecord::RESIZING);
  care.mutable_care_record()->set_performed_on("2026-11-01");
  care.mutable_care_record()->set_location("Lyon");
  care.mutable_care_record()->set_description("52 to 54");
  log.Say(care, {"maison"});
  log.Commit();
  const auto record = Check(log, log.Passport(1));
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->timeline[0].what, "registered: Solitaire ring");
  EXPECT_EQ(record->timeline[1].what,
            "laboratory report HRD 12, Diamond Grading Report, of 2026-10-01");
  EXPECT_EQ(record->timeline[2].what, "resizing on 2026-11-01, Lyon: 52 to 54");
}

// A participant is shown as it was when it last signed here, and not as it calls itself since.
TEST(History, ShowsParticipantsAsTheySigned) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Register(1, "maison");
  v1::Statement change = log.ParticipantStatement("maison");
  v1::ParticipantDetails& details = *change.mutable_participant_changed()->mutable_details();
  details.set_legal_name("New name");
  details.set_country("BE");
  details.add_roles(v1::WORKSHOP);
  log.Say(change, {"steward 1", "steward 2"});
  log.Commit();
  auto record = Check(log, log.Passport(1));
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->signers[0].details.legal_name, "The maison company");
  log.Care(1, "maison");
  log.Commit();
  record = Check(log, log.Passport(1));
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->signers[0].details.legal_name, "New name");
  EXPECT_EQ(record->signers[0].entries[0].role, Role::kIssuer);
  EXPECT_EQ(record->signers[0].entries[1].role, Role::kWorkshop);
}

}  // namespace
}  // namespace touchstone
