#include "verifier/verify_receipt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"

namespace touchstone {
namespace {

Envelope SentAt(const TestLog& log, uint64_t position) {
  const Entry entry = ValueOrDie(DecodeEntry(log.Frame(position)));
  return ValueOrDie(Envelope::Parse(PayloadType::kStatement, entry.payload));
}

absl::StatusOr<VerifiedReceipt> Verify(const TestLog& log, const v1::Receipt& receipt,
                                       const Envelope& sent) {
  return VerifyReceipt(PolicyOf(log.PolicyText()), receipt.SerializeAsString(), sent);
}

TEST(VerifyReceipt, HoldsForEveryStatement) {
  const TestLog log = WholeLife();
  for (uint64_t position = 0; position < log.size(); ++position) {
    const Entry entry = ValueOrDie(DecodeEntry(log.Frame(position)));
    if (entry.type == EntryType::kIndexRoot) continue;
    const auto receipt = Verify(log, log.Receipt(position), SentAt(log, position));
    ASSERT_THAT(receipt, IsOk()) << position;
    EXPECT_EQ(receipt->place.position, position);
    EXPECT_EQ(receipt->number, entry.number);
    EXPECT_EQ(receipt->place.digest, EntryDigest(log.Frame(position)));
    EXPECT_EQ(receipt->log_size, log.size());
    EXPECT_TRUE(receipt->quorum_met);
  }
}

TEST(VerifyReceipt, IsProvisionalUntilWitnessesHaveCosigned) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText({"alpha"}));
  v1::Receipt receipt = log.Receipt(8);
  auto verified = VerifyReceipt(policy, receipt.SerializeAsString(), SentAt(log, 8));
  ASSERT_THAT(verified, IsOk());
  EXPECT_FALSE(verified->quorum_met);
  receipt.set_checkpoint(log.Checkpoint(0, {"alpha"}));
  verified = VerifyReceipt(policy, receipt.SerializeAsString(), SentAt(log, 8));
  ASSERT_THAT(verified, IsOk());
  EXPECT_TRUE(verified->quorum_met);
}

TEST(VerifyReceipt, IsForWhatWasSent) {
  const TestLog log = WholeLife();
  EXPECT_THAT(Verify(log, log.Receipt(8), SentAt(log, 9)), IsRefused(RefusalCode::kWrongReceipt));
  // Signatures may be made anew, over the same statement: that is the same submission.
  const Envelope sent = SentAt(log, 8);
  const Envelope anew = ValueOrDie(
      Envelope::Create(PayloadType::kStatement, sent.payload(),
                       {{NamedKeyId("gia 2"), NamedKey("gia 2").Sign(sent.pae()), std::nullopt}}));
  EXPECT_THAT(Verify(log, log.Receipt(8), anew), IsOk());
}

TEST(VerifyReceipt, RefusesAnIndexRoot) {
  const TestLog log = WholeLife();
  v1::Receipt receipt = log.Receipt(8);
  *receipt.mutable_entry() = log.Proven(7);
  EXPECT_THAT(Verify(log, receipt, SentAt(log, 8)), IsRefused(RefusalCode::kWrongReceipt));
}

TEST(VerifyReceipt, RefusesAnEntryThatIsNotInTheIndex) {
  TestLog log = WholeLife();
  log.Care(1, "atelier");
  log.DropLastInsertion();
  log.Commit();
  v1::Receipt receipt = log.Receipt(15);
  receipt.set_present(log.IndexProofOf(IndexKind::kPassportEntry, TestPassportId(1), 6));
  EXPECT_THAT(Verify(log, receipt, SentAt(log, 15)), IsRefused(RefusalCode::kBadIndexProof));
}

TEST(VerifyReceipt, RefusesAnotherLog) {
  const TestLog log = WholeLife();
  TestLog::Options options;
  options.origin = "test.example/log";
  const TestLog other(options);
  EXPECT_THAT(VerifyReceipt(PolicyOf(other.PolicyText()), log.Receipt(8).SerializeAsString(),
                            SentAt(log, 8)),
              IsRefused(RefusalCode::kWrongOrigin));
}

TEST(VerifyReceipt, RefusesEveryFlippedByteAndEveryTruncation) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const std::string receipt = log.Receipt(13).SerializeAsString();
  const Envelope sent = SentAt(log, 13);
  for (size_t i = 0; i < receipt.size(); ++i) {
    std::string flipped = receipt;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    ASSERT_FALSE(VerifyReceipt(policy, flipped, sent).ok()) << i;
    ASSERT_FALSE(VerifyReceipt(policy, absl::string_view(receipt).substr(0, i), sent).ok()) << i;
  }
  EXPECT_THAT(VerifyReceipt(policy, std::string((384 << 10) + 1, 'x'), sent),
              IsRefused(RefusalCode::kTooLarge));
}

}  // namespace
}  // namespace touchstone
