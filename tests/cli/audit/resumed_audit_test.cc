// Audits that go on from what an earlier one has left in its directory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/audit/audit.h"
#include "tests/cli/audit/memory_source.h"
#include "tests/cli/temporary_directory.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

void BeginLog(TestLog& log) {
  log.Enrol("maison", {v1::ISSUER}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("9521234"); });
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  log.Commit();
  log.Register(1, "maison");
  log.Commit();
}

std::string Read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Where the note of a checkpoint is kept.
std::string NoteOf(const TestLog& log, uint64_t size = 0) {
  return absl::StrCat("checkpoints/", size == 0 ? log.size() : size, "-",
                      DigestToHex(log.Root(size)));
}

class ResumedAudit : public testing::Test {
 protected:
  ResumedAudit() { BeginLog(log_); }

  absl::StatusOr<std::unique_ptr<StateDirectory>> Open(const TestLog& log) const {
    return StateDirectory::Open(state_, log.origin(), log.GenesisDigest());
  }

  absl::StatusOr<AuditReport> Audit(const TestLog& log, LogSource& source) const {
    const auto state = Open(log);
    if (!state.ok()) return state.status();
    const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(log.PolicyText()));
    return AuditLog(policy, source, state->get(), [](uint64_t, uint64_t) {});
  }
  absl::StatusOr<AuditReport> Audit(const TestLog& log) const {
    MemorySource source(log);
    return Audit(log, source);
  }

  std::string File(const std::string& name) const { return absl::StrCat(state_, "/", name); }
  void Overwrite(const std::string& name, const std::string& bytes) const {
    std::ofstream(File(name), std::ios::binary) << bytes;
  }

  TemporaryDirectory directory_;
  const std::string state_ = directory_.Path("state");
  TestLog log_;
};

TEST_F(ResumedAudit, GoesOnAtAnySizeAndEndsAsOneFromTheBeginning) {
  uint64_t before = 0;
  for (int i = 2; log_.size() < 600; ++i) {
    log_.Register(i, "maison");
    // Commits of one and of many entries, across the borders of tiles.
    if (i % 50 != 0 && i % 7 != 0) continue;
    log_.Commit();
    const absl::StatusOr<AuditReport> report = Audit(log_);
    ASSERT_THAT(report, IsOk()) << log_.size();
    EXPECT_EQ(report->audited_before, before);
    before = log_.size();
  }
  const AuditReport resumed = ValueOrDie(Audit(log_));
  MemorySource source(log_);
  const AuditReport whole = ValueOrDie(AuditLog(ValueOrDie(TrustPolicy::Parse(log_.PolicyText())),
                                                source, nullptr, [](uint64_t, uint64_t) {}));
  EXPECT_EQ(resumed.checked, whole.checked);
  EXPECT_EQ(std::filesystem::file_size(File("leaves")), whole.checked.leaves * kIndexLeafBytes);
}

TEST_F(ResumedAudit, AsksForWhatIsNewAndForNothingWhereNothingIs) {
  for (int i = 2; i < 300; ++i) log_.Register(i, "maison");
  log_.Commit();
  ASSERT_THAT(Audit(log_), IsOk());

  MemorySource unchanged(log_);
  const AuditReport report = ValueOrDie(Audit(log_, unchanged));
  EXPECT_EQ(report.audited_before, log_.size());
  EXPECT_EQ(report.checked.size(), log_.size());
  EXPECT_EQ(unchanged.pages_asked, 0);
  EXPECT_EQ(unchanged.tiles_asked, 0);

  const uint64_t before = log_.size();
  log_.Care(1, "atelier");
  log_.Commit();
  MemorySource grown(log_);
  grown.edit_insertions = [before](uint64_t first, InsertionsPage&) { EXPECT_GE(first, before); };
  grown.edit_entries = [before](uint64_t first, PublicEntries&) { EXPECT_GE(first, before); };
  ASSERT_THAT(Audit(log_, grown), IsOk());
  EXPECT_EQ(grown.pages_asked, 2);
  EXPECT_LE(grown.tiles_asked, 5);  // the last bundle, the partial tiles before and after
}

