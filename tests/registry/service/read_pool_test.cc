#include "registry/service/read_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"

namespace touchstone::service {
namespace {

TEST(ReadPool, RunsWhatItTook) {
  std::atomic<int> ran = 0;
  {
    ReadPool pool(3, 100);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(pool.TryRun([&ran] { ++ran; }));
  }
  EXPECT_EQ(ran, 100);
}

TEST(ReadPool, TurnsAwayWhatIsTooMuchAndRecovers) {
  ReadPool pool(2, 3);
  absl::Notification go;
  absl::BlockingCounter running(2);
  absl::BlockingCounter ended(5);
  const auto task = [&] {
    go.WaitForNotification();
    ended.DecrementCount();
  };
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(pool.TryRun([&] {
      running.DecrementCount();
      task();
    }));
  }
  running.Wait();  // both threads are busy: what comes now waits
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.TryRun(task));
  EXPECT_FALSE(pool.TryRun(task));
  EXPECT_FALSE(pool.TryRun(task));
  go.Notify();
  ended.Wait();
  EXPECT_TRUE(pool.TryRun([] {}));
}

TEST(ReadPool, RunsThingsThatOnlyMove) {
  auto value = std::make_unique<int>(7);
  int seen = 0;
  {
    ReadPool pool(1, 1);
    EXPECT_TRUE(pool.TryRun([value = std::move(value), &seen] { seen = *value; }));
  }
  EXPECT_EQ(seen, 7);
}

}  // namespace
}  // namespace touchstone::service
