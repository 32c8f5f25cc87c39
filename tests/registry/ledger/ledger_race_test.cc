// Many at once: racing writers of one passport, one claim, one envelope; what meets in one commit;
// readers meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/ledger.h"
#include "registry/limits.h"
#include "tests/registry/ledger/held_store.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/merkle.h"
#include "verifier/verify_passport.h"

namespace touchstone::ledger {
namespace {

PassportId Id(int passport) { return ValueOrDie(PassportId::FromBytes(TestPassportId(passport))); }

// Submits all of them at once, each on a thread of its own; the answers in that order.
std::vector<absl::StatusOr<VerifiedReceipt>> Race(TestRegistry& registry,
                                                  const std::vector<Envelope>& envelopes) {
  std::vector<absl::StatusOr<VerifiedReceipt>> answers(envelopes.size());
  std::atomic<bool> go = false;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < envelopes.size(); ++i) {
    threads.emplace_back([&, i] {
      while (!go) std::this_thread::yield();
      answers[i] = registry.SubmitAndCheck(envelopes[i]);
    });
  }
  go = true;
  for (std::thread& thread : threads) thread.join();
  return answers;
}

size_t CountAccepted(const std::vector<absl::StatusOr<VerifiedReceipt>>& answers) {
  size_t accepted = 0;
  for (const auto& answer : answers) accepted += answer.ok();
  return accepted;
}

// Answers that come in any order, gathered.
class Gathered {
 public:
  Answer Take(int tag) {
    return [this, tag](absl::StatusOr<Receipt> receipt) {
      const std::lock_guard lock(mutex_);
      answers_.emplace_back(
          tag, receipt.ok() ? absl::StatusOr<std::string>(receipt->bytes) : receipt.status());
      changed_.notify_all();
    };
  }
  void Await(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return answers_.size() >= count; });
  }
  absl::StatusOr<std::string> Of(int tag) {
    const std::lock_guard lock(mutex_);
    for (const auto& [answered, receipt] : answers_) {
      if (answered == tag) return receipt;
    }
    return absl::InternalError("not answered");
  }
  size_t size() {
    const std::lock_guard lock(mutex_);
    return answers_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<int, absl::StatusOr<std::string>>> answers_;
};

TEST(LedgerRace, APieceThatIsSoldTwiceIsSoldOnce) {
  TestRegistry registry;
  registry.Start();
  for (int round = 0; round < 20; ++round) {
    const Digest registered = registry.Accepted(registry.Registration(round)).place.digest;
    const Digest sold =
        registry.Accepted(registry.FirstSale(round, registered, "maison key", "claim"))
            .place.digest;
    const Digest owned =
        registry.Accepted(registry.Claim(round, sold, "claim", "owner")).place.digest;
    std::vector<Envelope> sales;
    for (int buyer = 0; buyer < 4; ++buyer) {
      sales.push_back(registry.Transfer(round, owned, "owner", absl::StrCat("buyer ", buyer)));
    }
    const auto answers = Race(registry, sales);
    EXPECT_EQ(CountAccepted(answers), 1u);
    for (const auto& answer : answers) {
      if (answer.ok()) continue;
      EXPECT_EQ(answer.status().code(), absl::StatusCode::kAborted);
      EXPECT_THAT(answer, IsRefused(RefusalCode::kStaleBuildsOn));
    }
  }
  ExpectWholeLogHolds(registry, 20);
}

TEST(LedgerRace, AnInscriptionIsClaimedOnceHoweverManyTry) {
  TestRegistry registry;
  registry.Start();
  for (int round = 0; round < 20; ++round) {
    std::vector<Envelope> registrations;
    for (int i = 0; i < 4; ++i) {
      const int passport = 1000 + 10 * round + i;
      v1::Piece piece = SamplePiece(passport);
      piece.mutable_inscriptions(0)->set_text(absl::StrCat("GIA 55555", round));
      registrations.push_back(registry.Registration(passport, "maison key", piece));
    }
    const auto answers = Race(registry, registrations);
    EXPECT_EQ(CountAccepted(answers), 1u);
    for (const auto& answer : answers) {
      if (answer.ok()) continue;
      EXPECT_THAT(answer, IsRefused(RefusalCode::kClaimTaken));
    }
  }
  ExpectWholeLogHolds(registry, 20);
}

