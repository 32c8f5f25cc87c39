// Questions about who holds a piece of a test log, and answers to them.
#ifndef TOUCHSTONE_TESTS_VERIFIER_OWNERSHIP_QUESTION_H_
#define TOUCHSTONE_TESTS_VERIFIER_OWNERSHIP_QUESTION_H_

#include <string>

#include "tests/support/sample_statement.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/envelope.h"
#include "verifier/ownership_proof.h"

namespace touchstone {

// Asked now, open for an hour.
inline v1::OwnershipChallenge QuestionAbout(const TestLog& log, int passport) {
  v1::OwnershipChallenge question;
  question.set_log_origin(log.origin());
  question.set_passport_id(TestPassportId(passport));
  question.set_verifier("Jane Buyer");
  question.set_purpose("purchase for EUR 4,000");
  question.set_nonce(std::string(32, 'n'));
  question.set_issued_at_ms(log.now_ms());
  question.set_expires_at_ms(log.now_ms() + 3'600'000);
  return question;
}

inline std::string TextOf(const v1::OwnershipChallenge& question) {
  return ValueOrDie(OwnershipChallenge::Create(question)).Text();
}

inline EnvelopeSignature SignatureBy(absl::string_view key, PayloadType type,
                                     absl::string_view payload) {
  return {NamedKeyId(key), NamedKey(key).Sign(Pae(type, payload)), std::nullopt};
}

inline std::string AnswerBy(absl::string_view key, const v1::OwnershipChallenge& question) {
  const std::string bytes = ValueOrDie(OwnershipChallenge::Create(question)).bytes();
  return OwnershipProofText(
      ValueOrDie(Envelope::Create(PayloadType::kOwnershipProof, bytes,
                                  {SignatureBy(key, PayloadType::kOwnershipProof, bytes)})));
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_OWNERSHIP_QUESTION_H_
