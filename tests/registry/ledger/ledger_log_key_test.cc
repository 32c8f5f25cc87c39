// The log's key is changed with the ledger closed: what opens with which key, before, after, and
// where it was cut short.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "registry/ledger/guard.h"
#include "registry/ledger/schema.h"
#include "registry/storage/guard_file.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::ledger {
namespace {

using ::testing::HasSubstr;

class LedgerLogKeyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_.Start();
    registry_.Accepted(registry_.Registration(1));
    old_note_ = registry_.Newest()->checkpoint_note();
    registry_.Close();
  }

  absl::StatusOr<Checkpoint> Change(const CheckpointSigner& from, const CheckpointSigner& to) {
    const std::unique_ptr<Guard> guard = ValueOrDie(OpenGuard(registry_.guard_path()));
    return Ledger::ChangeLogKey(registry_.store(), *guard, from.log_key(), to);
  }

  absl::StatusOr<std::unique_ptr<Ledger>> Open(const CheckpointSigner& signer) {
    return Ledger::Open({registry_.store(), ValueOrDie(OpenGuard(registry_.guard_path())), signer,
                         registry_.clock()},
                        {});
  }

  void SetGuard(const std::string& note) {
    std::filesystem::remove(registry_.guard_path());
    ASSERT_TRUE(storage::GuardFile::Create(registry_.guard_path(), note).ok());
  }

  TestRegistry registry_;
  const NamedSigner new_{kOrigin, "new log key"};
  std::string old_note_;
};

TEST_F(LedgerLogKeyTest, TheNewestCheckpointIsThatOfTheNewKeyFromThereOn) {
  const CheckpointSigner& old_key = registry_.signer();
  EXPECT_FALSE(Open(new_).ok()) << "before it was told so";
  const absl::StatusOr<Checkpoint> retired = Change(old_key, new_);
  ASSERT_TRUE(retired.ok()) << retired.status();

  const absl::Status refused = Open(old_key).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("--rotate-log-key"));

  auto ledger = Open(new_);
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  EXPECT_EQ((*ledger)->Newest()->checkpoint(), *retired);
  EXPECT_NE((*ledger)->Newest()->checkpoint_note(), old_note_);
}

TEST_F(LedgerLogKeyTest, CutShortItIsDoneByDoingItAgain) {
  const CheckpointSigner& old_key = registry_.signer();
  ASSERT_TRUE(Change(old_key, new_).ok());
  SetGuard(old_note_);  // as where it ended after the store was written
  EXPECT_FALSE(Open(old_key).ok());
  EXPECT_FALSE(Open(new_).ok());
  ASSERT_TRUE(Change(old_key, new_).ok());
  EXPECT_TRUE(Open(new_).ok());
}

TEST_F(LedgerLogKeyTest, WhatWitnessesCosignedForTheOldKeyIsForgotten) {
  storage::WriteBatch batch;
  batch.Put(schema::CosignedKey(), old_note_);
  ASSERT_TRUE(registry_.store().Commit(batch).ok());
  ASSERT_TRUE(Change(registry_.signer(), new_).ok());
  EXPECT_TRUE(absl::IsNotFound(registry_.store().Get(schema::CosignedKey()).status()));
}

TEST_F(LedgerLogKeyTest, NeedsTheKeyThatSignedAndAnotherOneOfTheSameLog) {
  const CheckpointSigner& old_key = registry_.signer();
  EXPECT_EQ(Change(old_key, old_key).status().code(), absl::StatusCode::kInvalidArgument);
  const NamedSigner elsewhere("other.example/log", "new log key");
  EXPECT_EQ(Change(old_key, elsewhere).status().code(), absl::StatusCode::kInvalidArgument);
  const NamedSigner thief(kOrigin, "somebody's key");
  EXPECT_EQ(Change(thief, new_).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Open(old_key).ok()) << "nothing was changed";
}

TEST_F(LedgerLogKeyTest, ADatabaseThatWasPutBackIsNotSignedAnew) {
  const auto before = TestRegistry::Dump(registry_.store());
  ASSERT_TRUE(registry_.Open().ok());
  registry_.Accepted(registry_.Registration(2));
  registry_.Close();
  storage::WriteBatch batch;
  for (const auto& [key, value] : TestRegistry::Dump(registry_.store())) batch.Delete(key);
  for (const auto& [key, value] : before) batch.Put(key, value);
  ASSERT_TRUE(registry_.store().Commit(batch).ok());
  const absl::Status refused = Change(registry_.signer(), new_).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("put back to an earlier state"));
}

}  // namespace
}  // namespace touchstone::ledger
