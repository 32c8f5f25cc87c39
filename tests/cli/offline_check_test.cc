#include "cli/offline_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cli/card_issue.h"
#include "cli/new_opening.h"
#include "cli/opening_file.h"
#include "tests/cli/sample_passport.h"
#include "tests/cli/temporary_directory.h"
#include "verifier/time_text.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr uint64_t kHourMs = 3'600'000;

class OfflineCheckTest : public testing::Test {
 protected:
  OfflineCheckTest() : log_(SampleLog()) {
    options_.passport_file = directory_.Write("ring.passport", log_.PassportFile(1));
    SetNow(log_.now_ms());
  }

  void SetNow(uint64_t ms) { options_.now = FormatRfc3339(ms); }

  CheckAnswer Run(absl::string_view policy_more = "", bool json = false) {
    return ValueOrDie(RunOfflineCheck(options_, SamplePolicy(log_, policy_more), json));
  }

  absl::Status Error() { return RunOfflineCheck(options_, SamplePolicy(log_), false).status(); }

  TestLog log_;
  TemporaryDirectory directory_;
  OfflineCheckOptions options_;
};

TEST_F(OfflineCheckTest, AnswersOkForARecordThatHolds) {
  const CheckAnswer answer = Run();
  EXPECT_EQ(answer.exit_status, kExitOk);
  EXPECT_THAT(answer.text, HasSubstr("VERIFIED"));
  EXPECT_THAT(answer.text, Not(HasSubstr("Not everything")));
}

TEST_F(OfflineCheckTest, AnswersOkWhereTheObjectMatches) {
  options_.inscription = "gia-2141438001";
  options_.serial = "R-1";
  options_.mass_mg = 4200;
  options_.measurements_um = "6410x6450x3980";
  options_.ring_size_um = 52300;
  EXPECT_EQ(Run().exit_status, kExitOk);
}

TEST_F(OfflineCheckTest, RefusesEachThingThatDiffers) {
  const OfflineCheckOptions matching = options_;
  const std::pair<const char*, void (*)(OfflineCheckOptions*)> observations[] = {
      {"inscription differs", [](auto* o) { o->inscription = "GIA 2141438002"; }},
      {"serial differs", [](auto* o) { o->serial = "R-2"; }},
      {"mass_mg differs", [](auto* o) { o->mass_mg = 4231; }},
      {"mass_mg differs",
       [](auto* o) {
         o->mass_mg = 4211;
         o->mass_tolerance_mg = 0;
       }},
      {"measurements_um differs", [](auto* o) { o->measurements_um = "6410,6450,4080"; }},
      {"ring_inner_circumference_um differs", [](auto* o) { o->ring_size_um = 54000; }},
  };
  for (const auto& [said, observe] : observations) {
    options_ = matching;
    observe(&options_);
    const CheckAnswer answer = Run();
    EXPECT_EQ(answer.exit_status, kExitRefused) << said;
    EXPECT_THAT(answer.text, HasSubstr(said));
    EXPECT_THAT(answer.text, HasSubstr("VERIFIED"));  // the record itself stays genuine
  }
}

TEST_F(OfflineCheckTest, CannotJudgeWhatIsNotRecorded) {
  v1::Piece chain = SamplePiece(2);
  chain.clear_ring_size();
  log_.Register(2, "maison key", chain);
  log_.Commit();
  options_.passport_file = directory_.Write("chain.passport", log_.PassportFile(2));
  SetNow(log_.now_ms());
  options_.ring_size_um = 52000;
  EXPECT_EQ(Run().exit_status, kExitCannotJudge);
  // What differs weighs more than what cannot be compared.
  options_.serial = "R-1";
  EXPECT_EQ(Run().exit_status, kExitRefused);
}

TEST_F(OfflineCheckTest, CannotJudgeWhatIsTooOld) {
  SetNow(log_.now_ms() + 2 * kHourMs);
  EXPECT_EQ(Run().exit_status, kExitOk);
  EXPECT_EQ(Run("max_age 3600\n").exit_status, kExitCannotJudge);
  EXPECT_EQ(Run("max_age 8000\n").exit_status, kExitOk);
  options_.max_age = "90m";
  EXPECT_EQ(Run().exit_status, kExitCannotJudge);
  EXPECT_EQ(Run("max_age 8000\n").exit_status, kExitCannotJudge);
  options_.max_age = "1d";
  EXPECT_EQ(Run().exit_status, kExitOk);
  // The policy's own limit stays.
  EXPECT_EQ(Run("max_age 3600\n").exit_status, kExitCannotJudge);
}

