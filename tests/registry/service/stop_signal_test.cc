#include "registry/service/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

namespace touchstone::service {
namespace {

TEST(StopSignal, ReportsSignalsOneByOneAndFailuresForGood) {
  const auto stop = StopSignal::Install();
  ASSERT_TRUE(stop.ok()) << stop.status();
  StopReason reason = StopReason::kFailed;
  EXPECT_FALSE((*stop)->WaitFor(absl::ZeroDuration(), &reason));

  kill(getpid(), SIGTERM);
  EXPECT_EQ((*stop)->Wait(), StopReason::kAsked);
  EXPECT_FALSE((*stop)->WaitFor(absl::ZeroDuration(), &reason));
  kill(getpid(), SIGINT);
  EXPECT_EQ((*stop)->Wait(), StopReason::kAsked);
  kill(getpid(), SIGPIPE);  // a client that hung up ends nothing
  EXPECT_FALSE((*stop)->WaitFor(absl::ZeroDuration(), &reason));

  std::thread other([&] { (*stop)->Fail(); });
  EXPECT_EQ((*stop)->Wait(), StopReason::kFailed);
  other.join();
  kill(getpid(), SIGTERM);
  EXPECT_EQ((*stop)->Wait(), StopReason::kFailed);
}

}  // namespace
}  // namespace touchstone::service
