#include "verifier/ownership_proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/ascii.h"
#include "tests/verifier/ownership_question.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/base32.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

v1::OwnershipChallenge Question() { return QuestionAbout(TestLog(), 1); }

TEST(OwnershipChallenge, IsReadAsItWasMade) {
  const OwnershipChallenge made = ValueOrDie(OwnershipChallenge::Create(Question()));
  EXPECT_THAT(made.Text(), StartsWith("TOUCHSTONE-ASK-1:"));
  const OwnershipChallenge read = ValueOrDie(OwnershipChallenge::ParseText(made.Text()));
  EXPECT_EQ(read.bytes(), made.bytes());
  EXPECT_EQ(read.verifier(), "Jane Buyer");
  EXPECT_EQ(read.purpose(), "purchase for EUR 4,000");
  EXPECT_EQ(read.passport_id().bytes(), TestPassportId(1));
}

TEST(OwnershipChallenge, TextSurvivesMail) {
  const OwnershipChallenge made = ValueOrDie(OwnershipChallenge::Create(Question()));
  std::string broken = absl::AsciiStrToLower(made.Text());
  for (size_t i = 60; i < broken.size(); i += 62) broken.insert(i, "\r\n");
  EXPECT_EQ(ValueOrDie(OwnershipChallenge::ParseText("  " + broken + "\n\n")).bytes(),
            made.bytes());
}

TEST(OwnershipChallenge, EveryFieldIsChecked) {
  const std::function<void(v1::OwnershipChallenge&)> wrongs[] = {
      [](auto& q) { q.clear_log_origin(); },
      [](auto& q) { q.set_log_origin("two words"); },
      [](auto& q) { q.clear_passport_id(); },
      [](auto& q) { q.set_passport_id(std::string(15, 'x')); },
      [](auto& q) { q.clear_verifier(); },
      [](auto& q) { q.set_verifier(std::string(limits::kOwnershipVerifierBytesMax + 1, 'x')); },
      [](auto& q) { q.clear_purpose(); },
      [](auto& q) { q.set_purpose(std::string(limits::kOwnershipPurposeBytesMax + 1, 'x')); },
      [](auto& q) { q.clear_nonce(); },
      [](auto& q) { q.set_nonce(std::string(31, 'n')); },
      [](auto& q) { q.clear_issued_at_ms(); },
      [](auto& q) { q.set_issued_at_ms(uint64_t{1} << 63); },
      [](auto& q) { q.clear_expires_at_ms(); },
      [](auto& q) { q.set_expires_at_ms(q.issued_at_ms()); },
      [](auto& q) { q.set_expires_at_ms(q.issued_at_ms() + limits::kOwnershipChallengeMsMax + 1); },
  };
  for (size_t i = 0; i < std::size(wrongs); ++i) {
    v1::OwnershipChallenge question = Question();
    wrongs[i](question);
    const auto parsed = OwnershipChallenge::Create(question);
    EXPECT_FALSE(parsed.ok()) << i;
    EXPECT_TRUE(RefusalCodeOf(parsed.status()).has_value()) << i;
  }
}

// What the holder reads before signing is what is signed.
TEST(OwnershipChallenge, NothingInItActsOnATerminal) {
  for (const char* misleading : {"\x1b[2JJane", "Jane\nlog  other", "Jane\x7f",
                                 "Jane \xC2\x9B"
                                 "2J",
                                 "\xE2\x80\xAE"
                                 "enaJ",
                                 "\xE2\x81\xA6Jane", "Jane\xff"}) {
    v1::OwnershipChallenge question = Question();
    question.set_verifier(misleading);
    EXPECT_FALSE(OwnershipChallenge::Create(question).ok()) << misleading;
    question = Question();
    question.set_purpose(misleading);
    EXPECT_FALSE(OwnershipChallenge::Create(question).ok()) << misleading;
  }
  v1::OwnershipChallenge question = Question();
  question.set_verifier("Zoë Müller, 宝石");
  EXPECT_THAT(OwnershipChallenge::Create(question), IsOk());
}

