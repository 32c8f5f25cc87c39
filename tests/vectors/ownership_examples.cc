#include <string>

#include "absl/strings/str_cat.h"
#include "tests/vectors/examples.h"
#include "tests/vectors/reading.h"
#include "verifier/envelope.h"
#include "verifier/hex.h"
#include "verifier/ownership_proof.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

// After the ring was claimed, and before the end of its life.
constexpr uint64_t kAskedAtMs = 1'795'300'030'000;

std::string Lines(absl::string_view text) {
  std::string lines;
  for (size_t at = 0; at < text.size(); at += 80) {
    absl::StrAppend(&lines, at == 0 ? "" : "\n", text.substr(at, 80));
  }
  return lines;
}

}  // namespace

void AddOwnership(const ExampleLog& example, Examples& examples) {
  v1::OwnershipChallenge message;
  message.set_log_origin(example.log.origin());
  message.set_passport_id(std::string(example.ring.bytes()));
  message.set_verifier("Jane Buyer");
  message.set_purpose("purchase for EUR 4,000");
  message.set_nonce(std::string(32, 'n'));
  message.set_issued_at_ms(kAskedAtMs);
  message.set_expires_at_ms(kAskedAtMs + uint64_t{48} * 3600 * 1000);
  const OwnershipChallenge question = Must(OwnershipChallenge::Create(message));
  const std::string pae = Pae(PayloadType::kOwnershipProof, question.bytes());
  const std::string sig = NamedKey("owner").Sign(pae);
  const Envelope answer = Must(Envelope::Create(PayloadType::kOwnershipProof, question.bytes(),
                                                {{NamedKeyId("owner"), sig, std::nullopt}}));

  VectorFile file("Section 14: a question about the ring, and its owner's answer");
  file.Section("the key is \"owner\" of keys.txt; the passport is ring.passport.hex");
  file.Add("question", question.bytes());
  file.AddText("question.text", question.Text());
  file.Add("pae", pae);
  file.Add("sig", sig);
  file.Add("answer", answer.bytes());
  file.AddText("answer.text", OwnershipProofText(answer));
  examples.Add("ownership.txt", file);

  examples.appendix.Heading("Section 14: a question about the ring");
  examples.appendix.Table(ReadingOf(kOwnershipChallengeSchema, question.bytes()));
  examples.appendix.Prose("Its text, and that of its owner's answer (each in one line):");
  examples.appendix.Block(Lines(question.Text()));
  examples.appendix.Block(Lines(OwnershipProofText(answer)));
}

}  // namespace touchstone