TEST_F(ResumedAudit, TwoHistoriesAreNamedAndKept) {
  TestLog other;
  BeginLog(other);
  log_.Care(1, "atelier");
  other.Care(1, "atelier", v1::CareRecord::POLISHING);
  log_.Commit();
  other.Commit();
  const TestLog& first = log_;
  ASSERT_THAT(Audit(first), IsOk());
  const std::string state = Read(File("state"));
  // As long as the one seen, and longer.
  for (int more = 0; more < 2; ++more) {
    const absl::Status status = Audit(other).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr("TWO HISTORIES"), HasSubstr(DigestToHex(first.Root())),
                      HasSubstr(DigestToHex(other.Root()))));
    for (const TestLog* log : {&first, static_cast<const TestLog*>(&other)}) {
      const std::string kept = NoteOf(*log);
      EXPECT_THAT(std::string(status.message()), HasSubstr(kept));
      EXPECT_EQ(Read(File(kept)), log->Checkpoint());
    }
    other.Register(2, "maison");
    other.Commit();
  }
  EXPECT_EQ(Read(File("state")), state);
  log_.Care(1, "atelier");
  log_.Commit();
  EXPECT_THAT(Audit(log_), IsOk());
}

TEST_F(ResumedAudit, AnOlderCheckpointIsNamedAndKept) {
  const std::string older = log_.Checkpoint();
  const uint64_t size = log_.size();
  log_.Care(1, "atelier");
  log_.Commit();
  ASSERT_THAT(Audit(log_), IsOk());
  MemorySource source(log_);
  source.files["checkpoint"] = older;
  const absl::Status status = Audit(log_, source).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("OLDER CHECKPOINT"), HasSubstr(absl::StrCat(size, " entries")),
                    HasSubstr(absl::StrCat(log_.size(), " entries"))));
  EXPECT_EQ(Read(File(NoteOf(log_, size))), older);
}

TEST_F(ResumedAudit, AProofThatProvesNothingIsNoProof) {
  ASSERT_THAT(Audit(log_), IsOk());
  log_.Care(1, "atelier");
  log_.Commit();
  MemorySource source(log_);
  source.edit_consistency = [](std::vector<Digest>& path) { path.front()[0] ^= 1; };
  EXPECT_THAT(std::string(Audit(log_, source).status().message()), HasSubstr("TWO HISTORIES"));
}

// The same registry, which shows this audit a first history and leaves it without an end, and the
// next one a second that goes on from the same state.
TEST_F(ResumedAudit, ACheckpointThatWasSeenIsNotForgottenWhereTheAuditWasCutShort) {
  for (const bool has_state : {false, true}) {
    std::filesystem::remove_all(state_);
    TestLog first;
    TestLog second;
    BeginLog(first);
    BeginLog(second);
    if (has_state) {
      ASSERT_THAT(Audit(first), IsOk());
    }
    first.Care(1, "atelier");
    first.Commit();
    second.Care(1, "atelier", v1::CareRecord::POLISHING);
    second.Commit();
    MemorySource cut_short(first);
    cut_short.files.erase(FormatTilePath({std::nullopt, 0, static_cast<uint32_t>(first.size())}));
    EXPECT_EQ(Audit(first, cut_short).status().code(), absl::StatusCode::kNotFound);
    for (int more = 0; more < 2; ++more) {
      const absl::Status status = Audit(second).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << has_state;
      EXPECT_THAT(
          std::string(status.message()),
          AllOf(HasSubstr("TWO HISTORIES"), HasSubstr(NoteOf(first)), HasSubstr(NoteOf(second))));
      EXPECT_EQ(Read(File(NoteOf(first))), first.Checkpoint());
      EXPECT_EQ(Read(File(NoteOf(second))), second.Checkpoint());
      second.Register(2, "maison");
      second.Commit();
    }
    EXPECT_THAT(Audit(first), IsOk());
  }
}

TEST_F(ResumedAudit, AnOlderCheckpointThanTheNewestSeenIsNamed) {
  ASSERT_THAT(Audit(log_), IsOk());
  const std::string older = log_.Checkpoint();
  log_.Care(1, "atelier");
  log_.Commit();
  MemorySource cut_short(log_);
  cut_short.insertions.clear();
  EXPECT_FALSE(Audit(log_, cut_short).ok());
  MemorySource back(log_);
  back.files["checkpoint"] = older;  // where the last audit that came to its end had ended
  EXPECT_THAT(std::string(Audit(log_, back).status().message()), HasSubstr("OLDER CHECKPOINT"));
}

