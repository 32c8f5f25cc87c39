#include "cli/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/cli/audit/long_log.h"
#include "tests/cli/audit/memory_source.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/entry.h"
#include "verifier/tlog_tiles.h"

namespace touchstone::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The frames of the last bundle of a log of that size, for a source that is an export.
void CutFrames(MemorySource& source, const TestLog& log, uint64_t size) {
  std::vector<absl::string_view> frames;
  for (uint64_t i = size - size % 256; i < size; ++i) frames.push_back(log.Frame(i));
  const TileName name = {std::nullopt, size / 256, static_cast<uint32_t>(size % 256)};
  source.files["frames of " + FormatTilePath(name)] = ValueOrDie(EncodeEntryBundle(frames));
}

// A registry gives no frames, an export does.
class AuditOf : public testing::TestWithParam<bool> {};

TEST_P(AuditOf, AnHonestLogAgrees) {
  MemorySource source(LongLog(), GetParam());
  const absl::StatusOr<AuditReport> report = Audit(LongLog(), source);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->checkpoint.checkpoint.size(), LongLog().size());
  EXPECT_EQ(report->checked.size(), LongLog().size());
  EXPECT_EQ(report->checked.commits, source.insertions.size());
  EXPECT_EQ(report->checked.public_entries, source.public_entries.size());
  EXPECT_EQ(report->audited_before, 0u);
  EXPECT_EQ(report->replay.has_value(), GetParam());
  if (report->replay.has_value()) {
    EXPECT_EQ(report->replay->entries, LongLog().size());
    EXPECT_EQ(report->replay->index_leaves, report->checked.leaves);
  }
}

TEST_P(AuditOf, AChangedByteAnywhereIsRefused) {
  const MemorySource honest(LongLog(), GetParam());
  const auto change = [](std::string& bytes) {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  };
  for (const auto& [name, contents] : honest.files) {
    MemorySource source = honest;
    change(source.files[name]);
    EXPECT_FALSE(Audit(LongLog(), source).ok()) << name;
  }
  for (const auto& [position, frame] : honest.public_entries) {
    MemorySource source = honest;
    change(source.public_entries[position]);
    EXPECT_FALSE(Audit(LongLog(), source).ok()) << "public entry " << position;
  }
  for (const auto& [position, leaves] : honest.insertions) {
    if (leaves.empty()) continue;
    MemorySource source = honest;
    change(source.insertions[position]);
    EXPECT_THAT(Audit(LongLog(), source), IsRefused(RefusalCode::kBadIndexProof)) << position;
  }
}

TEST_P(AuditOf, AnythingMissingIsNoticed) {
  const MemorySource honest(LongLog(), GetParam());
  for (const auto& [name, contents] : honest.files) {
    MemorySource source = honest;
    source.files.erase(name);
    EXPECT_FALSE(Audit(LongLog(), source).ok()) << name;
  }
  for (const auto& [position, leaves] : honest.insertions) {
    MemorySource source = honest;
    source.insertions.erase(position);
    EXPECT_THAT(Audit(LongLog(), source), IsRefused(RefusalCode::kBrokenChain)) << position;
    MemorySource rootless = honest;
    rootless.public_entries.erase(position);
    EXPECT_THAT(Audit(LongLog(), rootless), IsRefused(RefusalCode::kBrokenChain)) << position;
  }
}

TEST_P(AuditOf, ACheckpointOfAnotherTreeIsRefused) {
  MemorySource source(LongLog(), GetParam());
  TestLog other;
  other.EnrolCardKey("card");
  other.Commit();
  source.files["checkpoint"] = other.Checkpoint();  // the same key, fewer entries
  EXPECT_FALSE(Audit(LongLog(), source).ok());
  // As many entries, committed at the same positions.
  static const TestLog& polished = MakeLongLog(v1::CareRecord::POLISHING);
  ASSERT_EQ(polished.size(), LongLog().size());
  source.files["checkpoint"] = polished.Checkpoint();
  EXPECT_THAT(Audit(LongLog(), source), IsRefused(RefusalCode::kBadInclusionProof));
}

TEST_P(AuditOf, ACheckpointWithinACommitIsRefused) {
  const uint64_t size = LongLog().size() - 2;  // up to the care record
  MemorySource source(LongLog(), GetParam());
  source.files["checkpoint"] = LongLog().Checkpoint(size);
  CutFrames(source, LongLog(), size);
  EXPECT_THAT(Audit(LongLog(), source), IsRefused(RefusalCode::kBrokenChain));
}

