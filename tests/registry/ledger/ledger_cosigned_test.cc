// The two views: the last cosigned checkpoint stays provable beside the newest, over appends,
// starts and crashes, and only what a quorum has cosigned is ever called so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/schema.h"
#include "registry/storage/scratch_file.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/registry/storage/faulty_store.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signing/note_signer.h"
#include "verifier/verify_checkpoint.h"
#include "verifier/verify_passport.h"

namespace touchstone::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr uint64_t kCosignedAt = 1'795'300'000;

std::string WitnessVkey(absl::string_view name) {
  return ValueOrDie(VerifierKey::Create(name, NoteSignatureType::kCosignatureV1,
                                        NamedKey(name).public_key()))
      .Format();
}

class LedgerCosignedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_.Start();
    Reopen();
  }

  TrustPolicy WitnessPolicy(absl::string_view quorum = "2") {
    std::string genesis = DigestToHex(*registry_.Policy().genesis());
    return ValueOrDie(TrustPolicy::Parse(
        absl::StrCat("log ", registry_.signer().log_key().Format(), "\ngenesis ", genesis,
                     "\nwitness w1 ", WitnessVkey("w1"), "\nwitness w2 ", WitnessVkey("w2"),
                     "\ngroup all ", quorum, " w1 w2\nquorum all\n")));
  }

  void Reopen() {
    registry_.Close();
    registry_.options().witness_policy = WitnessPolicy();
    ASSERT_THAT(registry_.Open(), IsOk());
  }

  // The view's note with those witnesses' cosignatures.
  static std::string Cosigned(const View& view, const std::vector<std::string>& witnesses) {
    std::string note = view.checkpoint_note();
    const std::string text = ValueOrDie(SignedNote::Parse(note)).text();
    for (const std::string& name : witnesses) {
      note = ValueOrDie(AppendNoteSignature(
          note, ValueOrDie(CosignCheckpointText(text, name, NamedKey(name), kCosignedAt))));
    }
    return note;
  }
  void CosignNewest() {
    const std::shared_ptr<const View> view = registry_.Newest();
    const auto cosigned = registry_.ledger().Cosign(*view, Cosigned(*view, {"w1", "w2"}));
    ASSERT_THAT(cosigned, IsOk());
    EXPECT_TRUE(*cosigned);
  }

  PassportId Id(int passport) {
    return ValueOrDie(PassportId::FromBytes(TestPassportId(passport)));
  }
  // That passport as the view has it, which the quorum vouches for.
  VerifiedRecord CheckedPassport(const View& view, int passport) {
    return ValueOrDie(CheckPassport(WitnessPolicy(), ValueOrDie(view.PassportFile(Id(passport))),
                                    Observed{}, kCosignedAt * 1000));
  }

  TestRegistry registry_;
};

TEST_F(LedgerCosignedTest, TheCosignedViewStaysBesideTheNewest) {
  EXPECT_EQ(registry_.ledger().Cosigned(), nullptr);
  EXPECT_TRUE(registry_.ledger().asks_witnesses());
  registry_.Accepted(registry_.Registration(1));
  CosignNewest();
  const uint64_t size = registry_.Newest()->size();
  // While it is the newest, the newest bears the cosignatures too.
  EXPECT_EQ(registry_.Newest()->checkpoint_note(),
            registry_.ledger().Cosigned()->checkpoint_note());

  for (int i = 2; i < 40; ++i) {
    registry_.Accepted(registry_.Registration(i));
    registry_.Accepted(registry_.Care(1));
  }
  const std::shared_ptr<const View> cosigned = registry_.ledger().Cosigned();
  EXPECT_EQ(cosigned->size(), size);
  EXPECT_GT(registry_.Newest()->size(), size);
  EXPECT_THAT(CheckedPassport(*cosigned, 1).timeline, SizeIs(1));
  EXPECT_THAT(cosigned->PassportFile(Id(2)), IsRefused(RefusalCode::kNoSuchSubject));
  // The newest is provisional: no quorum vouches for it.
  EXPECT_THAT(CheckPassport(WitnessPolicy(), ValueOrDie(registry_.Newest()->PassportFile(Id(1))),
                            Observed{}, kCosignedAt * 1000),
              IsRefused(RefusalCode::kQuorumNotMet));
  ExpectWholeLogHolds(registry_, 39);
}