TEST_F(ResumedAudit, ACheckpointWithTooFewWitnessesIsKeptAndRemembered) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(log_.PolicyText({"witness"})));
  const auto audit = [&](const TestLog& log, const std::vector<std::string>& witnesses) {
    MemorySource source(log);
    source.files["checkpoint"] = log.Checkpoint(0, witnesses);
    const auto state = Open(log);
    return AuditLog(policy, source, state->get(), [](uint64_t, uint64_t) {}).status();
  };
  EXPECT_THAT(audit(log_, {}), IsRefused(RefusalCode::kQuorumNotMet));
  EXPECT_EQ(Read(File(NoteOf(log_))), log_.Checkpoint());
  EXPECT_FALSE(std::filesystem::exists(File("state")));
  TestLog other;
  BeginLog(other);
  other.Care(1, "atelier");
  other.Commit();
  log_.Care(1, "atelier", v1::CareRecord::POLISHING);
  log_.Commit();
  EXPECT_THAT(audit(log_, {}), IsRefused(RefusalCode::kQuorumNotMet));
  EXPECT_THAT(std::string(audit(other, {"witness"}).message()), HasSubstr("TWO HISTORIES"));
  EXPECT_THAT(audit(log_, {"witness"}), IsOk());
}

TEST_F(ResumedAudit, ANoteIsNotReplacedByOneThatFewerWitnessesHaveCosigned) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(absl::StrReplaceAll(
      log_.PolicyText({"w1", "w2"}),
      {{"all-of-them all", "either any"}, {"quorum all-of-them", "quorum either"}})));
  const auto audit = [&](const std::vector<std::string>& witnesses) {
    MemorySource source(log_);
    source.files["checkpoint"] = log_.Checkpoint(0, witnesses);
    const auto state = Open(log_);
    ASSERT_THAT(AuditLog(policy, source, state->get(), [](uint64_t, uint64_t) {}), IsOk());
  };
  const auto kept = [&] { return Read(File(NoteOf(log_))); };
  audit({"w1"});
  EXPECT_EQ(kept(), log_.Checkpoint(0, {"w1"}));
  audit({"w1", "w2"});
  EXPECT_EQ(kept(), log_.Checkpoint(0, {"w1", "w2"}));
  audit({"w2"});
  EXPECT_EQ(kept(), log_.Checkpoint(0, {"w1", "w2"}));
  // Cosignatures that count for nothing do not keep anything out.
  Overwrite(NoteOf(log_), log_.Checkpoint(0, {"stranger", "another", "a_third"}));
  audit({"w2"});
  EXPECT_EQ(kept(), log_.Checkpoint(0, {"w2"}));
  // Nor does what is damaged.
  Overwrite(NoteOf(log_), "x");
  audit({"w1"});
  EXPECT_EQ(kept(), log_.Checkpoint(0, {"w1"}));
}

// Names that held a part of the root only could be made to be the same.
TEST_F(ResumedAudit, NotesOfTwoRootsHaveTwoNamesHoweverMuchTheRootsShare) {
  const auto state = Open(log_);
  ASSERT_TRUE(state.ok()) << state.status();
  Digest other = log_.Root();
  other.back() ^= 1;
  EXPECT_NE((*state)->CheckpointPath({log_.size(), log_.Root()}),
            (*state)->CheckpointPath({log_.size(), other}));
}

