// A disk that fails at any commit, in both ways, and a guard that does: nothing that was
// acknowledged is ever lost, nothing is acknowledged that may be, and the whole log is checked
// again after each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/schema.h"
#include "tests/registry/ledger/held_store.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/registry/storage/faulty_store.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::ledger {
namespace {

using storage::Fault;
using storage::FaultyStore;

// A guard that keeps what it is given, and fails when told to.
class FaultyGuard final : public Guard {
 public:
  explicit FaultyGuard(std::string& kept) : kept_(kept), contents_(kept) {}

  void FailWrite(uint64_t n, Fault fault) {
    failing_ = n;
    fault_ = fault;
  }
  const std::string& contents() const override { return contents_; }
  absl::Status Write(absl::string_view note) override {
    if (failing_ > 0 && --failing_ == 0) {
      if (fault_ == Fault::kFailedButPersisted) kept_ = std::string(note);
      return absl::UnavailableError("injected guard failure");
    }
    kept_ = contents_ = std::string(note);
    return absl::OkStatus();
  }

 private:
  std::string& kept_;  // "on disk"
  std::string contents_;
  uint64_t failing_ = 0;
  Fault fault_ = Fault::kFailed;
};

// What a customer holds on to.
struct Acknowledged {
  Envelope envelope;
  EntryPlace place;
};

void ExpectAllThere(TestRegistry& registry, const std::vector<Acknowledged>& acknowledged) {
  for (const Acknowledged& one : acknowledged) {
    const auto again = registry.SubmitAndCheck(one.envelope);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->place.position, one.place.position);
    EXPECT_EQ(again->place.digest, one.place.digest);
  }
}

std::string NameOf(const ::testing::TestParamInfo<std::tuple<int, Fault>>& test) {
  const bool persisted = std::get<1>(test.param) == Fault::kFailedButPersisted;
  return absl::StrCat(std::get<0>(test.param), persisted ? "FailedButPersisted" : "Failed");
}

class StoreFaultTest : public ::testing::TestWithParam<std::tuple<int, Fault>> {};