TEST(OwnershipChallenge, WhatALaterVersionAddsCannotBeJudged) {
  const std::string bytes = ValueOrDie(OwnershipChallenge::Create(Question())).bytes();
  EXPECT_THAT(OwnershipChallenge::Parse(bytes + "\x40\x01"), IsRefused(RefusalCode::kUnknownField));
  EXPECT_THAT(OwnershipChallenge::ParseText("TOUCHSTONE-ASK-2:" + Base32Encode(bytes)),
              IsRefused(RefusalCode::kUnknownVersion));
  EXPECT_THAT(OwnershipChallenge::Parse(bytes + bytes), IsRefused(RefusalCode::kNotCanonical));
}

TEST(OwnershipChallenge, IsOpenForItsTime) {
  const OwnershipChallenge challenge = ValueOrDie(OwnershipChallenge::Create(Question()));
  const uint64_t asked = challenge.issued_at_ms();
  EXPECT_THAT(challenge.CheckTime(asked), IsOk());
  EXPECT_THAT(challenge.CheckTime(challenge.expires_at_ms() - 1), IsOk());
  EXPECT_THAT(challenge.CheckTime(challenge.expires_at_ms()),
              IsRefused(RefusalCode::kChallengeExpired));
  EXPECT_THAT(challenge.CheckTime(asked - 5 * 60 * 1000), IsOk());
  EXPECT_THAT(challenge.CheckTime(asked - 5 * 60 * 1000 - 1),
              IsRefused(RefusalCode::kChallengeInFuture));
  EXPECT_THAT(challenge.CheckTime(0), IsRefused(RefusalCode::kChallengeInFuture));
}

TEST(OwnershipProofText, TellsQuestionsFromAnswers) {
  const std::string question = TextOf(Question());
  const std::string answer = AnswerBy("owner 2", Question());
  EXPECT_THAT(answer, StartsWith("TOUCHSTONE-PROOF-1:"));
  EXPECT_THAT(ParseOwnershipProofText(answer), IsOk());
  EXPECT_THAT(ParseOwnershipProofText(question), IsRefused(RefusalCode::kWrongPayloadType));
  EXPECT_THAT(OwnershipChallenge::ParseText(answer), IsRefused(RefusalCode::kWrongPayloadType));
  for (const char* garbage :
       {"", "TOUCHSTONE", "TOUCHSTONE-PROOF-1", "TOUCHSTONE-PROOF-1:!", "TOUCHSTONE-PROOF-1:AA",
        "hello", "TOUCHSTONE-PROOF-0000000000001:AA"}) {
    EXPECT_THAT(ParseOwnershipProofText(garbage), IsRefused(RefusalCode::kMalformed)) << garbage;
  }
  EXPECT_THAT(ParseOwnershipProofText("TOUCHSTONE-PROOF-1:"),
              IsRefused(RefusalCode::kUnknownPayloadType));
  EXPECT_THAT(ParseOwnershipProofText("TOUCHSTONE-PROOF-9:AA"),
              IsRefused(RefusalCode::kUnknownVersion));
  EXPECT_THAT(ParseOwnershipProofText(std::string(limits::kOwnershipTextBytesMax + 1, 'A')),
              IsRefused(RefusalCode::kTooLarge));
}

TEST(OwnershipProofText, IsNoStatementAndNoRequest) {
  const Envelope proof = ValueOrDie(ParseOwnershipProofText(AnswerBy("owner 2", Question())));
  EXPECT_THAT(Envelope::Parse(PayloadType::kStatement, proof.bytes()),
              IsRefused(RefusalCode::kWrongPayloadType));
  EXPECT_THAT(Envelope::Parse(PayloadType::kRequest, proof.bytes()),
              IsRefused(RefusalCode::kWrongPayloadType));
  for (const PayloadType type : {PayloadType::kStatement, PayloadType::kRequest}) {
    const Envelope other = ValueOrDie(Envelope::Create(type, proof.payload(), proof.signatures()));
    EXPECT_THAT(ParseOwnershipProofText(OwnershipProofText(other)),
                IsRefused(RefusalCode::kWrongPayloadType));
  }
}

}  // namespace
}  // namespace touchstone