TEST_F(ResumedAudit, ADamagedNewestIsNamedAndNotALyingRegistry) {
  ASSERT_THAT(Audit(log_), IsOk());
  const std::string newest = Read(File("newest"));
  const uint64_t before = log_.size();
  const Digest root_before = log_.Root();
  log_.Care(1, "atelier");
  log_.Commit();
  ASSERT_THAT(Audit(log_), IsOk());
  const LogState of_another_history = {log_.size(), root_before};
  ASSERT_EQ(newest, FormatNewestSeen({log_.origin(), log_.GenesisDigest(), {before, root_before}}));
  for (const std::string& damaged :
       {std::string(), newest.substr(0, newest.size() / 2), newest,
        FormatNewestSeen({log_.origin(), log_.GenesisDigest(), of_another_history})}) {
    Overwrite("newest", damaged);
    const absl::Status status = Audit(log_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(File("newest")));
  }
  std::filesystem::remove(File("newest"));
  EXPECT_EQ(Audit(log_).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ResumedAudit, ALieThatIsFoundLeavesTheEarlierStateToGoOnFrom) {
  ASSERT_THAT(Audit(log_), IsOk());
  const std::string state = Read(File("state"));
  log_.Care(1, "atelier");
  log_.Commit();
  log_.Care(1, "atelier");
  log_.Commit();
  MemorySource lying(log_);
  lying.insertions.rbegin()->second[40] ^= 1;
  EXPECT_THAT(Audit(log_, lying), IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_EQ(Read(File("state")), state);
  EXPECT_THAT(Audit(log_), IsOk());
  EXPECT_EQ(std::filesystem::file_size(File("leaves")) % kIndexLeafBytes, 0u);
}

TEST_F(ResumedAudit, TimeDoesNotRunBackwardsBetweenTwoAudits) {
  ASSERT_THAT(Audit(log_), IsOk());
  log_.AdvanceTo(log_.now_ms() - 3'600'000);
  log_.Commit();
  EXPECT_THAT(Audit(log_), IsRefused(RefusalCode::kBrokenChain));
}

TEST_F(ResumedAudit, AKeyOfAnEarlierAuditIsNotInsertedAgain) {
  ASSERT_THAT(Audit(log_), IsOk());
  const std::string before = log_.InsertionsOf(log_.size() - 1);
  log_.Care(1, "atelier");
  log_.Commit();
  MemorySource lying(log_);
  lying.insertions.rbegin()->second = before;
  EXPECT_THAT(std::string(Audit(log_, lying).status().message()), HasSubstr("never changed"));
}

TEST_F(ResumedAudit, AStateOfAnotherLogIsRefused) {
  ASSERT_THAT(Audit(log_), IsOk());
  TestLog::Options options;
  options.origin = "other.example/log";
  const TestLog other(options);
  EXPECT_EQ(Open(other).status().code(), absl::StatusCode::kFailedPrecondition);
  options = TestLog::Options();
  options.stewards = {"steward 4", "steward 5", "steward 6"};
  const TestLog same_name(options);
  EXPECT_EQ(Open(same_name).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ResumedAudit, OneAuditAtATime) {
  const auto first = Open(log_);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(std::string(Open(log_).status().message()), HasSubstr("another audit is using"));
}

TEST_F(ResumedAudit, ADamagedStateIsNamedAndNotALyingRegistry) {
  ASSERT_THAT(Audit(log_), IsOk());
  const std::string state = Read(File("state"));
  for (const std::string& damaged : {std::string(), state.substr(0, state.size() / 2),
                                     state + state, std::string(10'000, 'x')}) {
    Overwrite("state", damaged);
    const absl::Status status = Audit(log_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(File("state")));
  }
}

TEST_F(ResumedAudit, DamagedLeavesAreNamedAndNotALyingRegistry) {
  ASSERT_THAT(Audit(log_), IsOk());
  log_.Care(1, "atelier");
  log_.Commit();
  const std::string leaves = Read(File("leaves"));
  for (size_t i = 0; i <= leaves.size(); i += 16) {
    std::string damaged = leaves;
    if (i < leaves.size()) {
      damaged[i] = static_cast<char>(damaged[i] ^ 1);
    } else {
      damaged.pop_back();
    }
    Overwrite("leaves", damaged);
    const absl::Status status = Audit(log_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(File("leaves")));
  }
  std::string twice = leaves;
  twice.replace(kIndexLeafBytes, kIndexLeafBytes, leaves, 0, kIndexLeafBytes);
  Overwrite("leaves", twice);
  EXPECT_EQ(Audit(log_).status().code(), absl::StatusCode::kInvalidArgument);
  Overwrite("leaves", leaves);
  EXPECT_THAT(Audit(log_), IsOk());
}

TEST_F(ResumedAudit, LeavesThatNoStateCountsAreCutOff) {
  ASSERT_THAT(Audit(log_), IsOk());
  const std::string leaves = Read(File("leaves"));
  Overwrite("leaves", leaves + std::string(100, 'x'));
  log_.Care(1, "atelier");
  log_.Commit();
  ASSERT_THAT(Audit(log_), IsOk());
  EXPECT_EQ(Read(File("leaves")), leaves + log_.InsertionsOf(log_.size() - 1));
}

TEST_F(ResumedAudit, TilesOfAnotherPastAreRefused) {
  for (int i = 2; i < 200; ++i) log_.Register(i, "maison");
  log_.Commit();
  ASSERT_THAT(Audit(log_), IsOk());
  log_.Care(1, "atelier");
  log_.Commit();
  MemorySource lying(log_);
  const TileName name = {0, 0, static_cast<uint32_t>(log_.size())};
  lying.files[FormatTilePath(name)][0] ^= 1;
  EXPECT_THAT(Audit(log_, lying), IsRefused(RefusalCode::kBadConsistencyProof));
}

}  // namespace
}  // namespace touchstone::cli