TEST_P(StoreFaultTest, NothingAcknowledgedIsLost) {
  const auto [failing, fault] = GetParam();
  storage::MemoryStore store;
  FaultyStore faulty(&store);
  TestRegistry registry(&store);
  registry.Start();
  ASSERT_THAT(registry.Open(&faulty), IsOk());
  faulty.FailCommit(static_cast<uint64_t>(failing), fault);

  std::vector<Acknowledged> acknowledged;
  std::vector<Envelope> unknown;
  std::vector<Envelope> refused;
  for (int i = 0; i < 6; ++i) {
    const Envelope envelope = registry.Registration(i);
    const auto answer = registry.SubmitAndCheck(envelope);
    if (answer.ok()) {
      acknowledged.push_back({envelope, answer->place});
    } else if (answer.status().code() == absl::StatusCode::kUnknown) {
      unknown.push_back(envelope);
    } else {
      EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable);
      refused.push_back(envelope);
    }
  }
  ASSERT_EQ(acknowledged.size(), static_cast<size_t>(failing - 1));
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(registry.fatal().size(), 1u);
  // What is published is what was acknowledged, and it can still be read.
  ExpectWholeLogHolds(registry, acknowledged.size());

  // The process starts again.
  const bool persisted = fault == Fault::kFailedButPersisted;
  ASSERT_THAT(registry.Open(), IsOk());
  ExpectWholeLogHolds(registry, acknowledged.size() + persisted);
  ExpectAllThere(registry, acknowledged);
  const uint64_t size = registry.Newest()->size();
  registry.Accepted(unknown.front());
  EXPECT_EQ(registry.Newest()->size(), persisted ? size : size + 2);
  for (const Envelope& envelope : refused) registry.Accepted(envelope);
  ExpectWholeLogHolds(registry, 6);
  EXPECT_EQ(registry.fatal().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(EveryCommit, StoreFaultTest,
                         ::testing::Combine(::testing::Range(1, 7),
                                            ::testing::Values(Fault::kFailed,
                                                              Fault::kFailedButPersisted)),
                         NameOf);

class GuardFaultTest : public ::testing::TestWithParam<std::tuple<int, Fault>> {};

TEST_P(GuardFaultTest, NothingAcknowledgedIsLost) {
  const auto [failing, fault] = GetParam();
  std::string kept;
  TestRegistry registry;
  registry.Start();
  kept = registry.Newest()->checkpoint_note();
  registry.Close();
  auto guard = std::make_unique<FaultyGuard>(kept);
  guard->FailWrite(static_cast<uint64_t>(failing), fault);
  ASSERT_THAT(registry.OpenWith(registry.store(), std::move(guard)), IsOk());

  std::vector<Acknowledged> acknowledged;
  std::vector<Envelope> others;
  for (int i = 0; i < 6; ++i) {
    const Envelope envelope = registry.Registration(i);
    const auto answer = registry.SubmitAndCheck(envelope);
    if (answer.ok()) {
      acknowledged.push_back({envelope, answer->place});
    } else {
      EXPECT_THAT(answer.status().code(),
                  ::testing::AnyOf(absl::StatusCode::kUnknown, absl::StatusCode::kUnavailable));
      others.push_back(envelope);
    }
  }
  // The commit whose guard failed may have been answered; the next one was not.
  ASSERT_EQ(acknowledged.size(), static_cast<size_t>(failing));
  registry.ledger().Stop();
  EXPECT_EQ(registry.fatal().size(), 1u);
  ExpectWholeLogHolds(registry, acknowledged.size());

  ASSERT_THAT(registry.OpenWith(registry.store(), std::make_unique<FaultyGuard>(kept)), IsOk());
  EXPECT_EQ(kept, registry.Newest()->checkpoint_note()) << "written before anything is served";
  ExpectWholeLogHolds(registry);
  ExpectAllThere(registry, acknowledged);
  for (const Envelope& envelope : others) registry.Accepted(envelope);
  ExpectWholeLogHolds(registry, 6);
}

INSTANTIATE_TEST_SUITE_P(EveryWrite, GuardFaultTest,
                         ::testing::Combine(::testing::Range(1, 6),
                                            ::testing::Values(Fault::kFailed,
                                                              Fault::kFailedButPersisted)),
                         NameOf);

TEST(LedgerFault, AllOfAFailedCommitAreToldSoAndTheQueuedThatNothingWasLogged) {
  HeldStore held;
  FaultyStore faulty(&held);
  TestRegistry registry(&held);
  registry.Start();
  ASSERT_THAT(registry.Open(&faulty), IsOk());
  faulty.FailCommit(2, Fault::kFailed);
  held.Hold();
  std::mutex mutex;
  std::vector<absl::StatusCode> codes;
  const auto take = [&](absl::StatusOr<Receipt> receipt) {
    const std::lock_guard lock(mutex);
    codes.push_back(receipt.status().code());
  };
  registry.ledger().Submit(registry.Registration(0).bytes(), take);
  held.AwaitHeldCommit();
  for (int i = 1; i <= 10; ++i) registry.ledger().Submit(registry.Registration(i).bytes(), take);
  held.Release();
  registry.ledger().Stop();
  ASSERT_EQ(codes.size(), 11u);
  EXPECT_EQ(codes[0], absl::StatusCode::kOk);
  for (int i = 1; i <= 10; ++i) EXPECT_EQ(codes[i], absl::StatusCode::kUnknown);
  EXPECT_EQ(registry.Submit(registry.Registration(11)).status().code(),
            absl::StatusCode::kUnavailable);
}

// A signer whose key is gone.
class FailingSigner final : public CheckpointSigner {
 public:
  explicit FailingSigner(const CheckpointSigner& signer) : signer_(signer) {}
  const VerifierKey& log_key() const override { return signer_.log_key(); }
  absl::StatusOr<std::string> Sign(const Checkpoint&) const override {
    return absl::UnavailableError("the key is gone");
  }

 private:
  const CheckpointSigner& signer_;
};

TEST(LedgerFault, WithoutASignatureNothingIsStored) {
  TestRegistry registry;
  registry.Start();
  registry.Close();
  const auto before = TestRegistry::Dump(registry.store());
  const FailingSigner signer(registry.signer());
  auto ledger = ValueOrDie(Ledger::Open(
      {registry.store(), ValueOrDie(OpenGuard(registry.guard_path())), signer, registry.clock()},
      registry.options()));
  absl::StatusOr<Receipt> answer;
  ledger->Submit(registry.Registration(1).bytes(),
                 [&](absl::StatusOr<Receipt> receipt) { answer = std::move(receipt); });
  ledger->Stop();
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(registry.fatal().size(), 1u);
  EXPECT_EQ(TestRegistry::Dump(registry.store()), before);
}

// Holds writes of the guard back until it is let go.
class HeldGuard final : public Guard {
 public:
  HeldGuard(std::string contents, std::shared_future<void> let_go)
      : contents_(std::move(contents)), let_go_(std::move(let_go)) {}
  const std::string& contents() const override { return contents_; }
  absl::Status Write(absl::string_view note) override {
    let_go_.wait();
    contents_ = std::string(note);
    return absl::OkStatus();
  }

 private:
  std::string contents_;
  std::shared_future<void> let_go_;
};

TEST(LedgerFault, TheGuardLagsByOneCommitAndNoMore) {
  std::promise<void> let_go;
  TestRegistry registry;
  registry.Start();
  const std::string note = registry.Newest()->checkpoint_note();
  registry.Close();
  ASSERT_THAT(registry.OpenWith(registry.store(),
                                std::make_unique<HeldGuard>(note, let_go.get_future().share())),
              IsOk());
  // Its guard is not written, but the one before is.
  const VerifiedReceipt first = registry.Accepted(registry.Registration(1));

  std::atomic<bool> answered = false;
  registry.ledger().Submit(registry.Registration(2).bytes(), [&](absl::StatusOr<Receipt> receipt) {
    EXPECT_THAT(receipt, IsOk());
    answered = true;
  });
  const uint64_t stored_size = first.log_size + 2;
  while (!registry.store().Get(schema::EntryKey(stored_size - 1)).ok()) std::this_thread::yield();
  EXPECT_FALSE(answered);
  EXPECT_EQ(registry.Newest()->size(), first.log_size);
  let_go.set_value();
  registry.ledger().Stop();
  EXPECT_TRUE(answered);
  EXPECT_EQ(registry.Newest()->size(), stored_size);
}

}  // namespace
}  // namespace touchstone::ledger
