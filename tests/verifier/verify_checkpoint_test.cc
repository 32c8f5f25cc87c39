#include "verifier/verify_checkpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/verifier/published_checkpoint.h"
#include "tests/verifier/reference_tree.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/test_keys.h"
#include "verifier/signing/note_signer.h"

namespace touchstone {
namespace {

constexpr absl::string_view kOrigin = "log.example";

// A log of ten entries whose first key was retired at size 6, with witnesses A, B, C, two of which
// make the quorum.
class VerifyCheckpointTest : public testing::Test {
 protected:
  Checkpoint At(size_t size, absl::string_view origin = kOrigin) const {
    return ValueOrDie(
        Checkpoint::Create(origin, size, ReferenceRoot(LeafHashes(leaves_).first(size))));
  }

  std::string WitnessName(size_t i) const { return absl::StrCat("w", i, ".example"); }

  std::string PolicyText(absl::string_view quorum) const {
    std::string text =
        absl::StrCat("log ", LogKey(kOrigin, log_).Format(), "\nretired ",
                     LogKey(kOrigin, retired_).Format(), " 6 ", DigestToBase64(At(6).root()), "\n");
    for (size_t i = 0; i < witnesses_.size(); ++i) {
      absl::StrAppend(&text, "witness ", i, " ", WitnessKey(WitnessName(i), witnesses_[i]).Format(),
                      "\n");
    }
    return absl::StrCat(text, "group two 2 0 1 2\nquorum ", quorum, "\n");
  }

  TrustPolicy Policy(absl::string_view quorum = "two") const {
    return ValueOrDie(TrustPolicy::Parse(PolicyText(quorum)));
  }

  std::string Cosign(absl::string_view note, size_t witness, uint64_t time) const {
    const SignedNote parsed = ValueOrDie(SignedNote::Parse(note));
    return ValueOrDie(AppendNoteSignature(
        note, ValueOrDie(CosignCheckpointText(parsed.text(), WitnessName(witness),
                                              witnesses_[witness], time))));
  }

  const std::vector<Digest> leaves_ = NumberedLeaves(10);
  const SecretKey log_ = TestKey(1);
  const SecretKey retired_ = TestKey(2);
  const SecretKey stranger_ = TestKey(3);
  const std::vector<SecretKey> witnesses_ = [] {
    std::vector<SecretKey> keys;
    for (uint8_t number = 11; number <= 13; ++number) keys.push_back(TestKey(number));
    return keys;
  }();
};

TEST(VerifyPublishedCheckpoint, HoldsUnderItsPolicy) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(kPublishedPolicy));
  const VerifiedCheckpoint verified = ValueOrDie(VerifyCheckpointNote(policy, kPublishedNote));
  EXPECT_EQ(verified.checkpoint.Format(), kPublishedText);
  EXPECT_EQ(verified.log_key, policy.log_key());
  EXPECT_TRUE(verified.quorum_met);
  EXPECT_EQ(verified.quorum_time_seconds, kPublishedTimeSeconds);
  // Four of the five; the policy's fifth did not cosign.
  ASSERT_EQ(verified.cosignatures.size(), 4u);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(verified.cosignatures[i].witness, i);
}

TEST(VerifyPublishedCheckpoint, FallsWithEveryAlteredByte) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(kPublishedPolicy));
  // The first line is of a key that nobody knows: its name and signature are nobody's business.
  const size_t ignored_begin =
      kPublishedText.size() + 1 + absl::string_view("\xE2\x80\x94 ").size();
  const size_t ignored_end = kPublishedNote.find('\n', ignored_begin);
  for (size_t i = 0; i < kPublishedNote.size(); ++i) {
    if (i >= ignored_begin && i < ignored_end) continue;
    std::string altered(kPublishedNote);
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(VerifyCheckpointNote(policy, altered).ok()) << "byte " << i;
  }
}

TEST_F(VerifyCheckpointTest, WithoutQuorumTheLogAloneCounts) {
  const std::string note = ValueOrDie(SignCheckpoint(At(10), log_));
  const VerifiedCheckpoint verified = ValueOrDie(VerifyCheckpointNote(Policy("none"), note));
  EXPECT_EQ(verified.checkpoint, At(10));
  EXPECT_TRUE(verified.quorum_met);
  EXPECT_EQ(verified.quorum_time_seconds, std::nullopt);
  EXPECT_EQ(verified.retired.has_value(), false);
}

