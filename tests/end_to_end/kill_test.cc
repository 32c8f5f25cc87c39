// The registry is killed twenty times while many clients write to it: what it has acknowledged is
// there for ever, and what it has signed is never contradicted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/log_continuity.h"
#include "tests/end_to_end/load.h"
#include "tests/end_to_end/site.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/verify_passport.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kCallers = 3;
constexpr int kKills = 20;

// Asks for every acknowledged entry again, by submitting its envelope again.
void ExpectAllStillThere(const Site& site, const std::vector<Acknowledged>& acknowledged) {
  const TrustPolicy policy = site.Policy();
  std::set<uint64_t> answered;
  std::set<uint64_t> positions;
  size_t sent = 0;
  const absl::Status stream = site.Client()->SubmitStream(
      [&](cli::RegistryClient::TaggedEnvelope* item) {
        if (sent == acknowledged.size()) return false;
        item->tag = sent;
        item->envelope = acknowledged[sent++].envelope.bytes();
        return true;
      },
      [&](uint64_t tag, const absl::StatusOr<std::string>& receipt) {
        answered.insert(tag);
        const Acknowledged& first = acknowledged[tag];
        ASSERT_THAT(receipt, IsOk());
        const auto again = VerifyReceipt(policy, *receipt, first.envelope);
        ASSERT_THAT(again, IsOk());
        EXPECT_EQ(again->place.position, first.receipt.place.position);
        EXPECT_EQ(again->place.digest, first.receipt.place.digest);
        EXPECT_EQ(again->place.time_ms, first.receipt.place.time_ms);
        EXPECT_EQ(again->number, first.receipt.number);
        positions.insert(again->place.position);
      });
  EXPECT_THAT(stream, IsOk());
  EXPECT_EQ(answered.size(), acknowledged.size());
  EXPECT_EQ(positions.size(), acknowledged.size());
}

// Every passport verifies, and holds all that was acknowledged of it.
void ExpectPassportsHold(const Site& site, const std::vector<Acknowledged>& acknowledged) {
  std::map<std::string, std::map<uint32_t, Digest>> entries;
  for (const Acknowledged& one : acknowledged) {
    entries[one.receipt.subject.bytes][one.receipt.number] = one.receipt.place.digest;
  }
  const TrustPolicy policy = site.Policy();
  const auto client = site.Client();
  for (const auto& [id, numbers] : entries) {
    const auto file = client->GetPassportById(id);
    ASSERT_THAT(file, IsOk());
    const auto record = CheckPassport(policy, *file, {}, 0);
    ASSERT_THAT(record, IsOk());
    for (const auto& [number, digest] : numbers) {
      ASSERT_LT(number, record->timeline.size());
      EXPECT_EQ(record->timeline[number].place.digest, digest);
    }
  }
}

// Whatever was signed on the way is a prefix of what is signed now.
void ExpectOneHistory(const Site& site, const std::map<uint64_t, Digest>& checkpoints) {
  const VerifiedCheckpoint newest = site.NewestCheckpoint();
  const auto client = site.Client();
  for (const auto& [size, root] : checkpoints) {
    EXPECT_THAT(cli::CheckLogGoesOn(*client, {size, root},
                                    {newest.checkpoint.size(), newest.checkpoint.root()}),
                IsOk())
        << size;
  }
}

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