TEST_P(AuditOf, ALastCommitThatIsNotShownIsNoticed) {
  MemorySource source(LongLog(), GetParam());
  source.public_entries.erase(LongLog().size() - 1);
  source.insertions.erase(LongLog().size() - 1);
  const absl::Status status = Audit(LongLog(), source).status();
  EXPECT_THAT(status, IsRefused(RefusalCode::kBrokenChain));
  EXPECT_THAT(std::string(status.message()), HasSubstr("no index root is shown at position"));
}

TEST_P(AuditOf, APolicyThatNamesNoGenesisIsRefused) {
  MemorySource source(LongLog(), GetParam());
  std::string text = LongLog().PolicyText();
  const size_t line = text.find("genesis ");
  text.erase(line, text.find('\n', line) + 1 - line);
  EXPECT_THAT(
      AuditLog(ValueOrDie(TrustPolicy::Parse(text)), source, nullptr, [](uint64_t, uint64_t) {}),
      IsRefused(RefusalCode::kNoGenesis));
}

TEST_P(AuditOf, TooFewWitnessesAreRefused) {
  MemorySource source(LongLog(), GetParam());
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(LongLog().PolicyText({"w1", "w2"})));
  const auto audit = [&] {
    return AuditLog(policy, source, nullptr, [](uint64_t, uint64_t) {}).status();
  };
  source.files["checkpoint"] = LongLog().Checkpoint(0, {"w1"});
  EXPECT_THAT(audit(), IsRefused(RefusalCode::kQuorumNotMet));
  source.files["checkpoint"] = LongLog().Checkpoint(0, {"w1", "w2"});
  EXPECT_THAT(audit(), IsOk());
}

INSTANTIATE_TEST_SUITE_P(Sources, AuditOf, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& source) {
                           return source.param ? "Export" : "Registry";
                         });

// ---- A registry that lies in its log: signed and well-formed, but not what it should be. ----

IndexInsertion UncalledFor() {
  return {IndexKind::kPassportEntry, TestPassportId(9), 0, IndexEvent::kEntry, Digest{9}, 1};
}

TEST(AuditByInsertions, AnInsertionLeftOutAndPutInLaterIsNamedWhereItIsMissing) {
  TestLog log;
  BeginLog(log);
  const EntryPlace care = log.Care(1, "atelier");
  log.DropLastInsertion();
  const uint64_t missing_at = log.Commit() - 1;
  log.InsertIntoIndex({IndexKind::kPassportEntry, TestPassportId(1), 1, IndexEvent::kEntry,
                       care.digest, care.position});
  log.Commit();
  MemorySource source(log);
  const absl::Status status = Audit(log, source).status();
  EXPECT_THAT(status, IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(absl::StrCat("index root at position ", missing_at)),
                    HasSubstr("inserts 0 leaves"), HasSubstr("at least 1")))
      << status;
}

TEST(AuditByInsertions, AnInsertionShownLaterThanItWasMadeIsNamed) {
  MemorySource source(LongLog());
  const uint64_t late_at = source.insertions.rbegin()->first;  // the heartbeat
  const uint64_t early_at = std::next(source.insertions.rbegin())->first;
  std::string& early = source.insertions[early_at];
  source.insertions[late_at] = early.substr(0, kIndexLeafBytes);
  early.erase(0, kIndexLeafBytes);
  EXPECT_THAT(
      std::string(Audit(LongLog(), source).status().message()),
      AllOf(HasSubstr(absl::StrCat("index root at position ", early_at)), HasSubstr("expected")));
}

TEST(AuditByInsertions, AnInsertionThatNothingCallsForIsNamed) {
  struct Case {
    const char* name;
    std::function<void(TestLog&)> say;
  };
  for (const Case& c :
       {Case{"nothing said", [](TestLog&) {}},
        Case{"a participant's entry", [](TestLog& log) { log.AddKey("maison", "maison 2"); }}}) {
    TestLog log;
    BeginLog(log);
    c.say(log);
    log.InsertIntoIndex(UncalledFor());
    const uint64_t position = log.Commit() - 1;
    MemorySource source(log);
    const absl::Status status = Audit(log, source).status();
    EXPECT_THAT(status, IsRefused(RefusalCode::kBadIndexProof)) << c.name;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(absl::StrCat("index root at position ", position)));
  }
}