TEST_F(LedgerCosignedTest, AReceiptSaysWhetherItIsProvisional) {
  const Envelope first = registry_.Registration(1);
  EXPECT_TRUE(ValueOrDie(registry_.SubmitForReceipt(first.bytes())).provisional);
  EXPECT_TRUE(ValueOrDie(registry_.SubmitForReceipt(first.bytes())).provisional);
  CosignNewest();
  const Envelope second = registry_.Registration(2);
  EXPECT_TRUE(ValueOrDie(registry_.SubmitForReceipt(second.bytes())).provisional);
  // Asked again, it is under the last checkpoint that was cosigned and has it.
  const Receipt again = ValueOrDie(registry_.SubmitForReceipt(first.bytes()));
  EXPECT_FALSE(again.provisional);
  const VerifiedReceipt verified = ValueOrDie(VerifyReceipt(WitnessPolicy(), again.bytes, first));
  EXPECT_TRUE(verified.quorum_met);
  EXPECT_EQ(verified.log_size, registry_.ledger().Cosigned()->size());
  EXPECT_TRUE(ValueOrDie(registry_.SubmitForReceipt(second.bytes())).provisional);

  registry_.options().witness_policy.reset();
  ASSERT_THAT(registry_.Open(), IsOk());
  EXPECT_FALSE(ValueOrDie(registry_.SubmitForReceipt(second.bytes())).provisional);
}

TEST_F(LedgerCosignedTest, OnlyAQuorumOfTheRightWitnessesCounts) {
  registry_.Accepted(registry_.Registration(1));
  const std::shared_ptr<const View> view = registry_.Newest();
  Ledger& ledger = registry_.ledger();
  const auto one = ledger.Cosign(*view, Cosigned(*view, {"w1"}));
  ASSERT_THAT(one, IsOk());
  EXPECT_FALSE(*one);
  EXPECT_EQ(ledger.Cosigned(), nullptr);
  EXPECT_THAT(registry_.Newest()->checkpoint_note(), HasSubstr("w1 "));
  // A stranger's line makes no quorum.
  EXPECT_FALSE(ValueOrDie(ledger.Cosign(*view, Cosigned(*view, {"w1", "stranger"}))));
  // A witness's line with another's signature under it.
  const std::string text = ValueOrDie(SignedNote::Parse(view->checkpoint_note())).text();
  NoteSignature forged =
      ValueOrDie(CosignCheckpointText(text, "w2", NamedKey("thief"), kCosignedAt));
  forged.key_id = ValueOrDie(VerifierKey::Parse(WitnessVkey("w2"))).key_id();
  EXPECT_THAT(
      ledger.Cosign(*view, ValueOrDie(AppendNoteSignature(Cosigned(*view, {"w1"}), forged))),
      IsRefused(RefusalCode::kBadSignature));
  // The cosigned note of another checkpoint.
  registry_.Accepted(registry_.Registration(2));
  EXPECT_EQ(ledger.Cosign(*registry_.Newest(), Cosigned(*view, {"w1", "w2"})).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ledger.Cosigned(), nullptr);
  // Late, but for a checkpoint that was published.
  EXPECT_TRUE(ValueOrDie(ledger.Cosign(*view, Cosigned(*view, {"w1", "w2"}))));
  EXPECT_EQ(ledger.Cosigned()->size(), view->size());
}

TEST_F(LedgerCosignedTest, AnOlderOneNeverReplacesANewerOne) {
  const std::shared_ptr<const View> older = registry_.Newest();
  registry_.Accepted(registry_.Registration(1));
  CosignNewest();
  const uint64_t size = registry_.Newest()->size();
  EXPECT_TRUE(ValueOrDie(registry_.ledger().Cosign(*older, Cosigned(*older, {"w1", "w2"}))));
  EXPECT_EQ(registry_.ledger().Cosigned()->size(), size);
}