TEST_F(OfflineCheckTest, CannotJudgeWithAWrongClock) {
  SetNow(log_.now_ms() - kHourMs);
  EXPECT_EQ(Run().exit_status, kExitCannotJudge);
}

TEST_F(OfflineCheckTest, WantsALimitWhereFreshnessIsRequired) {
  options_.reservations.require_fresh = true;
  EXPECT_EQ(Run().exit_status, kExitCannotJudge);
  EXPECT_EQ(Run("max_age 60\n").exit_status, kExitOk);
  options_.max_age = "60s";
  EXPECT_EQ(Run().exit_status, kExitOk);
}

TEST_F(OfflineCheckTest, CannotJudgeDoubtedEntries) {
  log_.RevokeKey("maison", "maison key", /*compromised_from=*/3);
  log_.Commit();
  options_.passport_file = directory_.Write("doubted.passport", log_.PassportFile(1));
  SetNow(log_.now_ms());
  const CheckAnswer answer = Run();
  EXPECT_EQ(answer.exit_status, kExitCannotJudge);
  EXPECT_THAT(answer.text, HasSubstr("entry 0 is doubted"));
}

TEST_F(OfflineCheckTest, RefusesDamagedAndForeignFiles) {
  std::string file = log_.PassportFile(1);
  file[file.size() / 2] ^= 1;
  options_.passport_file = directory_.Write("damaged.passport", file);
  EXPECT_EQ(Run().exit_status, kExitRefused);
  EXPECT_THAT(Run("", true).text, HasSubstr("\"outcome\":\"refused\""));

  TestLog::Options other;
  other.log_key = "another log";
  options_.passport_file = directory_.Write("ring.passport", log_.PassportFile(1));
  const auto answer = RunOfflineCheck(options_, SamplePolicy(TestLog(other)), /*json=*/false);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->exit_status, kExitRefused);
}

TEST_F(OfflineCheckTest, ComparesACardWithItsPassport) {
  const TrustPolicy policy = SamplePolicy(log_);
  options_.card =
      ValueOrDie(IssueCardLink(policy, Held(log_), NamedKey("card key"),
                               absl::CivilDay(2026, 11, 22), "https://id.example", log_.now_ms()));
  EXPECT_EQ(Run().exit_status, kExitOk);
  log_.Register(2, "maison key");
  log_.Commit();
  options_.passport_file = directory_.Write("other.passport", log_.PassportFile(2));
  EXPECT_EQ(Run().exit_status, kExitRefused);
}

TEST_F(OfflineCheckTest, JudgesACardAloneByACardsFile) {
  const HeldPassport passport = Held(log_);
  options_.card =
      ValueOrDie(IssueCardLink(SamplePolicy(log_), passport, NamedKey("card key"),
                               absl::CivilDay(2026, 11, 22), "https://id.example", log_.now_ms()));
  options_.passport_file.clear();
  EXPECT_EQ(Run().exit_status, kExitCannotJudge);
  options_.cards_file = directory_.Write("cards.tsc", ValueOrDie(CardsOfPassport(passport)));
  EXPECT_EQ(Run().exit_status, kExitOk);
  EXPECT_THAT(Run("", true).text, HasSubstr("\"outcome\":\"verified\""));
  // The last symbol holds a bit of the signature.
  options_.card[options_.card.size() - 8] ^= 1;
  EXPECT_EQ(Run().exit_status, kExitRefused);
}

