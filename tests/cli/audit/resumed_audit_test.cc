// Audits that go on from what an earlier one has left in its directory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
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
      const std::string kept =
          absl::StrCat("checkpoints/", log->size(), "-", DigestToHex(log->Root()).substr(0, 16));
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
  EXPECT_EQ(Read(File(absl::StrCat("checkpoints/", size, "-",
                                   DigestToHex(log_.Root(size)).substr(0, 16)))),
            older);
}

TEST_F(ResumedAudit, AProofThatProvesNothingIsNoProof) {
  ASSERT_THAT(Audit(log_), IsOk());
  log_.Care(1, "atelier");
  log_.Commit();
  MemorySource source(log_);
  source.edit_consistency = [](std::vector<Digest>& path) { path.front()[0] ^= 1; };
  EXPECT_THAT(std::string(Audit(log_, source).status().message()), HasSubstr("TWO HISTORIES"));
}

TEST_F(ResumedAudit, EveryCheckpointIsKeptWithItsNewestCosignatures) {
  const std::string name =
      absl::StrCat("checkpoints/", log_.size(), "-", DigestToHex(log_.Root()).substr(0, 16));
  ASSERT_THAT(Audit(log_), IsOk());
  EXPECT_EQ(Read(File(name)), log_.Checkpoint());
  MemorySource cosigned(log_);
  cosigned.files["checkpoint"] = log_.Checkpoint(0, {"witness"});
  ASSERT_THAT(Audit(log_, cosigned), IsOk());
  EXPECT_EQ(Read(File(name)), log_.Checkpoint(0, {"witness"}));
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
