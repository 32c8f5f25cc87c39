// SIGTERM while many clients write: what was taken is answered, the rest is told to come again, and
// the registry ends properly, every time.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/end_to_end/load.h"
#include "tests/end_to_end/site.h"
#include "tests/end_to_end/still_there.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

TEST(DrainTest, StoppedUnderLoadItAnswersWhatItHasTaken) {
  Site site;
  auto registry = site.StartRegistry();
  site.EnrolMaison();
  Load load(site, 3);
  load.MoveTo(site.address());
  for (int stop = 0; stop < 4; ++stop) {
    ASSERT_TRUE(load.AwaitAcknowledged(load.acknowledged_count() + 60)) << registry->err();
    Site::Stop(std::move(registry));
    load.MoveAway();
    registry = site.StartRegistry();
    load.MoveTo(site.address());
  }
  ASSERT_TRUE(load.AwaitAcknowledged(load.acknowledged_count() + 60)) << registry->err();
  load.Stop();
  EXPECT_THAT(load.complaints(), IsEmpty());
  // Nobody was left without knowing: that is for crashes.
  EXPECT_THAT(load.failures(), Not(IsEmpty()));
  EXPECT_THAT(load.failures(), Each(Key(absl::StatusCode::kUnavailable)));
  ExpectAllStillThere(site, load.acknowledged());
  Site::Stop(std::move(registry));
  EXPECT_THAT(site.ExportAndAudit(), HasSubstr("Nothing disagrees"));
}

}  // namespace
}  // namespace touchstone::end_to_end
