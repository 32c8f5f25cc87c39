// Pages of a source that are not what was asked for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "cli/audit/audit.h"
#include "tests/cli/audit/long_log.h"
#include "tests/cli/audit/memory_source.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::HasSubstr;

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
