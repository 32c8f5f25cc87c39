// Disks that are full or read-only: clear words for clients and for the operator, and nothing that
// was acknowledged is lost once there is room again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "tests/end_to_end/load.h"
#include "tests/end_to_end/site.h"
#include "tests/end_to_end/small_disk.h"
#include "tests/end_to_end/still_there.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kExitCouldNotStart = 1;
constexpr int kExitCommitFailed = 70;

class DiskTest : public ::testing::Test {
 protected:
  // The data lies on the small disk, the guard does not.
  void SetUp() override {
    std::filesystem::create_directory(site_.Outside("disk"));
    auto disk = SmallDisk::Mount(site_.Outside("disk"), size_t{64} << 20);
    if (!disk.ok()) {
      GTEST_SKIP() << "needs a small disk of its own, and this machine allows none: "
                   << disk.status().message();
    }
    disk_ = *std::move(disk);
    data_ = {"--data", disk_->File("data")};
  }

  Site site_;
  std::unique_ptr<SmallDisk> disk_;
  Arguments data_;
};

TEST_F(DiskTest, AFullDiskStopsTheRegistryAndLosesNothing) {
  auto registry = site_.StartRegistry(data_);
  site_.EnrolMaison();
  Load load(site_, 3);
  load.MoveTo(site_.address());
  ASSERT_TRUE(load.AwaitAcknowledged(100));
  disk_->FillUpTo(size_t{128} << 10);

  EXPECT_EQ(registry->Wait(), kExitCommitFailed) << registry->err();
  EXPECT_THAT(registry->err(),
              AllOf(HasSubstr("(commit_failed)"), HasSubstr("No space left on device")));
  const absl::Status failure = load.AwaitFailure();
  load.MoveAway();
  EXPECT_THAT(failure.code(), AnyOf(absl::StatusCode::kUnknown, absl::StatusCode::kUnavailable));
  // The operator's paths are none of a client's business.
  EXPECT_THAT(std::string(failure.message()), Not(HasSubstr(site_.Outside(""))));

  // Still no room: it says so, and does not serve.
  disk_->FillUpTo(0);
  Program full(site_.RegistryCommand(data_));
  EXPECT_EQ(full.Wait(), kExitCouldNotStart) << full.err();
  EXPECT_THAT(full.err(), AllOf(HasSubstr("--data"), HasSubstr("No space left on device")));

  disk_->Free();
  registry = site_.StartRegistry(data_);
  load.MoveTo(site_.address());
  ASSERT_TRUE(load.AwaitAcknowledged(load.acknowledged_count() + 50));
  load.Stop();
  EXPECT_THAT(load.complaints(), IsEmpty());
  ExpectAllStillThere(site_, load.acknowledged());
  ExpectPassportsHold(site_, load.acknowledged());
  Site::Stop(std::move(registry));
  EXPECT_THAT(site_.ExportAndAudit(data_), HasSubstr("Nothing disagrees"));
}

TEST_F(DiskTest, AReadOnlyDiskIsNamedAtTheStart) {
  auto registry = site_.StartRegistry(data_);
  Site::Stop(std::move(registry));
  ASSERT_THAT(disk_->MakeReadOnly(), IsOk());
  Program refused(site_.RegistryCommand(data_));
  EXPECT_EQ(refused.Wait(), kExitCouldNotStart) << refused.err();
  EXPECT_THAT(refused.err(), AllOf(HasSubstr("--data"), HasSubstr(disk_->File("data")),
                                   HasSubstr("Read-only file system")));
  ASSERT_THAT(disk_->MakeWritable(), IsOk());
  Site::Stop(site_.StartRegistry(data_));
}

TEST_F(DiskTest, AGuardOnAReadOnlyDiskIsNamedAtTheStart) {
  const Arguments guard = {"--guard", disk_->File("guard")};
  Site::Stop(site_.StartRegistry(guard));
  ASSERT_THAT(disk_->MakeReadOnly(), IsOk());
  Program refused(site_.RegistryCommand(guard));
  EXPECT_EQ(refused.Wait(), kExitCouldNotStart) << refused.err();
  EXPECT_THAT(refused.err(), AllOf(HasSubstr("--guard"), HasSubstr(disk_->File("guard")),
                                   HasSubstr("Read-only file system")));
  ASSERT_THAT(disk_->MakeWritable(), IsOk());
  Site::Stop(site_.StartRegistry(guard));
}

}  // namespace
}  // namespace touchstone::end_to_end