TEST_F(LedgerCosignedTest, AfterAStartTheCosignedViewIsServedAgain) {
  registry_.Accepted(registry_.Registration(1));
  CosignNewest();
  const std::string note = registry_.ledger().Cosigned()->checkpoint_note();
  const std::string file = ValueOrDie(registry_.ledger().Cosigned()->PassportFile(Id(1)));
  for (const int more : {0, 1, 300}) {  // 300: across tiles
    for (int i = 0; i < more; ++i) registry_.Accepted(registry_.Registration(1000 * more + i));
    if (more > 0) registry_.Accepted(registry_.Care(1));
    for (const bool recheck : {false, true}) {
      registry_.options().recheck = recheck;
      Reopen();
      const std::shared_ptr<const View> cosigned = registry_.ledger().Cosigned();
      ASSERT_NE(cosigned, nullptr);
      EXPECT_EQ(cosigned->checkpoint_note(), note);
      EXPECT_EQ(ValueOrDie(cosigned->PassportFile(Id(1))), file);
      EXPECT_EQ(registry_.Newest()->size() == cosigned->size(), more == 0);
      ExpectWholeLogHolds(registry_);
    }
  }
  // And a newer one replaces it as ever.
  CosignNewest();
  EXPECT_EQ(registry_.ledger().Cosigned()->size(), registry_.Newest()->size());
  EXPECT_THAT(CheckedPassport(*registry_.ledger().Cosigned(), 1).timeline, SizeIs(3));
}

TEST_F(LedgerCosignedTest, EveryPlaceWhereATreeCanEndIsRestored) {
  // Sizes around the ends of tiles, each the cosigned one in turn.
  int passport = 0;
  while (registry_.Newest()->size() < 250) registry_.Accepted(registry_.Registration(passport++));
  while (registry_.Newest()->size() < 260) {
    registry_.Accepted(registry_.Registration(passport++));
    CosignNewest();
    const std::string file = ValueOrDie(registry_.ledger().Cosigned()->PassportFile(Id(0)));
    registry_.Accepted(registry_.Registration(passport++));
    Reopen();
    EXPECT_EQ(ValueOrDie(registry_.ledger().Cosigned()->PassportFile(Id(0))), file);
  }
}

TEST_F(LedgerCosignedTest, AnIndexThatHasNoRoomInMemoryIsRestoredToo) {
  storage::ScratchDirectory directory;
  const auto pages = ValueOrDie(storage::ScratchFile::Create(directory.File("pages")));
  registry_.options().index_memory_bytes = 1;
  registry_.options().index_pages = pages.get();
  Reopen();
  for (int i = 0; i < 60; ++i) registry_.Accepted(registry_.Registration(i));
  CosignNewest();
  const std::string file = ValueOrDie(registry_.ledger().Cosigned()->PassportFile(Id(7)));
  for (int i = 60; i < 120; ++i) registry_.Accepted(registry_.Registration(i));
  EXPECT_EQ(ValueOrDie(registry_.ledger().Cosigned()->PassportFile(Id(7))), file);
  Reopen();
  EXPECT_EQ(ValueOrDie(registry_.ledger().Cosigned()->PassportFile(Id(7))), file);
  registry_.Close();
}

TEST_F(LedgerCosignedTest, WhatTheNewPolicyDoesNotVouchForIsNotCosigned) {
  registry_.Accepted(registry_.Registration(1));
  CosignNewest();
  registry_.Close();
  registry_.options().witness_policy = ValueOrDie(
      TrustPolicy::Parse(absl::StrCat("log ", registry_.signer().log_key().Format(),
                                      "\nwitness w3 ", WitnessVkey("w3"), "\nquorum w3\n")));
  ASSERT_THAT(registry_.Open(), IsOk());
  EXPECT_EQ(registry_.ledger().Cosigned(), nullptr);
  registry_.Close();
  // Without a policy nobody looks at it; with the old one it is there again.
  registry_.options().witness_policy.reset();
  for (const bool recheck : {false, true}) {
    registry_.options().recheck = recheck;
    ASSERT_THAT(registry_.Open(), IsOk());
    EXPECT_EQ(registry_.ledger().Cosigned(), nullptr);
  }
  Reopen();
  EXPECT_NE(registry_.ledger().Cosigned(), nullptr);
}

