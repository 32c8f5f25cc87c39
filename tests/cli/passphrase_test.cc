#include "cli/passphrase.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signing/key_file_text.h"

namespace touchstone::cli {
namespace {

using storage::ScratchDirectory;
using ::testing::HasSubstr;

class PassphraseFileTest : public ::testing::Test {
 protected:
  PassphraseFileTest() { unsetenv("TOUCHSTONE_PASSPHRASE_FILE"); }
  ~PassphraseFileTest() override { unsetenv("TOUCHSTONE_PASSPHRASE_FILE"); }

  std::string Write(const std::string& contents, mode_t mode = 0600) {
    const std::string path = scratch_.File("passphrase");
    std::ofstream(path, std::ios::trunc) << contents;
    chmod(path.c_str(), mode);
    return path;
  }

  const ScratchDirectory scratch_;
};

TEST_F(PassphraseFileTest, TakesTheFirstLine) {
  for (const char* contents :
       {"correct horse", "correct horse\n", "correct horse\r\n", "correct horse\nsecond line\n"}) {
    EXPECT_EQ(ValueOrDie(GetPassphrase(Write(contents), "x")).ExposeText(), "correct horse");
    EXPECT_EQ(ValueOrDie(GetNewPassphrase(Write(contents), "x")).ExposeText(), "correct horse");
  }
}

TEST_F(PassphraseFileTest, IsNamedByTheEnvironmentToo) {
  setenv("TOUCHSTONE_PASSPHRASE_FILE", Write("battery").c_str(), 1);
  EXPECT_EQ(ValueOrDie(GetPassphrase("", "x")).ExposeText(), "battery");
}

TEST_F(PassphraseFileTest, MustBePrivateAndHoldSomething) {
  EXPECT_EQ(GetPassphrase(Write("p", 0644), "x").status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetPassphrase(Write(""), "x").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetPassphrase(Write("\nsecond"), "x").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetPassphrase(Write(std::string(kPassphraseBytesMax + 3, 'p')), "x").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetPassphrase(scratch_.File("nothing"), "x").status().code(),
            absl::StatusCode::kNotFound);
}

// A child before a terminal of its own, which types what the test writes and sees what it prints.
class TypedPassphraseTest : public ::testing::Test {
 protected:
  // Runs `child` there; its result is the exit status.
  template <typename Child>
  void Start(Child child) {
    pid_ = forkpty(&keyboard_, nullptr, nullptr, nullptr);
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) {
      unsetenv("TOUCHSTONE_PASSPHRASE_FILE");
      _exit(child());
    }
  }

  void Type(const std::string& text) {
    ASSERT_EQ(write(keyboard_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  // Reads until `text` was printed.
  void AwaitOutput(const std::string& text) {
    while (!absl::StrContains(output_.substr(seen_), text)) {
      char portion[256];
      const ssize_t got = read(keyboard_, portion, sizeof(portion));
      ASSERT_GT(got, 0) << "the child printed only: " << output_;
      output_.append(portion, static_cast<size_t>(got));
    }
    seen_ = output_.find(text, seen_) + text.size();
  }

  bool EchoIsOn() const {
    termios settings;
    return tcgetattr(keyboard_, &settings) == 0 && (settings.c_lflag & ECHO) != 0;
  }

  int AwaitEnd() {
    // What is still printed would block the child's end.
    char portion[256];
    ssize_t got = 0;
    while ((got = read(keyboard_, portion, sizeof(portion))) > 0) {
      output_.append(portion, static_cast<size_t>(got));
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    close(keyboard_);
    return status;
  }

  pid_t pid_ = -1;
  int keyboard_ = -1;
  std::string output_;
  size_t seen_ = 0;
};

TEST_F(TypedPassphraseTest, IsNotShown) {
  Start([] {
    const absl::StatusOr<SecretBytes> typed = GetPassphrase("", "anna.key");
    return typed.ok() && typed->ExposeText() == "correct horse" ? 0 : 1;
  });
  AwaitOutput("Passphrase for anna.key: ");
  EXPECT_FALSE(EchoIsOn());
  Type("correct horse\n");
  EXPECT_EQ(AwaitEnd(), 0);
  EXPECT_FALSE(absl::StrContains(output_, "horse"));
}

TEST_F(TypedPassphraseTest, NewOneIsAskedForUntilBothAgree) {
  Start([] {
    const absl::StatusOr<SecretBytes> typed = GetNewPassphrase("", "anna.key");
    return typed.ok() && typed->ExposeText() == "second try" ? 0 : 1;
  });
  AwaitOutput("New passphrase for anna.key: ");
  Type("first try\n");
  AwaitOutput("The same again: ");
  Type("frist try\n");
  AwaitOutput("differ");
  AwaitOutput("New passphrase for anna.key: ");
  Type("second try\n");
  AwaitOutput("The same again: ");
  Type("second try\n");
  EXPECT_EQ(AwaitEnd(), 0);
}

TEST_F(TypedPassphraseTest, EndOfInputIsNoPassphrase) {
  Start([] {
    return GetPassphrase("", "x").status().code() == absl::StatusCode::kCancelled ? 0 : 1;
  });
  AwaitOutput(": ");
  Type("\x04");
  EXPECT_EQ(AwaitEnd(), 0);
}

TEST_F(TypedPassphraseTest, TooLongIsRefusedWhole) {
  Start([] {
    return GetPassphrase("", "x").status().code() == absl::StatusCode::kInvalidArgument ? 0 : 1;
  });
  AwaitOutput(": ");
  Type(std::string(kPassphraseBytesMax + 1, 'p') + "\n");
  EXPECT_EQ(AwaitEnd(), 0);
}

TEST_F(TypedPassphraseTest, SignalRestoresTheTerminalBeforeItActs) {
  Start([] {
    static_cast<void>(GetPassphrase("", "x"));
    return 0;
  });
  AwaitOutput(": ");
  ASSERT_FALSE(EchoIsOn());
  ASSERT_EQ(kill(pid_, SIGTERM), 0);
  // The line's end is printed while the settings are still the old ones; then the child ends.
  int status = 0;
  ASSERT_EQ(waitpid(pid_, &status, 0), pid_);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
  EXPECT_TRUE(EchoIsOn());
  close(keyboard_);
}

TEST_F(TypedPassphraseTest, WithoutATerminalSaysWhatToDo) {
  const pid_t child = fork();
  if (child == 0) {
    setsid();  // no controlling terminal any more
    unsetenv("TOUCHSTONE_PASSPHRASE_FILE");
    const absl::Status status = GetPassphrase("", "x").status();
    _exit(status.code() == absl::StatusCode::kFailedPrecondition &&
                  absl::StrContains(status.message(), "--passphrase-file")
              ? 0
              : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace touchstone::cli
