#include "verifier/tlog_proof.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/verifier/reference_tree.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/test_keys.h"
#include "verifier/limits.h"
#include "verifier/signing/note_signer.h"

namespace touchstone {
namespace {

constexpr absl::string_view kOrigin = "log.example";
constexpr absl::string_view kData = "leaf 5";  // of NumberedLeaves

class TlogProofTest : public testing::Test {
 protected:
  TlogProof Proof() const {
    TlogProof proof;
    proof.index = 5;
    proof.path = ReferencePath(5, leaves_);
    proof.checkpoint_note = ValueOrDie(SignCheckpoint(
        ValueOrDie(Checkpoint::Create(kOrigin, leaves_.size(), ReferenceRoot(leaves_))), log_));
    return proof;
  }

  absl::Status Verify(absl::string_view text) const {
    const absl::StatusOr<TlogProof> proof = ParseTlogProof(text);
    if (!proof.ok()) return proof.status();
    return VerifyTlogProof(policy_, *proof, kData).status();
  }

  const std::vector<Digest> leaves_ = NumberedLeaves(11);
  const SecretKey log_ = TestKey(1);
  const TrustPolicy policy_ = ValueOrDie(
      TrustPolicy::Parse(absl::StrCat("log ", LogKey(kOrigin, log_).Format(), "\nquorum none\n")));
};

TEST_F(TlogProofTest, IsWrittenAsTheSpecificationSays) {
  TlogProof proof = Proof();
  std::string hashes;
  for (const Digest& hash : proof.path) absl::StrAppend(&hashes, DigestToBase64(hash), "\n");
  EXPECT_EQ(ValueOrDie(FormatTlogProof(proof)),
            absl::StrCat("c2sp.org/tlog-proof@v1\nindex 5\n", hashes, "\n", proof.checkpoint_note));
  proof.extra = "foobar";
  EXPECT_EQ(ValueOrDie(FormatTlogProof(proof)),
            absl::StrCat("c2sp.org/tlog-proof@v1\nextra Zm9vYmFy\nindex 5\n", hashes, "\n",
                         proof.checkpoint_note));
}

TEST_F(TlogProofTest, ReadsBackWhatItWrote) {
  TlogProof proof = Proof();
  proof.extra = std::string("\0\xFF", 2);
  const TlogProof read = ValueOrDie(ParseTlogProof(ValueOrDie(FormatTlogProof(proof))));
  EXPECT_EQ(read.extra, proof.extra);
  EXPECT_EQ(read.index, proof.index);
  EXPECT_EQ(read.path, proof.path);
  EXPECT_EQ(read.checkpoint_note, proof.checkpoint_note);
}

TEST_F(TlogProofTest, VerifiesAndFallsWithEveryAlteredByte) {
  const std::string text = ValueOrDie(FormatTlogProof(Proof()));
  ASSERT_THAT(Verify(text), IsOk());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(Verify(altered).ok()) << "byte " << i;
  }
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(Verify(text.substr(0, length)).ok()) << length << " bytes";
  }
}

TEST_F(TlogProofTest, ExtraDataIsCoveredByNothing) {
  TlogProof proof = Proof();
  proof.extra = "anything";
  EXPECT_THAT(VerifyTlogProof(policy_, proof, kData), IsOk());
}

TEST_F(TlogProofTest, ShowsOnlyItsOwnData) {
  EXPECT_THAT(VerifyTlogProof(policy_, Proof(), "leaf 6"),
              IsRefused(RefusalCode::kBadInclusionProof));
  TlogProof proof = Proof();
  proof.index = 11;
  EXPECT_THAT(VerifyTlogProof(policy_, proof, kData), IsRefused(RefusalCode::kBadInclusionProof));
}

TEST_F(TlogProofTest, ASingleLeafHasNoHashes) {
  const std::vector<Digest> leaves = {LeafHash(kData)};
  TlogProof proof;
  proof.checkpoint_note = ValueOrDie(
      SignCheckpoint(ValueOrDie(Checkpoint::Create(kOrigin, 1, ReferenceRoot(leaves))), log_));
  const std::string text = ValueOrDie(FormatTlogProof(proof));
  EXPECT_TRUE(absl::StartsWith(text, "c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example\n1\n"));
  EXPECT_THAT(Verify(text), IsOk());
}

TEST_F(TlogProofTest, RefusesOtherSpellings) {
  const std::string text = ValueOrDie(FormatTlogProof(Proof()));
  for (const auto& [from, to] : std::vector<std::pair<absl::string_view, absl::string_view>>{
           {"proof@v1", "proof@v2"},
           {"index 5", "index 05"},
           {"index 5", "index  5"},
           {"index 5", "Index 5"},
           {"index 5", "index -5"},
           {"index 5", "index 9223372036854775808"},
           {"index 5\n", ""},
           {"index 5\n", "index 5\nindex 5\n"},
           {"index 5\n", "index 5\nextra Zm9v\n"},  // after the index
           {"index 5\n", "extra \nindex 5\n"},
           {"index 5\n", "extra Zm9\nindex 5\n"},
           {"index 5\n", "extra Zm9v\nextra Zm9v\nindex 5\n"},
           {"\n\nlog.example", "\n\n\nlog.example"},
           {"\n\nlog.example", "\nlog.example"},
           {"\n", "\r\n"},
       }) {
    const std::string altered = absl::StrReplaceAll(text, {{from, to}});
    ASSERT_NE(altered, text);
    EXPECT_FALSE(Verify(altered).ok()) << from << " to " << to;
  }
}

TEST_F(TlogProofTest, HoldsItsLimits) {
  TlogProof proof = Proof();
  proof.path.assign(limits::kInclusionPathHashesMax, kZeroDigest);
  proof.extra = std::string(limits::kTlogProofExtraBytesMax, 'x');
  EXPECT_THAT(FormatTlogProof(proof), IsOk());
  proof.path.push_back(kZeroDigest);
  EXPECT_THAT(FormatTlogProof(proof), IsRefused(RefusalCode::kTooLarge));
  proof.path.pop_back();
  proof.extra->append("xxx");
  EXPECT_THAT(FormatTlogProof(proof), IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(ParseTlogProof(std::string(limits::kTlogProofBytesMax + 1, 'x')),
              IsRefused(RefusalCode::kTooLarge));
  proof = Proof();
  proof.extra = "";
  EXPECT_THAT(FormatTlogProof(proof), IsRefused(RefusalCode::kMalformed));
  proof = Proof();
  proof.checkpoint_note = "no note";
  EXPECT_THAT(FormatTlogProof(proof), IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