TEST_F(LedgerCosignedTest, ADamagedCosignedCheckpointIsRefused) {
  registry_.Accepted(registry_.Registration(1));
  CosignNewest();
  const std::string good = registry_.Newest()->checkpoint_note();
  const Checkpoint newest = registry_.Newest()->checkpoint();
  const auto with_text = [&](const absl::StatusOr<Checkpoint>& checkpoint) {
    std::string note = ValueOrDie(SignCheckpoint(ValueOrDie(checkpoint), NamedKey("log")));
    const std::string text = ValueOrDie(SignedNote::Parse(note)).text();
    for (const char* name : {"w1", "w2"}) {
      note = ValueOrDie(AppendNoteSignature(
          note, ValueOrDie(CosignCheckpointText(text, name, NamedKey(name), kCosignedAt))));
    }
    return note;
  };
  const uint64_t size = newest.size();
  registry_.Close();
  const std::vector<std::string> bad = {
      "nonsense",
      with_text(Checkpoint::Create(kOrigin, size, Digest{1})),
      with_text(Checkpoint::Create(kOrigin, size + 1, newest.root())),
      with_text(Checkpoint::Create(kOrigin, size - 1, newest.root())),
  };
  for (const std::string& note : bad) {
    storage::WriteBatch batch;
    batch.Put(schema::CosignedKey(), note);
    ASSERT_THAT(registry_.store().Commit(batch), IsOk());
    for (const bool recheck : {false, true}) {
      registry_.options().recheck = recheck;
      EXPECT_EQ(registry_.Open().code(), absl::StatusCode::kDataLoss) << note;
    }
  }
  registry_.options().recheck = false;
  storage::WriteBatch batch;
  batch.Put(schema::CosignedKey(), good);
  ASSERT_THAT(registry_.store().Commit(batch), IsOk());
  Reopen();
}

class CosignedFaultTest : public ::testing::TestWithParam<storage::Fault> {};

// The process ends between cosigning and storing, or just after storing.
TEST_P(CosignedFaultTest, WhatWasShownIsThereAfterwards) {
  storage::MemoryStore store;
  storage::FaultyStore faulty(&store);
  TestRegistry registry(&store);
  registry.Start();
  const TrustPolicy policy = ValueOrDie(
      TrustPolicy::Parse(absl::StrCat("log ", registry.signer().log_key().Format(), "\nwitness w1 ",
                                      WitnessVkey("w1"), "\nquorum w1\n")));
  registry.options().witness_policy = policy;
  ASSERT_THAT(registry.Open(&faulty), IsOk());
  const auto cosign = [&] {
    const std::shared_ptr<const View> view = registry.Newest();
    const std::string text = ValueOrDie(SignedNote::Parse(view->checkpoint_note())).text();
    return registry.ledger().Cosign(
        *view, ValueOrDie(AppendNoteSignature(
                   view->checkpoint_note(),
                   ValueOrDie(CosignCheckpointText(text, "w1", NamedKey("w1"), kCosignedAt)))));
  };
  ASSERT_THAT(cosign(), IsOk());
  const uint64_t first = registry.ledger().Cosigned()->size();
  registry.Accepted(registry.Registration(1));
  const uint64_t second = registry.Newest()->size();
  faulty.FailCommit(1, GetParam());
  EXPECT_FALSE(cosign().ok());
  EXPECT_EQ(registry.fatal().size(), 1u);
  EXPECT_EQ(registry.ledger().Cosigned()->size(), first) << "shown only when it is durable";
  EXPECT_EQ(registry.Submit(registry.Registration(2)).status().code(),
            absl::StatusCode::kUnavailable);

  ASSERT_THAT(registry.Open(), IsOk());
  const bool persisted = GetParam() == storage::Fault::kFailedButPersisted;
  EXPECT_EQ(registry.ledger().Cosigned()->size(), persisted ? second : first);
  ExpectWholeLogHolds(registry, 1);
  ASSERT_THAT(cosign(), IsOk());
  EXPECT_EQ(registry.ledger().Cosigned()->size(), second);
}

INSTANTIATE_TEST_SUITE_P(Faults, CosignedFaultTest,
                         ::testing::Values(storage::Fault::kFailed,
                                           storage::Fault::kFailedButPersisted));

TEST_F(LedgerCosignedTest, AHaltedLedgerTakesNothingMore) {
  registry_.Accepted(registry_.Registration(1));
  registry_.ledger().Halt(absl::FailedPreconditionError("a witness has seen more"));
  EXPECT_EQ(registry_.Submit(registry_.Registration(2)).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_THAT(registry_.fatal(), SizeIs(1));
}

}  // namespace
}  // namespace touchstone::ledger
