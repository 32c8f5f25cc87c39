// The registry is killed twenty times while many clients write to it: what it has acknowledged is
// there for ever, and what it has signed is never contradicted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/end_to_end/load.h"
#include "tests/end_to_end/site.h"
#include "tests/end_to_end/still_there.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kCallers = 3;
constexpr int kKills = 20;

TEST(KillTest, NothingAcknowledgedIsLostInTwentyKills) {
  Site site;
  auto registry = site.StartRegistry();
  site.EnrolMaison();
  std::map<uint64_t, Digest> checkpoints;
  const auto see = [&](uint64_t size, const Digest& root) {
    const auto [at, is_new] = checkpoints.emplace(size, root);
    EXPECT_EQ(at->second, root) << "two roots of the log with " << size << " entries";
  };

  const auto seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("random seed ", seed));
  std::mt19937 random(seed);
  Load load(site, kCallers);
  load.MoveTo(site.address());
  for (int kill = 0; kill < kKills; ++kill) {
    ASSERT_TRUE(load.AwaitAcknowledged(load.acknowledged_count() + 1 + random() % 120))
        << registry->err();
    registry->Signal(SIGKILL);
    EXPECT_EQ(registry->Wait(), 128 + SIGKILL);
    load.MoveAway();
    // One time in four it is killed once more while it starts.
    if (kill % 4 == 3) {
      Program starting(site.RegistryCommand());
      starting.EndsWithin(std::chrono::milliseconds(random() % 150));
      starting.Signal(SIGKILL);
      EXPECT_EQ(starting.Wait(), 128 + SIGKILL) << starting.err();
    }
    registry = site.StartRegistry();
    const VerifiedCheckpoint found = site.NewestCheckpoint();
    see(found.checkpoint.size(), found.checkpoint.root());
    EXPECT_EQ(checkpoints.rbegin()->first, found.checkpoint.size()) << "a checkpoint went back";
    EXPECT_GE(found.checkpoint.size(), load.newest_log_size()) << "a checkpoint went back";
    load.MoveTo(site.address());
  }
  load.Stop();

  EXPECT_THAT(load.complaints(), IsEmpty());
  EXPECT_FALSE(load.failures().empty()) << "no kill was noticed by any client";
  for (const Acknowledged& one : load.acknowledged()) {
    see(one.receipt.log_size, one.receipt.log_root);
  }
  ExpectAllStillThere(site, load.acknowledged());
  ExpectPassportsHold(site, load.acknowledged());
  ExpectOneHistory(site, checkpoints);
  Site::Stop(std::move(registry));
  EXPECT_THAT(site.ExportAndAudit(), HasSubstr("Nothing disagrees"));
  RecordProperty("acknowledged", static_cast<int>(load.acknowledged().size()));
  RecordProperty("checkpoints", static_cast<int>(checkpoints.size()));
}

}  // namespace
}  // namespace touchstone::end_to_end
