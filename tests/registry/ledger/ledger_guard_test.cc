// Databases that were put back, copies that went their own way, guards that are gone: refused on
// start, each with the way out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "registry/ledger/ledger.h"
#include "registry/storage/guard_file.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signing/note_signer.h"

namespace touchstone::ledger {
namespace {

using ::testing::HasSubstr;

void Restore(storage::Store& store, const std::map<std::string, std::string>& dump) {
  storage::WriteBatch batch;
  for (const auto& [key, value] : TestRegistry::Dump(store)) batch.Delete(key);
  for (const auto& [key, value] : dump) batch.Put(key, value);
  ASSERT_THAT(store.Commit(batch), IsOk());
}

class LedgerGuardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_.Start();
    for (int i = 0; i < 3; ++i) {
      registry_.Accepted(registry_.Registration(i));
      notes_.push_back(registry_.Newest()->checkpoint_note());
      dumps_.push_back(TestRegistry::Dump(registry_.store()));
    }
    registry_.Close();  // the guard holds notes_[2]
  }

  void SetGuard(const std::string& note) {
    std::filesystem::remove(registry_.guard_path());
    ASSERT_THAT(storage::GuardFile::Create(registry_.guard_path(), note), IsOk());
  }
  std::string GuardContents() {
    registry_.Close();
    return ValueOrDie(storage::GuardFile::Open(registry_.guard_path()))->contents();
  }
  absl::Status RestoreGuard(const std::string& note) {
    return Ledger::RestoreGuard(registry_.store(), registry_.guard_path(), note,
                                registry_.signer().log_key());
  }

  TestRegistry registry_;
  std::vector<std::string> notes_;
  std::vector<std::map<std::string, std::string>> dumps_;
};

TEST_F(LedgerGuardTest, ADatabaseOlderThanTheGuardIsRefused) {
  for (const size_t older : {1, 0}) {
    Restore(registry_.store(), dumps_[older]);
    const absl::Status status = registry_.Open();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("put back to an earlier state"));
    EXPECT_EQ(GuardContents(), notes_[2]) << "the evidence is left alone";
  }
  Restore(registry_.store(), dumps_[2]);
  EXPECT_THAT(registry_.Open(), IsOk());
}

TEST_F(LedgerGuardTest, ADatabaseThatWentItsOwnWayIsRefused) {
  Restore(registry_.store(), dumps_[1]);
  SetGuard(notes_[1]);
  ASSERT_THAT(registry_.Open(), IsOk());
  registry_.Accepted(registry_.Registration(77));
  registry_.Accepted(registry_.Registration(78));
  registry_.Close();
  SetGuard(notes_[2]);
  const absl::Status status = registry_.Open();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("another history"));
}

TEST_F(LedgerGuardTest, AGuardThatLagsIsBroughtUp) {
  for (const size_t older : {1, 0}) {  // by one commit as after a crash; by more as after a restore
    SetGuard(notes_[older]);
    ASSERT_THAT(registry_.Open(), IsOk());
    EXPECT_EQ(GuardContents(), notes_[2]);
  }
}

TEST_F(LedgerGuardTest, AGuardIsWrittenWithEveryCommit) {
  ASSERT_THAT(registry_.Open(), IsOk());
  registry_.Accepted(registry_.Registration(5));
  const std::string note = registry_.Newest()->checkpoint_note();
  EXPECT_EQ(GuardContents(), note);
}

TEST_F(LedgerGuardTest, AMissingGuardIsRefusedAndMadeAnewOnlyAgainstACheckpointFromOutside) {
  std::filesystem::remove(registry_.guard_path());
  const absl::Status status = registry_.Open();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("checkpoint from outside"));

  EXPECT_THAT(RestoreGuard("not a note"), IsRefused(RefusalCode::kMalformed));
  const Checkpoint checkpoint =
      ValueOrDie(Checkpoint::Parse(ValueOrDie(SignedNote::Parse(notes_[1])).text()));
  EXPECT_THAT(RestoreGuard(ValueOrDie(SignCheckpoint(checkpoint, NamedKey("thief")))),
              ::testing::Not(IsOk()));
  const Checkpoint larger =
      ValueOrDie(Checkpoint::Create(kOrigin, checkpoint.size() + 100, checkpoint.root()));
  EXPECT_EQ(RestoreGuard(ValueOrDie(SignCheckpoint(larger, NamedKey("log")))).code(),
            absl::StatusCode::kFailedPrecondition);
  const Checkpoint other = ValueOrDie(Checkpoint::Create(kOrigin, checkpoint.size(), Digest{1}));
  EXPECT_EQ(RestoreGuard(ValueOrDie(SignCheckpoint(other, NamedKey("log")))).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(std::filesystem::exists(registry_.guard_path()));

  ASSERT_THAT(RestoreGuard(notes_[1]), IsOk());
  EXPECT_EQ(RestoreGuard(notes_[1]).code(), absl::StatusCode::kAlreadyExists);
  ASSERT_THAT(registry_.Open(), IsOk());
  EXPECT_EQ(GuardContents(), notes_[2]);
}

TEST_F(LedgerGuardTest, AGuardOfAnotherLogOrWithoutSignatureIsRefused) {
  const Checkpoint foreign = ValueOrDie(Checkpoint::Create("other.example/log", 2, Digest{1}));
  SetGuard(ValueOrDie(SignCheckpoint(foreign, NamedKey("log"))));
  EXPECT_THAT(registry_.Open(), IsRefused(RefusalCode::kWrongOrigin));
  const Checkpoint own =
      ValueOrDie(Checkpoint::Parse(ValueOrDie(SignedNote::Parse(notes_[2])).text()));
  SetGuard(ValueOrDie(SignCheckpoint(own, NamedKey("thief"))));
  EXPECT_THAT(registry_.Open(), IsRefused(RefusalCode::kNoKnownSignature));
}

TEST_F(LedgerGuardTest, ASecondLedgerOnTheSameGuardIsRefused) {
  ASSERT_THAT(registry_.Open(), IsOk());
  EXPECT_EQ(OpenGuard(registry_.guard_path()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace touchstone::ledger