TEST_F(VerifyCheckpointTest, AsksForTheQuorum) {
  std::string note = ValueOrDie(SignCheckpoint(At(10), log_));
  EXPECT_THAT(VerifyCheckpointNote(Policy(), note), IsRefused(RefusalCode::kQuorumNotMet));
  note = Cosign(note, 0, 500);
  EXPECT_THAT(VerifyCheckpointNote(Policy(), note), IsRefused(RefusalCode::kQuorumNotMet));
  // Again the same witness: three cosignatures, but one witness, whose newest counts.
  note = Cosign(Cosign(note, 0, 700), 0, 400);
  EXPECT_THAT(VerifyCheckpointNote(Policy(), note), IsRefused(RefusalCode::kQuorumNotMet));
  note = Cosign(note, 2, 600);
  const VerifiedCheckpoint verified = ValueOrDie(VerifyCheckpointNote(Policy(), note));
  EXPECT_EQ(verified.quorum_time_seconds, 600u);
  ASSERT_EQ(verified.cosignatures.size(), 2u);
  EXPECT_EQ(verified.cosignatures[0].witness, 0u);
  EXPECT_EQ(verified.cosignatures[0].time_seconds, 700u);
  EXPECT_EQ(verified.cosignatures[1].witness, 2u);
}

TEST_F(VerifyCheckpointTest, AProvisionalCheckpointSaysWhatItLacks) {
  std::string note = Cosign(ValueOrDie(SignCheckpoint(At(10), log_)), 1, 500);
  const VerifiedCheckpoint verified = ValueOrDie(VerifyProvisionalCheckpointNote(Policy(), note));
  EXPECT_FALSE(verified.quorum_met);
  EXPECT_EQ(verified.quorum_time_seconds, std::nullopt);
  EXPECT_EQ(verified.cosignatures.size(), 1u);
}

