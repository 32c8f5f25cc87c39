// Proofs of ownership: questions and answers as text, and changes to true ones. What is accepted
// was signed by the holder, for that question, and shows as it is. The first byte chooses which.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "tests/fuzz/expect.h"
#include "tests/support/test_log.h"
#include "touchstone/v1/envelope.pb.h"
#include "verifier/base32.h"
#include "verifier/refusal.h"
#include "verifier/verdict_text.h"
#include "verifier/verify_ownership_proof.h"

namespace touchstone {
namespace {

constexpr uint64_t kNowMs = 1'795'300'100'000;

struct World {
  World() {
    log.Enrol("maison", {v1::ISSUER}, {"maison"});
    log.Register(1, "maison");
    log.FirstSale(1, "maison", "claim key");
    log.Claim(1, "claim key", "owner");
    log.Commit();
    passport = log.PassportFile(1);
    policy = TrustPolicy::Parse(log.PolicyText());
    question.set_log_origin(log.origin());
    question.set_passport_id(TestPassportId(1));
    question.set_verifier("Jane");
    question.set_purpose("purchase");
    question.set_nonce(std::string(32, 'n'));
    question.set_issued_at_ms(kNowMs - 1);
    question.set_expires_at_ms(kNowMs + 1);
    const std::string bytes = question.SerializeAsString();
    answer.set_payload(bytes);
    answer.set_payload_type(std::string(kOwnershipProofPayloadType));
    v1::Signature& signature = *answer.add_signatures();
    signature.set_sig(NamedKey("owner").Sign(Pae(PayloadType::kOwnershipProof, bytes)));
    const Digest keyid = NamedKeyId("owner");
    signature.set_keyid(std::string(DigestBytes(keyid)));
  }
  TestLog log;
  std::string passport;
  absl::StatusOr<TrustPolicy> policy;
  v1::OwnershipChallenge question;
  v1::Envelope answer;
};

std::string QuestionText(const std::string& bytes) {
  return "TOUCHSTONE-ASK-1:" + Base32Encode(bytes);
}
std::string AnswerText(const std::string& bytes) {
  return "TOUCHSTONE-PROOF-1:" + Base32Encode(bytes);
}

void Check(const World& world, absl::string_view question, absl::string_view answer) {
  const absl::StatusOr<ProvenOwnership> proven =
      CheckOwnershipProof(*world.policy, world.passport, question, answer, kNowMs);
  if (!proven.ok()) {
    Expect(RefusalCodeOf(proven.status()).has_value(), "a refusal has a code");
    return;
  }
  Expect(proven->challenge.bytes() == world.question.SerializeAsString(),
         "the owner answered one question only");
}

void CheckTexts(absl::string_view text) {
  const absl::StatusOr<OwnershipChallenge> question = OwnershipChallenge::ParseText(text);
  if (question.ok()) {
    const absl::StatusOr<OwnershipChallenge> again =
        OwnershipChallenge::ParseText(question->Text());
    Expect(again.ok() && again->bytes() == question->bytes(), "a question has one text");
    Expect(PlainText(question->verifier()) == question->verifier(), "who asks shows as it is");
    Expect(PlainText(question->purpose()) == question->purpose(), "what for shows as it is");
    Expect(question->expires_at_ms() > question->issued_at_ms(), "it is open for a time");
  }
  const absl::StatusOr<Envelope> answer = ParseOwnershipProofText(text);
  if (!answer.ok()) return;
  const absl::StatusOr<Envelope> again = ParseOwnershipProofText(OwnershipProofText(*answer));
  Expect(again.ok() && again->bytes() == answer->bytes(), "an answer has one text");
}

template <typename Message>
std::optional<Message> Merged(const Message& message, absl::string_view with) {
  Message part;
  if (!part.ParseFromArray(with.data(), static_cast<int>(with.size()))) return std::nullopt;
  Message merged = message;
  merged.MergeFrom(part);
  return merged;
}

void Fuzz(absl::string_view input) {
  static const World& world = *new World;
  if (input.empty()) return;
  const absl::string_view rest = input.substr(1);
  const std::string question = world.question.SerializeAsString();
  const std::string answer = world.answer.SerializeAsString();
  switch (input[0] % 4) {
    case 0:
      CheckTexts(rest);
      return Check(world, QuestionText(question), rest);
    case 1:
      return Check(world, rest, AnswerText(answer));
    case 2: {
      const std::optional<v1::OwnershipChallenge> merged = Merged(world.question, rest);
      if (!merged) return;
      CheckTexts(QuestionText(merged->SerializeAsString()));
      return Check(world, QuestionText(merged->SerializeAsString()), AnswerText(answer));
    }
    default: {
      const std::optional<v1::Envelope> merged = Merged(world.answer, rest);
      if (!merged) return;
      return Check(world, QuestionText(question), AnswerText(merged->SerializeAsString()));
    }
  }
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
