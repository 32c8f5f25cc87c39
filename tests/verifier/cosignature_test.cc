#include "verifier/cosignature.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/published_checkpoint.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/test_keys.h"
#include "verifier/big_endian.h"
#include "verifier/signing/note_signer.h"

namespace touchstone {
namespace {

constexpr absl::string_view kText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

TEST(Cosignature, SignsTheMessageOfTheSpecification) {
  EXPECT_EQ(CosignatureMessage(kText, 1679315147),
            "cosignature/v1\n"
            "time 1679315147\n"
            "example.com/behind-the-sofa\n"
            "20852163\n"
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
}

TEST(Cosignature, VerifiesWhatAPublicWitnessSigned) {
  const VerifierKey witness = ValueOrDie(
      VerifierKey::Parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"));
  const SignedNote note = ValueOrDie(SignedNote::Parse(kPublishedNote));
  const NoteSignature& line = note.signatures()[4];
  ASSERT_TRUE(line.Names(witness));
  EXPECT_EQ(ValueOrDie(VerifyCosignature(witness, note.text(), line.signature)),
            kPublishedTimeSeconds);
}

TEST(Cosignature, CoversTimeTextAndKey) {
  const SecretKey key = TestKey(1);
  const VerifierKey witness = WitnessKey("w.example", key);
  const NoteSignature line = ValueOrDie(CosignCheckpointText(kText, "w.example", key, 1700000000));
  EXPECT_TRUE(line.Names(witness));
  EXPECT_EQ(ValueOrDie(VerifyCosignature(witness, kText, line.signature)), 1700000000u);

  for (size_t i = 0; i < line.signature.size(); ++i) {
    std::string altered = line.signature;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_THAT(VerifyCosignature(witness, kText, altered), IsRefused(RefusalCode::kBadSignature))
        << "byte " << i;
  }
  EXPECT_THAT(VerifyCosignature(witness, "example.com/other\n", line.signature),
              IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(VerifyCosignature(WitnessKey("w.example", TestKey(2)), kText, line.signature),
              IsRefused(RefusalCode::kBadSignature));
}

TEST(Cosignature, Has72BytesBehindTheKeyId) {
  const SecretKey key = TestKey(1);
  const VerifierKey witness = WitnessKey("w.example", key);
  const std::string signature =
      ValueOrDie(CosignCheckpointText(kText, "w.example", key, 1)).signature;
  EXPECT_EQ(signature.size(), kCosignatureBytes);
  EXPECT_THAT(VerifyCosignature(witness, kText, signature.substr(1)),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(VerifyCosignature(witness, kText, signature + "x"),
              IsRefused(RefusalCode::kMalformed));
  // A log's signature is no cosignature.
  EXPECT_THAT(VerifyCosignature(witness, kText, key.Sign(kText)),
              IsRefused(RefusalCode::kMalformed));
}

TEST(Cosignature, RefusesTimesThatSignedReadersWouldTakeForThePast) {
  const SecretKey key = TestKey(1);
  const uint64_t time = uint64_t{1} << 63;
  std::string signature;
  AppendBigEndian<uint64_t>(signature, time);
  signature += key.Sign(CosignatureMessage(kText, time));
  EXPECT_THAT(VerifyCosignature(WitnessKey("w.example", key), kText, signature),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_FALSE(CosignCheckpointText(kText, "w.example", key, time).ok());
}

}  // namespace
}  // namespace touchstone
