// The C interface as another language calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "tests/support/test_log.h"
#include "tests/verifier/c_api_from_c.h"
#include "tests/verifier/ownership_question.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"
#include "verifier/touchstone.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

struct Answer {
  int status = 0;
  std::string json;
};

Answer Verify(const std::string& policy, const std::string& file,
              const touchstone_observed* observed, uint64_t now_ms) {
  char* json = nullptr;
  Answer answer;
  answer.status = touchstone_verify(policy.data(), policy.size(), file.data(), file.size(), now_ms,
                                    observed, &json);
  if (json != nullptr) answer.json = json;
  touchstone_free(json);
  return answer;
}

TEST(CApi, AnswersAsTheLibraryDoes) {
  const TestLog log = WholeLife();
  const std::string file = log.PassportFile(1);
  Answer answer = Verify(log.PolicyText(), file, nullptr, log.now_ms());
  EXPECT_EQ(answer.status, TOUCHSTONE_VERIFIED);
  EXPECT_THAT(answer.json, HasSubstr("\"outcome\":\"verified\""));
  EXPECT_THAT(answer.json, HasSubstr("\"object\":[]"));

  answer = Verify(log.PolicyText(), file.substr(1), nullptr, log.now_ms());
  EXPECT_EQ(answer.status, TOUCHSTONE_REFUSED);
  EXPECT_THAT(answer.json, HasSubstr("\"code\":\"malformed\""));

  answer = Verify(log.PolicyText(), file + "\x40\x01", nullptr, log.now_ms());
  EXPECT_EQ(answer.status, TOUCHSTONE_CANNOT_JUDGE);

  answer = Verify("nonsense", file, nullptr, log.now_ms());
  EXPECT_EQ(answer.status, TOUCHSTONE_REFUSED);
  EXPECT_THAT(answer.json, HasSubstr("\"code\":\"invalid_policy\""));
}

TEST(CApi, ComparesWhatWasObserved) {
  const TestLog log = WholeLife();
  touchstone_observed observed = {};
  observed.struct_size = sizeof(observed);
  observed.inscription = "gia 2141438001";
  observed.mass_mg = 4290;
  observed.mass_tolerance_mg = 100;
  observed.measurements_um[0] = 1;
  const Answer answer = Verify(log.PolicyText(), log.PassportFile(1), &observed, log.now_ms());
  EXPECT_EQ(answer.status, TOUCHSTONE_VERIFIED);
  EXPECT_THAT(answer.json, HasSubstr("\"what\":\"inscription\",\"match\":\"matches\""));
  EXPECT_THAT(answer.json, HasSubstr("\"what\":\"mass_mg\",\"match\":\"matches\""));
  EXPECT_THAT(answer.json, HasSubstr("\"what\":\"measurements_um\",\"match\":\"differs\""));
  EXPECT_THAT(answer.json, testing::Not(HasSubstr("\"what\":\"serial\"")));
}

// A program that was built with a later header, and uses nothing of what is new in it, is served.
TEST(CApi, TakesALongerStructureOnlyIfItAsksForNothingNew) {
  const TestLog log = WholeLife();
  struct {
    touchstone_observed known;
    char later[16];
  } longer = {};
  longer.known.struct_size = sizeof(longer);
  EXPECT_EQ(Verify(log.PolicyText(), log.PassportFile(1), &longer.known, 0).status,
            TOUCHSTONE_VERIFIED);
  longer.later[15] = 1;
  EXPECT_EQ(Verify(log.PolicyText(), log.PassportFile(1), &longer.known, 0).status,
            TOUCHSTONE_INVALID_ARGUMENT);
}

TEST(CApi, RefusesWrongCallsWithoutAnswering) {
  const TestLog log = WholeLife();
  const std::string policy = log.PolicyText();
  touchstone_observed observed = {};  // its size was forgotten
  EXPECT_EQ(Verify(policy, log.PassportFile(1), &observed, 0).status, TOUCHSTONE_INVALID_ARGUMENT);
  char* json = nullptr;
  EXPECT_EQ(touchstone_verify(policy.data(), policy.size(), nullptr, 5, 0, nullptr, &json),
            TOUCHSTONE_INVALID_ARGUMENT);
  EXPECT_EQ(touchstone_verify(nullptr, 5, "", 0, 0, nullptr, &json), TOUCHSTONE_INVALID_ARGUMENT);
  EXPECT_EQ(touchstone_verify(policy.data(), policy.size(), "", 0, 0, nullptr, nullptr),
            TOUCHSTONE_INVALID_ARGUMENT);
  EXPECT_EQ(json, nullptr);
  EXPECT_EQ(touchstone_verify(policy.data(), policy.size(), nullptr, 0, 0, nullptr, &json),
            TOUCHSTONE_REFUSED);
  touchstone_free(json);
  touchstone_free(nullptr);
}

