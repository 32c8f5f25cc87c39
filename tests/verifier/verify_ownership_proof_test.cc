#include "verifier/verify_ownership_proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/verifier/ownership_question.h"
#include "tests/verifier/whole_life.h"
#include "verifier/batch_path.h"
#include "verifier/verdict_json.h"
#include "verifier/verdict_text.h"

namespace touchstone {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::StatusOr<ProvenOwnership> CheckProof(const TestLog& log, const v1::OwnershipChallenge& asked,
                                           const std::string& proof, int passport = 1) {
  return CheckOwnershipProof(PolicyOf(log.PolicyText()), log.PassportFile(passport), TextOf(asked),
                             proof, log.now_ms());
}

TEST(VerifyOwnershipProof, TheOwnerHoldsThePiece) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const auto proven = CheckProof(log, asked, AnswerBy("owner 2", asked));
  ASSERT_THAT(proven, IsOk());
  EXPECT_EQ(proven->holder, HolderKind::kOwner);
  EXPECT_EQ(proven->record.status.owner_count, 2u);
  EXPECT_EQ(proven->record.status.since.position, 13u);
  EXPECT_THAT(RestraintsOn(proven->record.status), IsEmpty());
  const OwnershipVerdict verdict = OwnershipVerdict::From(*proven);
  EXPECT_THAT(OwnershipVerdictToText(verdict), HasSubstr("its owner, number 2"));
  EXPECT_THAT(OwnershipVerdictToText(verdict), HasSubstr("Jane Buyer"));
  const std::string json = OwnershipVerdictToJson(verdict);
  EXPECT_THAT(json, HasSubstr("{\"touchstone_ownership_verdict\":1,\"outcome\":\"verified\","
                              "\"challenge\":{\"verifier\":\"Jane Buyer\""));
  EXPECT_THAT(json, HasSubstr("\"holder\":\"owner\",\"restraints\":[]"));
}

TEST(VerifyOwnershipProof, NobodyElseDoes) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  for (const char* other : {"owner 1", "claim key", "maison", "stranger"}) {
    EXPECT_THAT(CheckProof(log, asked, AnswerBy(other, asked)),
                IsRefused(RefusalCode::kNotTheHolder))
        << other;
  }
}

TEST(VerifyOwnershipProof, WhoHeldItThenDoesNotNow) {
  TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const std::string proof = AnswerBy("owner 2", asked);
  const std::string before = log.PassportFile(1);
  log.Transfer(1, "owner 2", "owner 3");
  log.Commit();
  EXPECT_THAT(CheckProof(log, asked, proof), IsRefused(RefusalCode::kNotTheHolder));
  // With the passport from before it holds, as of before; the answer says of when it is.
  const auto then =
      CheckOwnershipProof(PolicyOf(log.PolicyText()), before, TextOf(asked), proof, log.now_ms());
  ASSERT_THAT(then, IsOk());
  EXPECT_GT(then->record.freshness.age_ms, 0u);
}

// An answer is for one asker, one purpose, one piece, one time and one asking.
TEST(VerifyOwnershipProof, AnAnswerFitsOneQuestion) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const std::function<void(v1::OwnershipChallenge&)> others[] = {
      [](auto& q) { q.set_verifier("Jim Buyer"); },
      [](auto& q) { q.set_purpose("insurance"); },
      [](auto& q) { q.set_passport_id(TestPassportId(2)); },
      [](auto& q) { q.set_log_origin("rival.example/log"); },
      [](auto& q) { q.set_nonce(std::string(32, 'm')); },
      [](auto& q) { q.set_issued_at_ms(q.issued_at_ms() - 1); },
      [](auto& q) { q.set_expires_at_ms(q.expires_at_ms() + 1); },
  };
  for (size_t i = 0; i < std::size(others); ++i) {
    v1::OwnershipChallenge other = asked;
    others[i](other);
    EXPECT_THAT(CheckProof(log, asked, AnswerBy("owner 2", other)),
                IsRefused(RefusalCode::kWrongChallenge))
        << i;
  }
  v1::OwnershipChallenge other = asked;
  other.set_purpose("insurance");
  EXPECT_THAT(std::string(CheckProof(log, asked, AnswerBy("owner 2", other)).status().message()),
              HasSubstr("differ in their purpose"));
}

TEST(VerifyOwnershipProof, AnAlteredAnswerIsRefused) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const Envelope proof = ValueOrDie(ParseOwnershipProofText(AnswerBy("owner 2", asked)));
  const auto check = [&](std::vector<EnvelopeSignature> signatures) {
    return CheckProof(log, asked,
                      OwnershipProofText(ValueOrDie(Envelope::Create(
                          PayloadType::kOwnershipProof, proof.payload(), std::move(signatures)))));
  };
  const EnvelopeSignature good = proof.signatures().front();
  ASSERT_THAT(check({good}), IsOk());
  EnvelopeSignature changed = good;
  changed.sig[5] = static_cast<char>(changed.sig[5] ^ 1);
  EXPECT_THAT(check({changed}), IsRefused(RefusalCode::kBadSignature));
  // Another's signature under the holder's key id.
  changed = SignatureBy("stranger", PayloadType::kOwnershipProof, proof.payload());
  changed.keyid = good.keyid;
  EXPECT_THAT(check({changed}), IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(check({good, SignatureBy("stranger", PayloadType::kOwnershipProof, proof.payload())}),
              IsRefused(RefusalCode::kSurplusSignature));
  changed = good;
  changed.batch = ValueOrDie(BatchPath::Create(0, 1, {}));
  EXPECT_THAT(check({changed}), IsRefused(RefusalCode::kMalformed));
}

