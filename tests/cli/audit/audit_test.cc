#include "cli/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/cli/audit/memory_source.h"
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

// More than one tile.
const TestLog& LongLog() {
  static const TestLog& log = []() -> const TestLog& {
    auto& made = *new TestLog;
    BeginLog(made);
    for (int i = 2; made.size() < 290; ++i) {
      made.Register(i, "maison");
      if (i % 100 == 0) made.Commit();
    }
    made.Commit();
    made.Commit();  // a heartbeat
    return made;
  }();
  return log;
}

absl::StatusOr<AuditReport> Audit(const TestLog& log, LogSource& source) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(log.PolicyText()));
  return AuditLog(policy, source, nullptr, [](uint64_t, uint64_t) {});
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

TEST(AuditOfAnExport, InsertionFilesThatAreNotWhatTheEntriesCallForAreNamed) {
  MemorySource source(LongLog(), /*has_frames=*/true);
  const uint64_t last = std::next(source.insertions.rbegin())->first;
  std::string& leaves = source.insertions[last];
  leaves.append(kIndexLeafBytes, '\xff');
  EXPECT_THAT(std::string(Audit(LongLog(), source).status().message()),
              AllOf(HasSubstr(absl::StrCat("index root at position ", last)),
                    HasSubstr("the entries call for none")));
}

// ---- Pages that are not what was asked for. ----

TEST(AuditPages, OutOfOrderOrWithoutProgressAreRefused) {
  struct Case {
    const char* name;
    std::function<void(uint64_t, InsertionsPage&)> edit;
  };
  const std::vector<Case> cases = {
      {"empty", [](uint64_t, InsertionsPage& page) { page.commits.clear(); }},
      {"does not advance",
       [](uint64_t first, InsertionsPage& page) { page.next_position = first; }},
      {"goes back", [](uint64_t, InsertionsPage& page) { page.next_position = 0; }},
      {"the first page for ever",
       [first_page = InsertionsPage()](uint64_t first, InsertionsPage& page) mutable {
         if (first == 0) first_page = page;
         page = first_page;
       }},
      {"reversed",
       [](uint64_t, InsertionsPage& page) {
         std::reverse(page.commits.begin(), page.commits.end());
       }},
      {"one twice",
       [](uint64_t, InsertionsPage& page) { page.commits.push_back(page.commits.back()); }},
      {"a position that cannot be",
       [](uint64_t, InsertionsPage& page) {
         page.commits.back().index_root_position = UINT64_MAX;
         page.next_position = UINT64_MAX;
       }},
      {"a gap", [](uint64_t, InsertionsPage& page) { page.commits.erase(page.commits.begin()); }},
      {"claims the rest is empty",
       [](uint64_t, InsertionsPage& page) {
         page.commits.resize(1);
         page.next_position = UINT64_MAX;
       }},
      {"half a leaf", [](uint64_t, InsertionsPage& page) { page.commits[0].leaves.pop_back(); }},
      {"a commit where there is none",
       [](uint64_t first, InsertionsPage& page) {
         if (first == 0) page.commits[0].index_root_position = 0;
       }},
  };
  for (const Case& c : cases) {
    MemorySource source(LongLog());
    source.edit_insertions = c.edit;
    const absl::Status status = Audit(LongLog(), source).status();
    EXPECT_TRUE(RefusalCodeOf(status).has_value()) << c.name << ": " << status;
    EXPECT_LT(source.pages_asked, 20) << c.name;
  }
}

TEST(AuditPages, PublicEntriesOutOfOrderOrUnreadableAreRefused) {
  struct Case {
    const char* name;
    std::function<void(uint64_t, PublicEntries&)> edit;
  };
  const std::vector<Case> cases = {
      {"empty", [](uint64_t, PublicEntries& page) { page.entries.clear(); }},
      {"does not advance", [](uint64_t first, PublicEntries& page) { page.next_position = first; }},
      {"no frame", [](uint64_t, PublicEntries& page) { page.entries.back() = "TSE1"; }},
      {"one twice",
       [](uint64_t, PublicEntries& page) { page.entries.push_back(page.entries.back()); }},
      {"the genesis left out",
       [](uint64_t first, PublicEntries& page) {
         if (first == 0) page.entries.erase(page.entries.begin());
       }},
  };
  for (const Case& c : cases) {
    MemorySource source(LongLog());
    source.edit_entries = c.edit;
    const absl::Status status = Audit(LongLog(), source).status();
    EXPECT_TRUE(RefusalCodeOf(status).has_value()) << c.name << ": " << status;
    EXPECT_LT(source.pages_asked, 20) << c.name;
  }
}

TEST(AuditPages, APassportsEntryIsNotPublic) {
  MemorySource source(LongLog());
  source.public_entries[5] = LongLog().Frame(5);  // the first registration
  EXPECT_THAT(std::string(Audit(LongLog(), source).status().message()),
              HasSubstr("public entry 5: is of a passport"));
}

TEST(AuditPages, AnIndexRootOfAnotherTimeThanTheLogsIsRefused) {
  MemorySource source(LongLog());
  Entry entry = ValueOrDie(DecodeEntry(source.public_entries.rbegin()->second));
  ++entry.time_ms;
  source.public_entries.rbegin()->second = ValueOrDie(EncodeEntry(entry));
  EXPECT_THAT(Audit(LongLog(), source), IsRefused(RefusalCode::kBadInclusionProof));
}

// A registry goes on while it is audited: its pages may hold what the checkpoint does not cover.
TEST(AuditPages, WhatLiesBehindTheCheckpointIsLeftForLater) {
  TestLog log;
  BeginLog(log);
  const std::string then = log.Checkpoint();
  const uint64_t size = log.size();
  log.Care(1, "atelier");
  log.Commit();
  MemorySource source(log);
  source.files["checkpoint"] = then;
  const absl::StatusOr<AuditReport> report = Audit(log, source);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->checked.size(), size);
}

}  // namespace
}  // namespace touchstone::cli