TEST(AuditByInsertions, APublicEntryMustBeInTheIndexAsItCallsFor) {
  TestLog log;
  BeginLog(log);
  // As many leaves as statements, and the root is right; but the leaf is another.
  const EntryPlace added = log.AddKey("maison", "maison 2");
  log.DropLastInsertion();
  log.InsertIntoIndex({IndexKind::kParticipantEntry, "maison", 1, IndexEvent::kEntry, added.digest,
                       added.position + 1});
  log.Commit();
  MemorySource source(log);
  const absl::Status status = Audit(log, source).status();
  EXPECT_THAT(status, IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(absl::StrCat("public entry ", added.position)),
                    HasSubstr(DigestToHex(IndexKey(IndexKind::kParticipantEntry, "maison", 1)))));
}

TEST(AuditByInsertions, LeavesOutOfOrderAreNamedThoughTheRootIsTheSame) {
  MemorySource source(LongLog());
  std::string& many = std::prev(source.insertions.end(), 2)->second;
  ASSERT_GE(many.size(), 3 * kIndexLeafBytes);
  const std::string honest = many;
  many = honest.substr(kIndexLeafBytes, kIndexLeafBytes) + honest.substr(0, kIndexLeafBytes) +
         honest.substr(2 * kIndexLeafBytes);
  const absl::Status status = Audit(LongLog(), source).status();
  EXPECT_THAT(status, IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_THAT(std::string(status.message()), HasSubstr("keys that ascend"));
}

TEST(AuditByInsertions, HalfALeafBehindTheOthersIsRefused) {
  MemorySource source(LongLog());
  std::prev(source.insertions.end(), 2)->second += std::string(kIndexLeafBytes / 2, '\xff');
  EXPECT_THAT(Audit(LongLog(), source), IsRefused(RefusalCode::kMalformed));
}

TEST(AuditByInsertions, AKeyIsNotInsertedTwice) {
  TestLog log;
  BeginLog(log);
  log.Care(1, "atelier");
  log.Commit();
  MemorySource source(log);
  // The care record's commit shows the registration's leaves again.
  const auto last = source.insertions.rbegin();
  last->second = std::next(last)->second;
  const absl::Status status = Audit(log, source).status();
  EXPECT_THAT(status, IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_THAT(std::string(status.message()), HasSubstr("never changed"));
}

// Ends the commit with an index root that the registry made up.
void CommitWith(TestLog& log, const std::function<void(IndexRootPayload&, Entry&)>& edit,
                const TestLog& honest) {
  Entry entry = ValueOrDie(DecodeEntry(honest.Frame(log.size())));
  IndexRootPayload payload = ValueOrDie(DecodeIndexRootPayload(entry.payload));
  edit(payload, entry);
  entry.payload = EncodeIndexRootPayload(payload);
  log.AppendFrame(ValueOrDie(EncodeEntry(entry)));
}

// The same log as `honest` with its last index root edited.
absl::Status AuditWithLastRoot(const std::function<void(IndexRootPayload&, Entry&)>& edit) {
  TestLog honest;
  TestLog lying;
  for (TestLog* log : {&honest, &lying}) {
    BeginLog(*log);
    log->Care(1, "atelier");
  }
  honest.Commit();
  CommitWith(lying, edit, honest);
  lying.Commit();  // makes the checkpoint, over everything
  MemorySource source(lying);
  // The commit that TestLog has put behind the made-up one is that one's.
  source.insertions[honest.size() - 1] = honest.InsertionsOf(honest.size() - 1);
  source.insertions[lying.size() - 1] = "";
  return Audit(lying, source).status();
}

TEST(AuditByInsertions, AnIndexRootThatWasNotRecomputedIsNamed) {
  const absl::Status status =
      AuditWithLastRoot([](IndexRootPayload& payload, Entry&) { payload.root[0] ^= 1; });
  EXPECT_THAT(status, IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_THAT(std::string(status.message()), HasSubstr("expected is"));
}

TEST(AuditByInsertions, AnIndexRootThatNamesAnotherBeforeItIsNamed) {
  const absl::Status status =
      AuditWithLastRoot([](IndexRootPayload& payload, Entry&) { --payload.previous_index_root; });
  EXPECT_THAT(status, IsRefused(RefusalCode::kBrokenChain));
}

TEST(AuditByInsertions, TimeThatRunsBackwardsIsNamed) {
  const absl::Status status =
      AuditWithLastRoot([](IndexRootPayload&, Entry& entry) { entry.time_ms -= 3'600'000; });
  EXPECT_THAT(status, IsRefused(RefusalCode::kBrokenChain));
  EXPECT_THAT(std::string(status.message()), HasSubstr("its time"));
}

TEST(AuditByInsertions, AnotherGenesisIsRefused) {
  MemorySource source(LongLog());
  std::string text = LongLog().PolicyText();
  const size_t digit = text.find("genesis ") + 8;
  text[digit] = text[digit] == '0' ? '1' : '0';
  EXPECT_THAT(
      AuditLog(ValueOrDie(TrustPolicy::Parse(text)), source, nullptr, [](uint64_t, uint64_t) {}),
      IsRefused(RefusalCode::kWrongGenesis));
}

TEST(AuditOfARetiredKey, CountsUpToTheRetirementAndNoFurther) {
  TestLog log;
  BeginLog(log);
  const uint64_t earlier = log.size();
  log.Care(1, "atelier");
  log.Commit();
  TestLog::Options options;
  options.log_key = "a new log key";
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(
      TestLog(options).PolicyText({}, absl::StrCat("retired ", log.LogVkey(), " ", log.size(), " ",
                                                   DigestToBase64(log.Root()), "\n"))));
  const auto audit = [&policy](MemorySource& source) {
    return AuditLog(policy, source, nullptr, [](uint64_t, uint64_t) {}).status();
  };
  MemorySource source(log);
  EXPECT_THAT(audit(source), IsOk());
  source.files["checkpoint"] = log.Checkpoint(earlier);
  EXPECT_THAT(audit(source), IsOk());
  source.edit_consistency = [](std::vector<Digest>& path) { path.clear(); };
  EXPECT_THAT(audit(source), IsRefused(RefusalCode::kRetiredKeyUnproven));
  source.edit_consistency = [](std::vector<Digest>& path) { path.front()[0] ^= 1; };
  EXPECT_THAT(audit(source), IsRefused(RefusalCode::kBadConsistencyProof));
}

TEST(AuditOfAnExport, ClaimsThatNothingCallsForAreFoundWithTheContents) {
  TestLog log;
  BeginLog(log);
  log.Register(2, "maison");
  log.InsertIntoIndex(UncalledFor());  // might be one more claim of the registration
  log.Commit();
  MemorySource registry(log);
  EXPECT_THAT(Audit(log, registry), IsOk());
  MemorySource exported(log, /*has_frames=*/true);
  EXPECT_THAT(Audit(log, exported), IsRefused(RefusalCode::kBadIndexProof));
}

// A frame may differ from what was logged in nothing that the rules look at.
TEST(AuditOfAnExport, AFrameThatIsNotTheOneThatWasLoggedIsNamed) {
  MemorySource source(LongLog(), /*has_frames=*/true);
  const uint64_t size = LongLog().size();
  Entry last = ValueOrDie(DecodeEntry(LongLog().Frame(size - 1)));  // the heartbeat
  ++last.time_ms;
  const std::string changed = ValueOrDie(EncodeEntry(last));
  std::vector<absl::string_view> frames;
  for (uint64_t i = 256; i + 1 < size; ++i) frames.push_back(LongLog().Frame(i));
  frames.push_back(changed);
  const TileName name = {std::nullopt, 1, static_cast<uint32_t>(size - 256)};
  source.files["frames of " + FormatTilePath(name)] = ValueOrDie(EncodeEntryBundle(frames));
  const absl::Status status = Audit(LongLog(), source).status();
  EXPECT_THAT(status, IsRefused(RefusalCode::kBadInclusionProof));
  EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("entry ", size - 1)));
}

TEST(AuditOfAnExport, InsertionFilesThatAreNotWhatTheEntriesCallForAreNamed) {
  MemorySource source(LongLog(), /*has_frames=*/true);
  const uint64_t last = std::next(source.insertions.rbegin())->first;
  std::string& leaves = source.insertions[last];
  leaves.append(kIndexLeafBytes, '\xff');
  EXPECT_THAT(std::string(Audit(LongLog(), source).status().message()),
              AllOf(HasSubstr(absl::StrCat("index root at position ", last)),
                    HasSubstr("the entries call for none")));
}

}  // namespace
}  // namespace touchstone::cli
