#include "registry/storage/directory_lock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::HasSubstr;

using Lock = absl::StatusOr<std::unique_ptr<DirectoryLock>>;

TEST(DirectoryLockTest, SecondHolderIsRefusedUntilTheFirstLetsGo) {
  const ScratchDirectory scratch;
  Lock first = DirectoryLock::Acquire(scratch.path());
  ASSERT_TRUE(first.ok()) << first.status();
  Lock second = DirectoryLock::Acquire(scratch.path());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.status().message(), HasSubstr(scratch.path()));
  first->reset();
  EXPECT_TRUE(DirectoryLock::Acquire(scratch.path()).ok());
}

TEST(DirectoryLockTest, OtherProcessIsNamedAndItsDeathLetsGo) {
  const ScratchDirectory scratch;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t holder = fork();
  ASSERT_GE(holder, 0);
  if (holder == 0) {
    Lock lock = DirectoryLock::Acquire(scratch.path());
    const char answer = lock.ok() ? 'y' : 'n';
    if (write(ready[1], &answer, 1) != 1) _exit(1);
    for (;;) pause();
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  Lock refused = DirectoryLock::Acquire(scratch.path());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.status().message(), HasSubstr(absl::StrCat("by process ", holder, ";")));

  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  EXPECT_TRUE(DirectoryLock::Acquire(scratch.path()).ok());
  close(ready[0]);
  close(ready[1]);
}

TEST(DirectoryLockTest, HolderThatIsNotKnownIsNotMadeUp) {
  const ScratchDirectory scratch;
  Lock first = DirectoryLock::Acquire(scratch.path());
  ASSERT_TRUE(first.ok()) << first.status();
  for (const char* text : {"", "-3\n", "twelve\n", "123456789012345678901234567890\n"}) {
    std::ofstream(scratch.File(DirectoryLock::kFileName), std::ios::trunc) << text;
    EXPECT_THAT(DirectoryLock::Acquire(scratch.path()).status().message(),
                HasSubstr("by another process;"));
  }
}

TEST(DirectoryLockTest, WhatAnEarlierHolderLeftIsNoHindrance) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.File(DirectoryLock::kFileName)) << "999999999 and more than it should be";
  Lock lock = DirectoryLock::Acquire(scratch.path());
  ASSERT_TRUE(lock.ok()) << lock.status();
  EXPECT_THAT(DirectoryLock::Acquire(scratch.path()).status().message(),
              HasSubstr(absl::StrCat("by process ", getpid(), ";")));
}

TEST(DirectoryLockTest, MissingDirectoryIsNotFound) {
  const ScratchDirectory scratch;
  Lock lock = DirectoryLock::Acquire(scratch.File("missing"));
  EXPECT_EQ(lock.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(lock.status().message(), HasSubstr("missing"));
}

TEST(DirectoryLockTest, DoesNotFollowASymbolicLink) {
  const ScratchDirectory scratch;
  ASSERT_EQ(symlink("/dev/null", scratch.File(DirectoryLock::kFileName).c_str()), 0);
  EXPECT_EQ(DirectoryLock::Acquire(scratch.path()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace touchstone::storage