TEST(CApi, ChecksCards) {
  TestLog log = WholeLife();
  const std::string policy = log.PolicyText();
  char* json = nullptr;
  EXPECT_EQ(touchstone_verify_card(policy.data(), policy.size(), "AAAA", 4, nullptr, 0, 0, &json),
            TOUCHSTONE_REFUSED);
  EXPECT_THAT(std::string(json), HasSubstr("\"touchstone_card_verdict\":1"));
  touchstone_free(json);
  EXPECT_EQ(touchstone_verify_card(policy.data(), policy.size(), nullptr, 4, nullptr, 0, 0, &json),
            TOUCHSTONE_INVALID_ARGUMENT);
}

TEST(CApi, CompilesAsC) {
  const TestLog log = WholeLife();
  const std::string policy = log.PolicyText();
  const std::string file = log.PassportFile(1);
  EXPECT_EQ(VerifyFromC(policy.data(), policy.size(), file.data(), file.size()),
            TOUCHSTONE_VERIFIED);
  EXPECT_EQ(std::string(touchstone_version()), TOUCHSTONE_PROJECT_VERSION);
}

TEST(CApi, ChecksAbsences) {
  const TestLog log = WholeLife();
  const std::string policy = log.PolicyText();
  const auto ask = [&policy, &log](const std::string& file) {
    char* json = nullptr;
    Answer answer;
    answer.status = touchstone_verify_absence(policy.data(), policy.size(), file.data(),
                                              file.size(), log.now_ms(), &json);
    if (json != nullptr) answer.json = json;
    touchstone_free(json);
    return answer;
  };
  Answer answer =
      ask(TestLog::AbsenceFile(log.Absence(IndexKind::kInscriptionClaim, "GIA9999999999")));
  EXPECT_EQ(answer.status, TOUCHSTONE_VERIFIED);
  EXPECT_THAT(answer.json, HasSubstr("\"description\":\"inscription GIA9999999999\""));
  answer = ask(log.PassportFile(1));
  EXPECT_EQ(answer.status, TOUCHSTONE_REFUSED);
  EXPECT_THAT(answer.json, HasSubstr("\"touchstone_absence_verdict\":1"));
  char* json = nullptr;
  EXPECT_EQ(touchstone_verify_absence(policy.data(), policy.size(), nullptr, 4, 0, &json),
            TOUCHSTONE_INVALID_ARGUMENT);
}

TEST(CApi, ChecksProofsOfOwnership) {
  const TestLog log = WholeLife();
  const std::string policy = log.PolicyText();
  const std::string passport = log.PassportFile(1);
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const std::string challenge = TextOf(asked);
  const auto check = [&](const std::string& under, const std::string& proof) {
    char* json = nullptr;
    Answer answer;
    answer.status = touchstone_verify_ownership_proof(
        under.data(), under.size(), passport.data(), passport.size(), challenge.data(),
        challenge.size(), proof.data(), proof.size(), log.now_ms(), &json);
    if (json != nullptr) answer.json = json;
    touchstone_free(json);
    return answer;
  };
  Answer answer = check(policy, AnswerBy("owner 2", asked));
  EXPECT_EQ(answer.status, TOUCHSTONE_VERIFIED);
  EXPECT_THAT(answer.json, HasSubstr("\"holder\":\"owner\""));
  answer = check(policy, AnswerBy("owner 1", asked));
  EXPECT_EQ(answer.status, TOUCHSTONE_REFUSED);
  EXPECT_THAT(answer.json, HasSubstr("\"code\":\"not_the_holder\""));
  EXPECT_EQ(check(policy, "TOUCHSTONE-PROOF-2:AA").status, TOUCHSTONE_CANNOT_JUDGE);
  EXPECT_EQ(check("nonsense", AnswerBy("owner 2", asked)).status, TOUCHSTONE_REFUSED);
  char* json = nullptr;
  EXPECT_EQ(touchstone_verify_ownership_proof(policy.data(), policy.size(), passport.data(),
                                              passport.size(), nullptr, 4, nullptr, 0, 0, &json),
            TOUCHSTONE_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace touchstone