TEST(LedgerRace, OneEnvelopeFromManySendersIsOneEntry) {
  TestRegistry registry;
  registry.Start();
  const uint64_t size = registry.Newest()->size();
  for (uint64_t round = 0; round < 20; ++round) {
    const Envelope registration = registry.Registration(static_cast<int>(round));
    const auto answers = Race(registry, std::vector<Envelope>(6, registration));
    std::set<uint64_t> positions;
    for (const auto& answer : answers) {
      ASSERT_THAT(answer, IsOk());
      positions.insert(answer->place.position);
    }
    EXPECT_EQ(positions.size(), 1u);
    EXPECT_EQ(registry.Newest()->size(), size + 2 * (round + 1));
  }
}

TEST(LedgerRace, ReadersSeeWholeStatesWhileWritersWrite) {
  TestRegistry registry;
  registry.Start();
  registry.Accepted(registry.Registration(0));
  const TrustPolicy policy = registry.Policy();
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int r = 0; r < 2; ++r) {
    readers.emplace_back([&] {
      uint64_t last_size = 1;
      Digest last_root = {};
      while (!done) {
        const std::shared_ptr<const View> view = registry.Newest();
        const auto file = view->PassportFile(Id(0));
        ASSERT_THAT(file, IsOk());
        ASSERT_THAT(CheckPassport(policy, *file, Observed{}, view->time_ms()), IsOk());
        ASSERT_GE(view->size(), last_size);
        if (last_size > 1) {
          ASSERT_THAT(
              VerifyConsistency(last_size, last_root, view->size(), view->checkpoint().root(),
                                ValueOrDie(view->ConsistencyPath(last_size, 0))),
              IsOk());
        }
        last_size = view->size();
        last_root = view->checkpoint().root();
      }
    });
  }
  std::vector<std::thread> writers;
  for (int w = 0; w < 3; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 25; ++i) {
        registry.Accepted(registry.Registration(1 + 100 * w + i));
        registry.Accepted(registry.Care(0));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  for (std::thread& reader : readers) reader.join();
  ExpectWholeLogHolds(registry, 76);
}

// ---- What meets in one commit. ----

class OneCommitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_.Start();
    size_ = registry_.Newest()->size();
    // Something to hold on to: the commit of this one waits, everything after it queues up.
    held_.Hold();
    Submit(0, registry_.Registration(9999));
    held_.AwaitHeldCommit();
  }

  void Submit(int tag, const Envelope& envelope) {
    registry_.ledger().Submit(envelope.bytes(), answers_.Take(tag));
    ++submitted_;
  }
  void Release() {
    held_.Release();
    answers_.Await(submitted_);
  }

  HeldStore held_;
  TestRegistry registry_{&held_};
  Gathered answers_;
  size_t submitted_ = 0;
  uint64_t size_ = 0;
};

TEST_F(OneCommitTest, StatementsOnOnePassportSeeEachOther) {
  Submit(1, registry_.Registration(1));
  Submit(2, registry_.Report(1, "gia key", "GIA", "777"));
  Submit(3, registry_.Care(1));
  Submit(4, registry_.Registration(1, "maison key", SamplePiece(2)));  // exists by now
  Submit(5, registry_.Report(9999, "gia key", "GIA", "777"));          // claimed by now
  v1::Piece same_serial = SamplePiece(3);
  same_serial.set_serial(SamplePiece(1).serial());
  Submit(6, registry_.Registration(3, "maison key", same_serial));
  Submit(7, registry_.KeyRevocation("atelier", "atelier key"));
  Submit(8, registry_.Care(1));
  Release();
  for (const int tag : {0, 1, 2, 3, 7}) EXPECT_THAT(answers_.Of(tag), IsOk()) << tag;
  EXPECT_THAT(answers_.Of(4), IsRefused(RefusalCode::kSubjectExists));
  EXPECT_THAT(answers_.Of(5), IsRefused(RefusalCode::kClaimTaken));
  EXPECT_THAT(answers_.Of(6), IsRefused(RefusalCode::kSubjectExists));
  EXPECT_THAT(answers_.Of(8), IsRefused(RefusalCode::kKeyRevoked));
  // Two commits: the held one, and one with four entries and their one index root.
  EXPECT_EQ(registry_.Newest()->size(), size_ + 2 + 5);
  ExpectWholeLogHolds(registry_, 2);
}

