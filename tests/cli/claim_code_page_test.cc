#include "cli/claim_code_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "cli/controlling_terminal.h"
#include "tests/cli/temporary_directory.h"
#include "tests/support/sample_statement.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kCode[] = "CLAIM-0004-1061-050R-3GG2-8A1C-60T3-GF5E";

PassportId Id(int number) { return ValueOrDie(PassportId::FromBytes(TestPassportId(number))); }

std::string TextOf(const ClaimCode& code) {
  const SecretBytes text = ValueOrDie(code.Format());
  return std::string(text.ExposeText());
}

std::string Contents(const std::string& path) {
  std::ostringstream contents;
  contents << std::ifstream(path).rdbuf();
  return contents.str();
}

TEST(ClaimCodePageTest, IsPrivateAndReadAgain) {
  const TemporaryDirectory scratch;
  const std::string path = scratch.Path("code.txt");
  const ClaimCode made = ValueOrDie(CreateClaimCodePage(path, "Ring\nCode  \x1b[2J", Id(1)));
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const std::string page = Contents(path);
  EXPECT_THAT(page, HasSubstr("\nPiece     Ring?Code  ?[2J\n"));
  EXPECT_THAT(page, HasSubstr("\nPassport  " + Id(1).Format() + "\n"));
  EXPECT_THAT(page, HasSubstr("\nCode      " + TextOf(made) + "\n"));
  EXPECT_EQ(TextOf(ValueOrDie(ReadClaimCodePage(path, Id(1)))), TextOf(made));
  EXPECT_EQ(TextOf(ValueOrDie(GetClaimCode(path, Id(1)))), TextOf(made));
}

TEST(ClaimCodePageTest, IsNeverReplacedNorAnotherPieces) {
  const TemporaryDirectory scratch;
  const std::string path = scratch.Path("code.txt");
  const ClaimCode made = ValueOrDie(CreateClaimCodePage(path, "Ring", Id(1)));
  EXPECT_TRUE(absl::IsAlreadyExists(CreateClaimCodePage(path, "Ring", Id(1)).status()));
  EXPECT_EQ(TextOf(ValueOrDie(ReadClaimCodePage(path, Id(1)))), TextOf(made));
  for (const absl::Status& refused :
       {ReadClaimCodePage(path, Id(2)).status(), GetClaimCode(path, Id(2)).status()}) {
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr(TextOf(made).substr(6, 9))));
  }
  const std::string other = scratch.Write("other", "something of mine\n");
  ASSERT_EQ(chmod(other.c_str(), 0600), 0);
  EXPECT_TRUE(absl::IsAlreadyExists(ReadClaimCodePage(other, Id(1)).status()));
}

TEST(ClaimCodePageTest, TakesAFileWithNothingButTheCode) {
  const TemporaryDirectory scratch;
  const std::string path = scratch.Write("code", "\n claim 0004 1061 050r 3gg2 8a1c 60t3 gf5e\r\n");
  EXPECT_TRUE(absl::IsPermissionDenied(GetClaimCode(path, Id(1)).status()));
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(TextOf(ValueOrDie(GetClaimCode(path, Id(1)))), kCode);
}

// A child before a terminal of its own.
class TypedClaimCodeTest : public ::testing::Test {
 protected:
  template <typename Child>
  void Start(Child child) {
    pid_ = forkpty(&keyboard_, nullptr, nullptr, nullptr);
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) _exit(child());
  }
  void Type(const std::string& text) {
    ASSERT_EQ(write(keyboard_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void AwaitOutput(const std::string& text) {
    while (!absl::StrContains(output_.substr(seen_), text)) {
      char portion[256];
      const ssize_t got = read(keyboard_, portion, sizeof(portion));
      ASSERT_GT(got, 0) << "the child printed only: " << output_;
      output_.append(portion, static_cast<size_t>(got));
    }
    seen_ = output_.find(text, seen_) + text.size();
  }
  int AwaitEnd() {
    char portion[256];
    for (ssize_t got = 0; (got = read(keyboard_, portion, sizeof(portion))) > 0;) {
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

TEST_F(TypedClaimCodeTest, IsAskedForAgainWhenMistyped) {
  Start([] {
    const absl::StatusOr<ClaimCode> code = GetClaimCode("", Id(1));
    return code.ok() && TextOf(*code) == kCode ? 0 : 1;
  });
  AwaitOutput("Claim code");
  Type("0004-1061-050R-3GG2-8A1C-60T3-GF5F\n");
  AwaitOutput("one is mistyped");
  AwaitOutput("Claim code");
  Type("0004-lo61-o5or-3gg2-8a1c-60t3-gf5e\n");
  EXPECT_EQ(AwaitEnd(), 0);
  EXPECT_THAT(output_, Not(HasSubstr("050R")));
  EXPECT_THAT(output_, Not(HasSubstr("3gg2")));
}

TEST_F(TypedClaimCodeTest, IsShownWhenAskedFor) {
  Start([] { return ShowClaimCode(ValueOrDie(ClaimCode::Parse(kCode))).ok() ? 0 : 1; });
  EXPECT_EQ(AwaitEnd(), 0);
  EXPECT_THAT(output_, HasSubstr(kCode));
}

TEST_F(TypedClaimCodeTest, ConfirmingIsAYes) {
  Start([] { return ControllingTerminal().Confirms("Sign it?") ? 0 : 1; });
  AwaitOutput("Sign it? [y/N] ");
  Type("Yes\n");
  EXPECT_EQ(AwaitEnd(), 0);
}

TEST_F(TypedClaimCodeTest, AnythingElseIsANo) {
  Start([] { return ControllingTerminal().Confirms("Sign it?") ? 1 : 0; });
  AwaitOutput("Sign it? [y/N] ");
  Type("\n");
  EXPECT_EQ(AwaitEnd(), 0);
}

}  // namespace
}  // namespace touchstone::cli
