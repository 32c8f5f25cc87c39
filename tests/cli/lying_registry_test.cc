// What `touchstone lookup` and `refresh`, and --contest, make of a registry's answers: nothing is
// believed that is not proven, nothing that is about something else, and what is old or disputed is
// not passed off as an answer to go on with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/app.h"
#include "cli/claim_selection.h"
#include "cli/context.h"
#include "cli/exit_status.h"
#include "tests/cli/fake_registry.h"
#include "tests/cli/temporary_directory.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ClaimSubject Inscription(int piece) {
  return {IndexKind::kInscriptionClaim, absl::StrCat("GIA", 2141438000 + piece)};
}

// Long ago, so that this machine's clock is not behind it.
TestLog::Options LongAgo() {
  TestLog::Options options;
  options.genesis_time_ms = 1'600'000'000'000;
  return options;
}

struct Answer {
  int exit_status = 0;
  std::string out;
  std::string err;
};

class LyingRegistry : public testing::Test {
 protected:
  LyingRegistry() : log_(LongAgo()) {
    log_.Enrol("maison", {v1::ISSUER}, {"maison"});
    log_.Enrol("gia", {v1::LABORATORY}, {"gia"},
               [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
    log_.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
    log_.Register(1, "maison");
    log_.Register(2, "maison");
    log_.Commit();
    registry_.log = &log_;
    UsePolicy("");
  }

  void UsePolicy(absl::string_view more) {
    directory_.Write("policy.txt", log_.PolicyText({}, more));
  }

  // Another piece contests what piece 1 bears.
  void Contest() {
    v1::Statement copy = log_.PassportStatement(3);
    v1::Registration& registration = *copy.mutable_registration();
    *registration.mutable_piece() = SamplePiece(3);
    *registration.mutable_piece()->mutable_inscriptions() = SamplePiece(1).inscriptions();
    *registration.add_contests() = ReferenceTo(Inscription(1));
    log_.Say(copy, {"maison"});
    log_.Commit();
  }

  std::string Absence(const ClaimSubject& claim) const {
    return TestLog::AbsenceFile(log_.Absence(claim.kind, claim.subject));
  }

  Answer Touchstone(std::vector<std::string> arguments) const {
    const std::vector<std::string> global = {"--registry", registry_.address(), "--policy",
                                             directory_.Path("policy.txt")};
    arguments.insert(arguments.begin(), global.begin(), global.end());
    arguments.insert(arguments.begin(), "touchstone");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Answer answer;
    answer.exit_status = RunTouchstone(static_cast<int>(argv.size()), argv.data());
    std::fflush(stdout);
    answer.out = testing::internal::GetCapturedStdout();
    answer.err = testing::internal::GetCapturedStderr();
    return answer;
  }
  Answer LookUp(const std::string& inscription) const {
    return Touchstone({"lookup", "--inscription", inscription});
  }

  std::string Read(const std::string& name) const {
    std::ifstream in(directory_.Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string Refreshed() const { return directory_.Path("ring.passport"); }

  TestLog log_;
  FakeRegistry registry_;
  TemporaryDirectory directory_;
};

// ---- lookup ----

TEST_F(LyingRegistry, HonestAnswersAreBelieved) {
  registry_.lookup_passport = log_.PassportFile(1);
  const Answer found = LookUp("gia 2141438001");
  EXPECT_EQ(found.exit_status, kExitOk) << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("Alone bears"), Not(HasSubstr("Not everything"))));
  registry_.lookup_passport.clear();
  registry_.lookup_absence = Absence(Inscription(9));
  const Answer absent = LookUp("GIA 2141438009");
  EXPECT_EQ(absent.exit_status, kExitOk) << absent.err;
  EXPECT_THAT(absent.out, HasSubstr("no piece in this log bears it"));
}

TEST_F(LyingRegistry, AnAbsenceOfAnotherNumberIsNoAnswer) {
  registry_.lookup_absence = Absence(Inscription(9));
  const Answer answer = LookUp("GIA 2141438001");
  EXPECT_EQ(answer.exit_status, kExitRefused);
  EXPECT_THAT(answer.err, HasSubstr("and proved that there is no inscription GIA2141438009"));
  EXPECT_EQ(answer.out, "");
}

TEST_F(LyingRegistry, AnAbsenceOfWhatAPieceBearsIsRefused) {
  registry_.lookup_absence = Absence(Inscription(1));
  const Answer answer = LookUp("GIA 2141438001");
  EXPECT_EQ(answer.exit_status, kExitRefused);
  EXPECT_THAT(answer.err, HasSubstr("what the registry answered does not hold"));
}

TEST_F(LyingRegistry, APassportThatDoesNotHoldIsRefused) {
  v1::Passport passport = log_.Passport(1);
  passport.mutable_claims()->Clear();
  registry_.lookup_passport = TestLog::PassportFile(passport);
  const Answer answer = LookUp("GIA 2141438001");
  EXPECT_EQ(answer.exit_status, kExitRefused);
  EXPECT_THAT(answer.err, HasSubstr("what the registry answered does not hold"));
}

TEST_F(LyingRegistry, APassportOfAnotherPieceIsNoAnswer) {
  registry_.lookup_passport = log_.PassportFile(2);
  for (const std::vector<std::string>& by :
       {std::vector<std::string>{"--inscription", "GIA 2141438001"},
        {"--laboratory", "GIA", "--report-number", "2141438001"},
        {"--gtin", "09521234543213", "--serial", "R-1"},
        {ValueOrDie(PassportId::FromBytes(TestPassportId(1))).Format()}}) {
    std::vector<std::string> arguments = {"lookup"};
    arguments.insert(arguments.end(), by.begin(), by.end());
    const Answer answer = Touchstone(arguments);
    EXPECT_EQ(answer.exit_status, kExitRefused) << by[0];
    EXPECT_THAT(answer.err, HasSubstr("answered with another passport")) << by[0];
  }
}

TEST_F(LyingRegistry, APassportThatHasLetGoOfTheNumberIsNoAnswer) {
  log_.RemoveStone(1, {"maison"}, {Inscription(1)});
  log_.Commit();
  registry_.lookup_passport = log_.PassportFile(1);
  EXPECT_THAT(LookUp("GIA 2141438001").err, HasSubstr("answered with another passport"));
}

TEST_F(LyingRegistry, ABareNotFoundIsNoProof) {
  EXPECT_NE(LookUp("GIA 2141438001").exit_status, kExitOk);
}

TEST_F(LyingRegistry, AnOldAnswerIsNotOneToGoOnWith) {
  UsePolicy("max_age 60\n");
  registry_.lookup_absence = Absence(Inscription(9));
  const Answer absent = LookUp("GIA 2141438009");
  EXPECT_EQ(absent.exit_status, kExitCannotJudge);
  EXPECT_THAT(absent.out, HasSubstr("Not everything that was asked for holds: it is too old"));
  registry_.lookup_passport = log_.PassportFile(1);
  const Answer found = LookUp("GIA 2141438001");
  EXPECT_EQ(found.exit_status, kExitCannotJudge);
  EXPECT_THAT(found.out, HasSubstr("Not everything that was asked for holds: it is too old"));
  const Answer json = Touchstone({"--json", "lookup", "--inscription", "GIA 2141438001"});
  EXPECT_EQ(json.exit_status, kExitCannotJudge);
  EXPECT_THAT(json.out, Not(HasSubstr("Not everything")));
  EXPECT_THAT(json.err, HasSubstr("Not everything"));
}

TEST_F(LyingRegistry, ADisputedOrLostPieceIsNotOneToGoOnWith) {
  Contest();
  registry_.lookup_passport = log_.PassportFile(1);
  const Answer disputed = LookUp("GIA 2141438001");
  EXPECT_EQ(disputed.exit_status, kExitCannotJudge);
  EXPECT_THAT(disputed.out, HasSubstr("another piece claims inscription GIA2141438001 too"));
  log_.Resolve(3, "gia", Inscription(1));
  log_.Commit();
  registry_.lookup_passport = log_.PassportFile(1);
  const Answer lost =
      Touchstone({"lookup", ValueOrDie(PassportId::FromBytes(TestPassportId(1))).Format()});
  EXPECT_EQ(lost.exit_status, kExitRefused) << lost.err;
  EXPECT_THAT(lost.out, HasSubstr("inscription GIA2141438001 belongs to another piece"));
}

// ---- refresh ----

TEST_F(LyingRegistry, RefreshSaysWhatHasChangedAndReplacesTheFile) {
  directory_.Write("ring.passport", log_.PassportFile(1));
  registry_.passport = log_.PassportFile(1);
  EXPECT_THAT(Touchstone({"refresh", Refreshed()}).out, HasSubstr("Nothing has changed"));
  log_.Care(1, "atelier");
  log_.Commit();
  registry_.passport = log_.PassportFile(1);
  const Answer answer = Touchstone({"refresh", Refreshed()});
  EXPECT_EQ(answer.exit_status, kExitOk) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("The atelier company"));
  EXPECT_EQ(Read("ring.passport"), log_.PassportFile(1));
}

TEST_F(LyingRegistry, RefreshDoesNotCallADisputeNothing) {
  directory_.Write("ring.passport", log_.PassportFile(1));
  Contest();
  registry_.passport = log_.PassportFile(1);
  const Answer disputed = Touchstone({"refresh", Refreshed()});
  EXPECT_EQ(disputed.exit_status, kExitCannotJudge);
  EXPECT_THAT(disputed.out,
              AllOf(HasSubstr("DISPUTED now"), HasSubstr("Not everything that was asked for")));
  log_.Resolve(3, "gia", Inscription(1));
  log_.Commit();
  registry_.passport = log_.PassportFile(1);
  const Answer lost = Touchstone({"--json", "refresh", Refreshed()});
  EXPECT_EQ(lost.exit_status, kExitRefused);
  EXPECT_THAT(lost.out, AllOf(HasSubstr("\"changed\": true"), HasSubstr("\"lost\"")));
}

TEST_F(LyingRegistry, RefreshFromAFrozenRegistrySaysThatItIsTooOld) {
  UsePolicy("max_age 60\n");
  directory_.Write("ring.passport", log_.PassportFile(1));
  registry_.passport = log_.PassportFile(1);
  const Answer answer = Touchstone({"refresh", Refreshed()});
  EXPECT_EQ(answer.exit_status, kExitCannotJudge);
  EXPECT_THAT(answer.out, AllOf(HasSubstr("Nothing has changed"), HasSubstr("it is too old")));
}

TEST_F(LyingRegistry, RefreshLeavesTheFileWhereTheLogWentBack) {
  const std::string older = log_.PassportFile(1);
  log_.Register(7, "maison");
  log_.Commit();
  const std::string newer = log_.PassportFile(1);
  directory_.Write("ring.passport", newer);
  registry_.passport = older;
  const Answer answer = Touchstone({"refresh", Refreshed()});
  EXPECT_EQ(answer.exit_status, kExitRefused);
  EXPECT_THAT(answer.err, AllOf(HasSubstr("OLDER CHECKPOINT"), HasSubstr("was left as it is"),
                                HasSubstr(absl::StrCat("Keep ", Refreshed()))));
  EXPECT_EQ(Read("ring.passport"), newer);
}

TEST_F(LyingRegistry, RefreshLeavesTheFileWhereThereAreTwoHistories) {
  TestLog other = log_;
  log_.Register(7, "maison");
  log_.Commit();
  const std::string held = log_.PassportFile(1);
  directory_.Write("ring.passport", held);
  other.Register(8, "maison");
  other.Commit();
  registry_.log = &other;
  for (int more = 0; more < 2; ++more) {  // as long as the one in the file, and longer
    registry_.passport = other.PassportFile(1);
    const Answer answer = Touchstone({"refresh", Refreshed()});
    EXPECT_EQ(answer.exit_status, kExitRefused);
    EXPECT_THAT(answer.err, HasSubstr("TWO HISTORIES"));
    EXPECT_EQ(Read("ring.passport"), held);
    other.Care(1, "atelier");
    other.Commit();
  }
}

TEST_F(LyingRegistry, RefreshTakesNoOtherPiecesPassport) {
  const std::string held = log_.PassportFile(1);
  directory_.Write("ring.passport", held);
  registry_.passport = log_.PassportFile(2);
  const Answer answer = Touchstone({"refresh", Refreshed()});
  EXPECT_EQ(answer.exit_status, kExitRefused);
  EXPECT_THAT(answer.err, HasSubstr("answered with another passport"));
  EXPECT_EQ(Read("ring.passport"), held);
}

// ---- --contest ----

class Contesting : public LyingRegistry {
 protected:
  // What a registration of piece 1's inscription for another piece would contest.
  absl::StatusOr<int> Contests() {
    Context context;
    context.options().connection.address = registry_.address();
    context.options().policy_file = directory_.Path("policy.txt");
    v1::Statement copy = log_.PassportStatement(5);
    v1::Piece& piece = *copy.mutable_registration()->mutable_piece();
    piece = SamplePiece(5);
    *piece.mutable_inscriptions() = SamplePiece(1).inscriptions();
    piece.clear_laboratory_reports();
    NewClaimOptions options;
    options.contest = true;
    const absl::Status filled = FillNewClaims(context, options, nullptr, &copy);
    if (!filled.ok()) return filled;
    return copy.registration().contests_size();
  }
};

TEST_F(Contesting, WhatIsProvenDecides) {
  registry_.lookup_passport = log_.PassportFile(1);
  EXPECT_EQ(ValueOrDie(Contests()), 1);
  registry_.lookup_passport.clear();
  log_.RemoveStone(1, {"maison"}, {Inscription(1)});
  log_.Commit();
  registry_.lookup_absence = Absence(Inscription(1));
  // What was let go of is contested too, where its release is not named as a predecessor.
  EXPECT_EQ(ValueOrDie(Contests()), 1);
}

TEST_F(Contesting, ARegistryThatProvesNothingIsNotBelieved) {
  EXPECT_FALSE(Contests().ok());  // NOT_FOUND
  registry_.lookup_absence = Absence(Inscription(1));
  EXPECT_THAT(Contests(), IsRefused(RefusalCode::kWrongClaims));
  registry_.lookup_absence = Absence(Inscription(9));
  EXPECT_EQ(Contests().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace touchstone::cli