TEST_F(OfflineCheckTest, NamesOptionsThatMakeNoSense) {
  const OfflineCheckOptions good = options_;
  const std::pair<const char*, void (*)(OfflineCheckOptions*)> mistakes[] = {
      {"--now", [](auto* o) { o->now = "noon"; }},
      {"--max-age", [](auto* o) { o->max_age = "old"; }},
      {"--max-age", [](auto* o) { o->max_age = "-3h"; }},
      {"--max-age", [](auto* o) { o->max_age = "inf"; }},
      {"--measurements-um", [](auto* o) { o->measurements_um = "1x2"; }},
      {"--measurements-um", [](auto* o) { o->measurements_um = "1x2x-3"; }},
      {"nothing to verify", [](auto* o) { o->passport_file.clear(); }},
      {"cannot read", [](auto* o) { o->passport_file += ".not"; }},
      {"give the .passport file too",
       [](auto* o) {
         o->passport_file.clear();
         o->card = "HTTPS://ID.EXAMPLE/p/1";
         o->mass_mg = 3;
       }},
      {"cannot read", [](auto* o) { o->document_file = o->passport_file + ".not"; }},
      {"/dev/null: line 1",
       [](auto* o) {
         o->document_file = o->passport_file;
         o->opening_file = "/dev/null";
       }},
  };
  for (const auto& [said, make] : mistakes) {
    options_ = good;
    make(&options_);
    EXPECT_THAT(std::string(Error().message()), HasSubstr(said));
    EXPECT_EQ(RefusalCodeOf(Error()), std::nullopt) << said;  // nothing of the passport is judged
  }
}

// ---- Documents. ----

class DocumentCheckTest : public OfflineCheckTest {
 protected:
  DocumentCheckTest()
      : opening_(NewOpening(std::nullopt, v1::Commitment::RECEIPT, "a receipt", "r", "")) {
    v1::Statement added = log_.PassportStatement(1);
    v1::Commitment& commitment = *added.mutable_documents_added()->add_commitments();
    commitment.set_kind(v1::Commitment::RECEIPT);
    commitment.set_sha256(std::string(DigestBytes(opening_.document_sha256)));
    v1::Media& media = *added.mutable_documents_added()->add_media();
    media.set_kind(v1::Media::PHOTOGRAPH);
    const Digest picture = DocumentDigest("", "a picture");
    media.set_sha256(std::string(DigestBytes(picture)));
    log_.Say(added, {"atelier key"});
    log_.Commit();
    options_.passport_file = directory_.Write("ring.passport", log_.PassportFile(1));
    SetNow(log_.now_ms());
    options_.document_file = directory_.Write("r.pdf", "a receipt");
    options_.opening_file = directory_.Write("o", FormatOpening(opening_));
  }

  DocumentOpening opening_;
};

TEST_F(DocumentCheckTest, SaysWhichEntryCommitsToIt) {
  const CheckAnswer answer = Run();
  EXPECT_EQ(answer.exit_status, kExitOk);
  EXPECT_THAT(answer.text, HasSubstr("document: matches"));
  EXPECT_THAT(answer.text, HasSubstr("receipt"));
  EXPECT_THAT(answer.text, HasSubstr("entry 1 (documents added)"));
  EXPECT_THAT(answer.text, HasSubstr("(atelier)"));
  EXPECT_THAT(Run("", true).text, HasSubstr("\"document\""));
}

TEST_F(DocumentCheckTest, FindsAPublicOneWithoutAnOpening) {
  options_.document_file = directory_.Write("p.jpg", "a picture");
  options_.opening_file.clear();
  EXPECT_EQ(Run().exit_status, kExitOk);
}

TEST_F(DocumentCheckTest, FindsTheOpeningBesideIt) {
  options_.opening_file.clear();
  EXPECT_EQ(Run().exit_status, kExitRefused);
  directory_.Write("r.pdf.opening", FormatOpening(opening_));
  EXPECT_EQ(Run().exit_status, kExitOk);
}

TEST_F(DocumentCheckTest, RefusesWhatNoEntryCommitsTo) {
  options_.document_file = directory_.Write("r.pdf", "another");
  CheckAnswer answer = Run();
  EXPECT_EQ(answer.exit_status, kExitRefused);
  EXPECT_THAT(answer.text, HasSubstr("document differs"));
  EXPECT_THAT(answer.text, HasSubstr("VERIFIED"));  // the record itself stays genuine
  // An opening of something else that was never logged.
  options_.document_file = directory_.Write("r.pdf", "a receipt");
  options_.opening_file = directory_.Write(
      "o", FormatOpening(NewOpening(std::nullopt, v1::Commitment::RECEIPT, "a receipt", "r", "")));
  EXPECT_EQ(Run().exit_status, kExitRefused);
  // The right one, of another piece.
  opening_.passport = ValueOrDie(PassportId::FromBytes(TestPassportId(2)));
  options_.opening_file = directory_.Write("o", FormatOpening(opening_));
  EXPECT_EQ(Run().exit_status, kExitRefused);
}

}  // namespace
}  // namespace touchstone::cli