TEST_F(VerifyCheckpointTest, RefusesStrangersAndOtherLogs) {
  EXPECT_THAT(VerifyCheckpointNote(Policy("none"), ValueOrDie(SignCheckpoint(At(10), stranger_))),
              IsRefused(RefusalCode::kNoKnownSignature));
  EXPECT_THAT(VerifyCheckpointNote(Policy("none"),
                                   ValueOrDie(SignCheckpoint(At(10, "other.example"), log_))),
              IsRefused(RefusalCode::kWrongOrigin));
  // Another log's text, even where our log signed it under its own name.
  EXPECT_THAT(
      VerifyCheckpointNote(Policy("none"),
                           ValueOrDie(SignNote(At(10, "other.example").Format(), kOrigin, log_))),
      IsRefused(RefusalCode::kWrongOrigin));
  // Witnesses do not replace the log.
  const std::string unsigned_note = ValueOrDie(FormatNote(
      At(10).Format(),
      {ValueOrDie(CosignCheckpointText(At(10).Format(), WitnessName(0), witnesses_[0], 500))}));
  EXPECT_THAT(VerifyCheckpointNote(Policy(), Cosign(unsigned_note, 1, 500)),
              IsRefused(RefusalCode::kNoKnownSignature));
  EXPECT_THAT(VerifyCheckpointNote(Policy("none"), ValueOrDie(SignNote("text\n", kOrigin, log_))),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(VerifyCheckpointNote(Policy("none"), "no note"), IsRefused(RefusalCode::kMalformed));
}

TEST_F(VerifyCheckpointTest, ABadCosignatureOfAKnownWitnessSpoilsTheNote) {
  std::string note = Cosign(Cosign(ValueOrDie(SignCheckpoint(At(10), log_)), 0, 500), 1, 500);
  ASSERT_THAT(VerifyCheckpointNote(Policy(), note), IsOk());
  NoteSignature forged =
      ValueOrDie(CosignCheckpointText(At(9).Format(), WitnessName(2), witnesses_[2], 500));
  note = ValueOrDie(AppendNoteSignature(note, forged));
  EXPECT_THAT(VerifyCheckpointNote(Policy(), note), IsRefused(RefusalCode::kBadSignature));
  // The same line of a witness that the policy does not name is ignored.
  forged.key_name = "nobody.example";
  note = Cosign(Cosign(ValueOrDie(SignCheckpoint(At(10), log_)), 0, 500), 1, 500);
  EXPECT_THAT(VerifyCheckpointNote(Policy(), ValueOrDie(AppendNoteSignature(note, forged))),
              IsOk());
}

TEST_F(VerifyCheckpointTest, ARetiredKeyCountsUpToItsSize) {
  const TrustPolicy policy = Policy("none");
  const VerifiedCheckpoint at6 =
      ValueOrDie(VerifyCheckpointNote(policy, ValueOrDie(SignCheckpoint(At(6), retired_))));
  ASSERT_TRUE(at6.retired.has_value());
  EXPECT_EQ(at6.log_key, LogKey(kOrigin, retired_));
  EXPECT_THAT(CheckRetiredConsistency(at6, {}), IsOk());

  EXPECT_THAT(VerifyCheckpointNote(policy, ValueOrDie(SignCheckpoint(At(7), retired_))),
              IsRefused(RefusalCode::kRetiredKey));
  // At its size with another root: the thief's history.
  const Checkpoint forged = ValueOrDie(Checkpoint::Create(kOrigin, 6, At(7).root()));
  EXPECT_THAT(VerifyCheckpointNote(policy, ValueOrDie(SignCheckpoint(forged, retired_))),
              IsRefused(RefusalCode::kRetiredKey));
}

TEST_F(VerifyCheckpointTest, BeforeItsSizeARetiredKeyNeedsAProof) {
  const TrustPolicy policy = Policy("none");
  const std::vector<Digest> proof = ReferenceConsistencyProof(4, LeafHashes(leaves_).first(6));
  const VerifiedCheckpoint at4 =
      ValueOrDie(VerifyCheckpointNote(policy, ValueOrDie(SignCheckpoint(At(4), retired_))));
  EXPECT_THAT(CheckRetiredConsistency(at4, {}), IsRefused(RefusalCode::kRetiredKeyUnproven));
  EXPECT_THAT(CheckRetiredConsistency(at4, proof), IsOk());

  const Checkpoint forged = ValueOrDie(Checkpoint::Create(kOrigin, 4, At(7).root()));
  const VerifiedCheckpoint forged_at4 =
      ValueOrDie(VerifyCheckpointNote(policy, ValueOrDie(SignCheckpoint(forged, retired_))));
  EXPECT_THAT(CheckRetiredConsistency(forged_at4, proof),
              IsRefused(RefusalCode::kBadConsistencyProof));
}

TEST_F(VerifyCheckpointTest, WhereThePresentKeySignedTooNoProofIsNeeded) {
  const TrustPolicy policy = Policy("none");
  for (const size_t size : {4, 10}) {
    const std::string note =
        ValueOrDie(AppendNoteSignature(ValueOrDie(SignCheckpoint(At(size), retired_)),
                                       ValueOrDie(SignNoteText(At(size).Format(), kOrigin, log_))));
    const VerifiedCheckpoint verified = ValueOrDie(VerifyCheckpointNote(policy, note));
    EXPECT_FALSE(verified.retired.has_value());
    EXPECT_EQ(verified.log_key, LogKey(kOrigin, log_));
    EXPECT_THAT(CheckRetiredConsistency(verified, {}), IsOk());
  }
}

TEST_F(VerifyCheckpointTest, OfTwoRetiredKeysOneMustReachFarEnough) {
  const SecretKey older = TestKey(4);
  const TrustPolicy policy = ValueOrDie(
      TrustPolicy::Parse(absl::StrCat("retired ", LogKey(kOrigin, older).Format(), " 3 ",
                                      DigestToBase64(At(3).root()), "\n", PolicyText("none"))));
  const auto sign_with_both = [&](const Checkpoint& checkpoint) {
    return ValueOrDie(
        AppendNoteSignature(ValueOrDie(SignCheckpoint(checkpoint, older)),
                            ValueOrDie(SignNoteText(checkpoint.Format(), kOrigin, retired_))));
  };
  EXPECT_EQ(ValueOrDie(VerifyCheckpointNote(policy, sign_with_both(At(2)))).retired->size, 3u);
  EXPECT_EQ(ValueOrDie(VerifyCheckpointNote(policy, sign_with_both(At(5)))).retired->size, 6u);
  EXPECT_THAT(VerifyCheckpointNote(policy, sign_with_both(At(7))),
              IsRefused(RefusalCode::kRetiredKey));
  // What contradicts one of them is refused, whatever the other would allow.
  const Checkpoint forged = ValueOrDie(Checkpoint::Create(kOrigin, 3, At(7).root()));
  EXPECT_THAT(VerifyCheckpointNote(policy, sign_with_both(forged)),
              IsRefused(RefusalCode::kRetiredKey));
}

}  // namespace
}  // namespace touchstone