TEST_F(OneCommitTest, KeysOfAnEnrolmentInTheSameCommitCannotBeEnrolledAgain) {
  Submit(1, registry_.Enrolment("one", {v1::ISSUER}, {"shared key"}));
  Submit(2, registry_.Enrolment("two", {v1::ISSUER}, {"shared key"}));
  Submit(3, registry_.KeyAddition("maison", "shared key"));
  Release();
  EXPECT_THAT(answers_.Of(1), IsOk());
  EXPECT_THAT(answers_.Of(2), IsRefused(RefusalCode::kKeyInUse));
  EXPECT_THAT(answers_.Of(3), IsRefused(RefusalCode::kKeyInUse));
}

TEST_F(OneCommitTest, TheSameEnvelopeTwiceIsOneEntry) {
  const Envelope registration = registry_.Registration(1);
  Submit(1, registration);
  Submit(2, registration);
  Release();
  const auto first = VerifyReceipt(registry_.Policy(), ValueOrDie(answers_.Of(1)), registration);
  const auto second = VerifyReceipt(registry_.Policy(), ValueOrDie(answers_.Of(2)), registration);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->place.position, second->place.position);
  EXPECT_EQ(registry_.Newest()->size(), size_ + 2 + 2);
}

TEST_F(OneCommitTest, ACommitOfRefusedOnesOnlyIsNone) {
  Submit(1, registry_.Care(1));
  Submit(2, registry_.Registration(9999, "maison key", SamplePiece(7)));
  Release();
  EXPECT_THAT(answers_.Of(1), IsRefused(RefusalCode::kNoSuchSubject));
  EXPECT_THAT(answers_.Of(2), IsRefused(RefusalCode::kSubjectExists));
  EXPECT_EQ(registry_.Newest()->size(), size_ + 2);
}

TEST_F(OneCommitTest, AFullQueueTakesNothingMore) {
  for (size_t i = 0; i < limits::kQueueEntriesMax; ++i)
    registry_.ledger().Refresh(answers_.Take(1));
  submitted_ += limits::kQueueEntriesMax;
  const size_t answered = answers_.size();
  Submit(2, registry_.Registration(1));
  registry_.ledger().Refresh(answers_.Take(3));
  ++submitted_;
  EXPECT_EQ(answers_.size(), answered + 2);
  EXPECT_EQ(answers_.Of(2).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(RefusalCodeOf(answers_.Of(2).status()), std::nullopt);
  EXPECT_EQ(answers_.Of(3).status().code(), absl::StatusCode::kResourceExhausted);
  Release();
  registry_.Accepted(registry_.Registration(1));
}

TEST_F(OneCommitTest, StoppingAnswersEverythingThatIsQueued) {
  for (int i = 1; i < 50; ++i) Submit(i, registry_.Registration(i));
  std::thread stopping([this] { registry_.ledger().Stop(); });
  held_.Release();
  stopping.join();
  EXPECT_EQ(answers_.size(), submitted_);
  for (int i = 0; i < 50; ++i) EXPECT_THAT(answers_.Of(i), IsOk());
  ExpectWholeLogHolds(registry_, 50);
}

}  // namespace
}  // namespace touchstone::ledger