// What was signed as something else is no answer, and an answer is nothing else.
TEST(VerifyOwnershipProof, ASignatureOverAStatementIsNoAnswer) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const std::string payload = ValueOrDie(OwnershipChallenge::Create(asked)).bytes();
  for (const PayloadType type : {PayloadType::kStatement, PayloadType::kRequest}) {
    const std::string proof = OwnershipProofText(ValueOrDie(Envelope::Create(
        PayloadType::kOwnershipProof, payload, {SignatureBy("owner 2", type, payload)})));
    EXPECT_THAT(CheckProof(log, asked, proof), IsRefused(RefusalCode::kBadSignature));
  }
}

TEST(VerifyOwnershipProof, TheQuestionMustBeOpenAndOfThisLog) {
  const TestLog log = WholeLife();
  v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  asked.set_issued_at_ms(log.now_ms() - 10);
  asked.set_expires_at_ms(log.now_ms());
  EXPECT_THAT(CheckProof(log, asked, AnswerBy("owner 2", asked)),
              IsRefused(RefusalCode::kChallengeExpired));
  asked = QuestionAbout(log, 1);
  asked.set_issued_at_ms(log.now_ms() + 600'000);
  EXPECT_THAT(CheckProof(log, asked, AnswerBy("owner 2", asked)),
              IsRefused(RefusalCode::kChallengeInFuture));
  asked = QuestionAbout(log, 1);
  asked.set_log_origin("rival.example/log");
  EXPECT_THAT(CheckProof(log, asked, AnswerBy("owner 2", asked)),
              IsRefused(RefusalCode::kWrongOrigin));
}

TEST(VerifyOwnershipProof, ThePassportMustBeOfThatPiece) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const std::string proof = AnswerBy("owner 2", asked);
  EXPECT_THAT(CheckProof(log, asked, proof, 2), IsRefused(RefusalCode::kWrongPassport));
  const std::string file = log.PassportFile(1);
  EXPECT_THAT(CheckOwnershipProof(PolicyOf(log.PolicyText()), file.substr(0, file.size() - 1),
                                  TextOf(asked), proof, log.now_ms()),
              IsRefused(RefusalCode::kMalformed));
}

TEST(VerifyOwnershipProof, WithTheStoreNobodyHoldsIt) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 2);
  EXPECT_THAT(CheckProof(log, asked, AnswerBy("maison", asked), 2),
              IsRefused(RefusalCode::kNotTheHolder));
}

TEST(VerifyOwnershipProof, SaysAsWhatItIsHeld) {
  TestLog log = WholeLife();
  log.FirstSale(2, "maison", "claim key 2");
  log.Transfer(1, "owner 2", "dealer", v1::Transfer::CONSIGNMENT);
  log.Commit();
  const v1::OwnershipChallenge sold = QuestionAbout(log, 2);
  auto proven = CheckProof(log, sold, AnswerBy("claim key 2", sold), 2);
  ASSERT_THAT(proven, IsOk());
  EXPECT_EQ(proven->holder, HolderKind::kClaimKey);
  EXPECT_THAT(OwnershipVerdictToText(OwnershipVerdict::From(*proven)),
              HasSubstr("NOT CLAIMED YET"));
  const v1::OwnershipChallenge consigned = QuestionAbout(log, 1);
  proven = CheckProof(log, consigned, AnswerBy("dealer", consigned));
  ASSERT_THAT(proven, IsOk());
  EXPECT_EQ(proven->holder, HolderKind::kConsignee);
  EXPECT_EQ(HolderKindName(proven->holder), "consignee");
  EXPECT_THAT(CheckProof(log, consigned, AnswerBy("owner 2", consigned)),
              IsRefused(RefusalCode::kNotTheHolder));
}

TEST(VerifyOwnershipProof, SaysWhatKeepsItFromBeingSold) {
  TestLog log = WholeLife();
  v1::Statement stolen = log.PassportStatement(1);
  stolen.mutable_incident_reported()->set_kind(v1::IncidentReported::STOLEN);
  stolen.mutable_incident_reported()->set_occurred_on("2026-11-20");
  log.Say(stolen, {"owner 2"});
  log.Commit();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const auto proven = CheckProof(log, asked, AnswerBy("owner 2", asked));
  ASSERT_THAT(proven, IsOk());
  EXPECT_THAT(RestraintsOn(proven->record.status), ElementsAre(Restraint::kMissing));
  const OwnershipVerdict verdict = OwnershipVerdict::From(*proven);
  EXPECT_THAT(OwnershipVerdictToText(verdict), HasSubstr("NO: missing"));
  EXPECT_THAT(OwnershipVerdictToJson(verdict), HasSubstr("\"restraints\":[\"missing\"]"));
}

TEST(VerifyOwnershipProof, RefusalsAreShownWithoutARecord) {
  const TestLog log = WholeLife();
  const v1::OwnershipChallenge asked = QuestionAbout(log, 1);
  const OwnershipVerdict verdict =
      OwnershipVerdict::From(CheckProof(log, asked, AnswerBy("owner 1", asked)));
  EXPECT_EQ(verdict.outcome, Outcome::kRefused);
  EXPECT_THAT(OwnershipVerdictToJson(verdict), HasSubstr("\"code\":\"not_the_holder\""));
  EXPECT_THAT(OwnershipVerdictToText(verdict), HasSubstr("REFUSED"));
}

}  // namespace
}  // namespace touchstone
